"""How the questions of a test do: who sees it, from how many people on, and what it says."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import Cohort, Enrolment
from courses.services.attempts import record_answer
from courses.services.enrolments import enrol, withdraw
from courses.services.progress import refresh
from people.models import Role
from people.services.roles import grant_role
from tests.factories import (
    ActivityFactory,
    OrganisationFactory,
    PersonFactory,
    asked_of,
    right_answer,
    wrong_answer,
)

pytestmark = pytest.mark.django_db
STATEMENTS = [
    {
        "id": f"v{number}",
        "kind": "true_false",
        "fields": {
            "statement": f"Stelling {number}.",
            "right": "false",
            "feedback_true": "Kijk nog eens.",
            "feedback_false": "Zo is het.",
        },
    }
    for number in range(4)
]


@pytest.fixture
def quiz(site):
    fields = {"question": "Over alles.", "questions": STATEMENTS, "draw": 4, "pass_score": 2, "attempts": 0}
    return ActivityFactory(lesson=site.lesson, kind="quiz", fields=fields)


@pytest.fixture
def cohort(site):
    return Cohort.objects.create(course=site.course, name="Ede", region="Ede")


@pytest.fixture
def organisation(site):
    return site.course.programme.organisation


@pytest.fixture
def makes(site, quiz, cohort, now):
    """So many learners of the group make the test, the first half of them right."""

    def make(count, group=cohort):
        version = quiz.versions.get()
        for number in range(count):
            enrolment = enrol(
                learner=PersonFactory(), course=site.course, cohort=group, alias=f"L{number}", now=now
            )
            answer = right_answer if number < count / 2 else wrong_answer
            data = answer(asked_of(enrolment, version))
            record_answer(enrolment=enrolment, version=version, data=data, uuid=uuid.uuid4(), now=now)
            refresh(enrolment=enrolment, activity_id=quiz.pk, now=now)

    return make


@pytest.fixture
def trainer(cohort, organisation, client, now):
    person = PersonFactory()
    grant_role(user=person, role=Role.TRAINER, organisation=organisation, region="", now=now)
    cohort.trainers.add(person)
    client.force_login(person)
    return person


def path(quiz):
    return reverse("questions", args=[quiz.pk])


def test_a_trainer_sees_every_question_with_its_numbers(quiz, makes, trainer, client):
    makes(6)
    response = client.get(path(quiz))
    html = response.content.decode()
    assert response.status_code == 200
    assert [line.text for line in response.context["report"].lines] == [f"Stelling {n}." for n in range(4)]
    assert html.count("50%") == 4
    assert (response.context["report"].learners, response.context["report"].tries) == (6, 6)


def test_under_five_people_there_are_no_numbers(quiz, makes, trainer, client):
    makes(4)
    response = client.get(path(quiz))
    assert response.status_code == 200
    assert response.context["report"].lines == []
    assert "Stelling" not in response.content.decode()


def test_a_question_that_few_were_asked_shows_no_numbers(site, cohort, trainer, client, now):
    fields = {"question": "Over alles.", "questions": STATEMENTS, "draw": 1, "pass_score": 1, "attempts": 0}
    quiz = ActivityFactory(lesson=site.lesson, kind="quiz", fields=fields)
    version = quiz.versions.get()
    for number in range(5):
        learner = PersonFactory()
        enrolment = enrol(learner=learner, course=site.course, cohort=cohort, alias=f"L{number}", now=now)
        data = wrong_answer(asked_of(enrolment, version))
        record_answer(enrolment=enrolment, version=version, data=data, uuid=uuid.uuid4(), now=now)
    report = client.get(path(quiz))
    few = [line for line in report.context["report"].lines if line.statistics.learners < 5]
    assert few
    if len(few) == len(report.context["report"].lines):
        assert "0%" not in report.content.decode()


def test_only_learners_in_ones_care_count(site, quiz, makes, trainer, client, now):
    makes(5)
    makes(3, group=Cohort.objects.create(course=site.course, name="Arnhem", region="Arnhem"))
    withdraw(enrolment=Enrolment.objects.filter(alias="L4", cohort__name="Ede").get(), now=now)
    assert client.get(path(quiz)).context["report"].learners == 4


def test_a_coordinator_sees_the_whole_organisation(site, quiz, makes, organisation, client, now):
    makes(5)
    makes(3, group=None)
    person = PersonFactory()
    grant_role(user=person, role=Role.COORDINATOR, organisation=organisation, region="", now=now)
    client.force_login(person)
    assert client.get(path(quiz)).context["report"].learners == 8


@pytest.mark.parametrize("role", [Role.TRAINER, Role.COORDINATOR, Role.EDITOR, None])
def test_nobody_else_finds_it(role, quiz, makes, client, now):
    makes(6)
    person = PersonFactory()
    if role:
        grant_role(user=person, role=role, organisation=OrganisationFactory(), region="", now=now)
    client.force_login(person)
    assert client.get(path(quiz)).status_code == 404


def test_what_is_no_test_is_not_found(site, makes, trainer, client):
    makes(5)
    for number in (site.question.pk, 10**30):
        assert client.get(reverse("questions", args=[number])).status_code == 404


def test_the_page_tells_nobodys_name(quiz, makes, trainer, client):
    makes(5)
    html = client.get(path(quiz)).content.decode()
    assert not any(f"L{number}" in html for number in range(5))


def test_trainers_find_it_among_their_learners(quiz, makes, trainer, client):
    makes(1)
    assert f'href="{path(quiz)}"' in client.get(reverse("learners")).content.decode()


@pytest.mark.parametrize("count", [5, 12])
def test_the_page_costs_the_same_for_any_number_of_tries(count, quiz, makes, trainer, client):
    makes(count)
    client.get(path(quiz))
    with CaptureQueriesContext(connection) as queries:
        client.get(path(quiz))
    assert len(queries) == 5  # 1 who is signed in  2 their roles  3 the test  4 the tries  5 their wordings
