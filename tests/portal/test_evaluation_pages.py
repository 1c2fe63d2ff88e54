"""Evaluation on the screens: closing a round, what stands there then, and the questions three months later."""

import re
import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from cms.blocks.activities import SurveyBlock
from cms.models import SessionPage
from courses.models import Activity, Cohort, Course, LaterQuestions, SurveyResponse, SurveyRound
from courses.queries.surveys import asked_in
from courses.services.enrolments import withdraw
from courses.services.later import agree_to_later, three_months_after
from courses.services.surveys import close_round
from people.models import OutboxMessage
from portal.flows import answer_activity, ask_later_questions
from tests.cms import made_pages as made
from tests.courses.services.test_rounds import ITEMS, survey
from tests.factories import PersonFactory
from tests.portal.desk import group_of, trainer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(now):
    _home, catalogue = made.make_site()
    session = made.make_session(made.make_course(catalogue))
    made.make_lesson(session, "Begin", survey("T0", *ITEMS), made.reading())
    made.make_lesson(session, "Einde", survey("T1", *ITEMS), made.reading())
    return group_of(Course.objects.get(), now, *(f"Naam{number}" for number in range(6)))[0]


@pytest.fixture
def trainer(cohort, now, client):
    person = trainer_of(cohort, now)
    client.force_login(person)
    return person


def say(enrolment, moment, now, **answers):
    activity = Activity.objects.filter(kind="survey", versions__specification__moment=moment).get()
    answer_activity(
        learner=enrolment.learner,
        activity_id=activity.pk,
        version_id=activity.versions.get().pk,
        data={f"survey-{name}": str(value) for name, value in answers.items()},
        uuid=uuid.uuid4(),
        now=now,
    )


@pytest.fixture
def everybody_answered(cohort, now):
    for enrolment in cohort.enrolments.all():
        say(enrolment, "T0", now, zelfinzicht=4, schaamte=8)
        say(enrolment, "T1", now, zelfinzicht=7, schaamte=5)


@pytest.fixture
def address(cohort):
    return reverse("cohort_surveys", args=[cohort.pk])


def numbers(response):
    """What the cells of the tables say."""
    return re.findall(r'<td data-label="[^"]*">([^<]*)</td>', response.text)


def test_a_trainer_closes_a_round_and_finds_start_and_end_drawn_and_in_a_table(
    trainer, everybody_answered, client, address, cohort
):
    before = client.get(address)
    assert (numbers(before), "dumb-span" in before.text) == ([], False)
    assert client.post(address, {"ask": "T1"}).status_code == 302
    assert SurveyRound.objects.count() == 0
    client.post(address, {"ask": "T1", "sure": "on"})
    response = client.get(address)
    assert numbers(response)[:4] == ["4,0 (6 personen)", "–", "7,0 (6 personen)", "+3,0"]
    assert 'x1="40.0%" x2="70.0%"' in response.text
    course = client.get(reverse("survey_averages", args=[cohort.course.short_key]))
    assert numbers(course)[:4] == numbers(response)[:4]


@pytest.mark.parametrize(("people", "shown"), [(6, ["7,0 (6)"]), (4, [gettext_lazy("too few answers")])])
def test_a_survey_on_its_own_has_a_round_and_figures_of_its_own(
    people, shown, trainer, client, address, cohort, now
):
    made.make_lesson(SessionPage.objects.get(), "Tussendoor", survey("", ITEMS[0]), made.reading())
    for enrolment in cohort.enrolments.all()[:people]:
        say(enrolment, "", now, zelfinzicht=7)
    group = client.get(reverse("cohort", args=[cohort.pk]))
    link = gettext("Surveys: who has not answered yet, and averages")
    assert f'<a href="{address}">{link}</a>' in group.text
    (ask,) = (ask for ask in asked_in(cohort.course) if ask.startswith("les-"))
    client.post(address, {"ask": ask, "sure": "on"})
    assert numbers(client.get(address)) == shown


def test_where_the_answers_go_is_said_to_who_writes_a_survey():
    link = gettext("Surveys: who has not answered yet, and averages")
    said = str(SurveyBlock().meta.help_text)
    assert [word in said for word in (gettext("For trainers"), link.partition(":")[0])] == [True, True]


def test_the_page_names_who_has_not_answered_and_no_answer(trainer, client, address, cohort, now):
    say(cohort.enrolments.get(alias="Naam0"), "T0", now, zelfinzicht=9)
    html = client.get(address).text
    assert "Naam1, Naam2, Naam3, Naam4, Naam5" in html
    assert "Naam0, Naam1" in html  # nobody has answered the end yet
    close_round(cohort=cohort, ask="T1", closed_by=trainer, now=now)
    html = client.get(address).text
    assert ("Naam1" in html, "te weinig antwoorden" in html) == (False, True)


