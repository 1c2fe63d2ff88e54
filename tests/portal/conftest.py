"""A learner who is signed in, in a course that has pages, as the site has it."""

import re
import uuid
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from cms.models import CataloguePage, CoursePage, HomePage, LessonPage
from courses.models import Activity, Enrolment, Lesson, Session
from courses.services.enrolments import enrol
from tests.cms import made_pages as made
from tests.factories import PersonFactory, right_answer, wrong_answer
from tests.portal.desk import group_of, trainer_of
from tests.sharing import made_for_the_module


def make_pages():
    _home, catalogue = made.make_site()
    session = made.make_session(made.make_course(catalogue), "Kennismaking")
    made.make_lesson(session, "Naast iemand staan", made.choice("Wat past?"), made.reading("Gelezen"))
    made.make_lesson(
        session, "Een zorg", made.reflection("Waar merk je rust aan?"), made.reading("Ook gelezen")
    )


pages_of_the_module = made_for_the_module(make_pages)


@pytest.fixture
def site(pages_of_the_module, db):
    """One session of two lessons: a question and a button, then a private text and a button. All but the text count."""
    if not pages_of_the_module:
        make_pages()
    one, two = LessonPage.objects.order_by("path")
    lesson = Lesson.objects.select_related("session__course__programme").get(key=one.translation_key)
    activities = list(Activity.objects.order_by("lesson__position", "position"))
    return SimpleNamespace(
        home=HomePage.objects.get(),
        catalogue=CataloguePage.objects.get(),
        page=CoursePage.objects.get(),
        one=one,
        two=two,
        lesson=lesson,
        second=Lesson.objects.get(key=two.translation_key),
        course=lesson.session.course,
        question=activities[0],
        button=activities[1],
        text=activities[2],
        last=activities[3],
        counting=[activities[0], activities[1], activities[3]],
    )


@pytest.fixture
def learner(site, client, now):
    person = PersonFactory(alias="Maan")
    enrol(learner=person, course=site.course, alias="Maan", now=now)
    client.force_login(person)
    return person


@pytest.fixture
def enrolment(learner):
    return Enrolment.objects.get(learner=learner)


@pytest.fixture
def send(client):
    """Post an answer as the page's form does; `htmx` as its script does. Right, unless `data` or `right` say else."""

    def post(activity, *, data=None, right=True, form=None, htmx=False, version=None, by=None):
        version = version or activity.versions.order_by("-number").first()
        if data is None:
            data = (right_answer if right else wrong_answer)(version)
        fields = {"uuid": str(form or uuid.uuid4()), "version": version.pk, **data}
        headers = {"HX-Request": "true"} if htmx else {}
        return (by or client).post(reverse("answer", args=[activity.pk]), fields, headers=headers)

    return post


@pytest.fixture
def title_of():
    """The words in the browser's tab and history."""

    def read(response):
        (title,) = re.findall(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)
        return " ".join(title.split())

    return read


# --- the trainers' desk ---------------------------------------------------------------------------------------------
@pytest.fixture
def cohort(site):
    return group_of(site.course, timezone.now(), "Maan", "Wilg", "Merel")[0]


@pytest.fixture
def trainer(cohort, client):
    person = trainer_of(cohort, timezone.now())
    client.force_login(person)
    return person


@pytest.fixture
def address(cohort):
    return reverse("cohort", args=[cohort.pk])


@pytest.fixture
def heavy(site):
    Session.objects.filter(pk=site.lesson.session_id).update(heavy=True)
    return Session.objects.get(pk=site.lesson.session_id)