@pytest.mark.parametrize("ask", ["", "T3", "les-1", "\x00", "T1' OR 1=1"])
def test_what_is_not_asked_is_not_closed(ask, trainer, client, address):
    assert client.post(address, {"ask": ask, "sure": "on"}).status_code == 404


def test_other_trainers_close_nothing(trainer, cohort, client, address, now):
    other = Cohort.objects.create(course=cohort.course, name="Ander")
    client.force_login(trainer_of(other, now, "Ander"))
    assert client.get(address).status_code == 404
    assert client.post(address, {"ask": "T1", "sure": "on"}).status_code == 404
    assert SurveyRound.objects.count() == 0


def test_the_page_costs_the_same_before_and_after(
    trainer, everybody_answered, client, address, cohort, now, django_assert_num_queries
):
    client.get(address)
    with django_assert_num_queries(9):
        client.get(address)
    # 1 who is signed in  2 the group  3 what is asked  4 the figures  5 closed rounds  6 the members
    # 7 what they answered  8 who agreed to be asked later  9 the roles for the menu
    close_round(cohort=cohort, ask="T1", closed_by=trainer, now=now)
    with django_assert_num_queries(9):
        client.get(address)


# --- three months later ---------------------------------------------------------------------------------------------
@pytest.fixture
def maan(cohort, everybody_answered, client):
    enrolment = cohort.enrolments.get(alias="Naam0")
    client.force_login(enrolment.learner)
    return enrolment


@pytest.fixture
def place(cohort):
    return reverse("later", args=[cohort.course.short_key])


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2026, 1, 15), date(2026, 4, 15)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2026, 12, 1), date(2027, 3, 1)),
    ],
)
def test_three_months_are_months(day, later):
    assert three_months_after(day) == later


def test_who_agreed_is_asked_once_and_in_neutral_words(maan, client, place, now):
    client.post(place, {"agree": "1"})
    agreed = LaterQuestions.objects.get()
    assert ask_later_questions(now=now) == 0
    later = agreed.agreed_at + timedelta(days=93)
    assert [ask_later_questions(now=later), ask_later_questions(now=later)] == [1, 0]
    message = OutboxMessage.objects.get(kind="later")
    assert message.recipient == maan.learner
    words = message.subject + message.text
    assert [word for word in (maan.course.title, "Geweld", "training", "cursus") if word in words] == []
    assert place in words


def test_who_said_nothing_took_it_back_or_stopped_is_not_asked(maan, client, place, now):
    later = now + timedelta(days=400)
    assert ask_later_questions(now=later) == 0
    client.post(place, {"agree": "1"})
    client.post(place, {"take_back": "1"})
    assert ask_later_questions(now=later) == 0
    agree_to_later(enrolment=maan, now=now)
    withdraw(enrolment=maan, now=now)
    assert ask_later_questions(now=later) == 0


def test_the_answers_stand_beside_the_others_under_the_same_code(maan, client, place, now):
    client.post(place, {"agree": "1"})
    assert client.post(place, {"survey-zelfinzicht": "9"}).status_code == 404  # not yet
    LaterQuestions.objects.update(due_on=date(2026, 1, 1))
    with time_machine.travel(now, tick=False):
        assert "survey-zelfinzicht" in client.get(place).text
        empty = client.post(place, {})
        assert (empty.status_code, SurveyResponse.objects.filter(moment="T2").count()) == (422, 0)
        assert client.post(place, {"survey-zelfinzicht": "99"}).status_code == 422
        assert client.post(place, {"survey-zelfinzicht": "9"}).status_code == 302
    response = SurveyResponse.objects.get(moment="T2")
    assert response.answers == {"zelfinzicht": 9}
    assert SurveyResponse.objects.filter(pairing_code=response.pairing_code).count() == 3
    assert LaterQuestions.objects.get().answered_at == now


def test_a_closed_round_takes_no_answers_any_more(maan, client, place, cohort, now):
    agree_to_later(enrolment=maan, now=now)
    LaterQuestions.objects.update(due_on=date(2026, 1, 1))
    close_round(cohort=cohort, ask="T2", closed_by=PersonFactory(), now=now)
    assert "survey-zelfinzicht" not in client.get(place).text
    assert client.post(place, {"survey-zelfinzicht": "9"}).status_code == 404
    assert "T2" in asked_in(cohort.course)


def test_it_is_for_who_answered_at_the_end(cohort, client, place, now):
    enrolment = cohort.enrolments.get(alias="Naam1")
    client.force_login(enrolment.learner)
    assert client.get(place).status_code == 404
    client.force_login(PersonFactory())
    assert client.post(place, {"agree": "1"}).status_code == 404
