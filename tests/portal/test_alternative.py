"""The equal alternative: another form of an activity, for who would rather not. Choosing it counts the same."""

import uuid

import pytest
from django.urls import reverse

from courses.models import Activity, ActivityState, Attempt, Lesson
from courses.services.enrolments import enrol
from courses.services.progress import rebuild_enrolment
from tests.cms import made_pages as made
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
OTHER = "Lees hoe Samir het deed, en denk na over wat hem hielp."


@pytest.fixture
def asked(now, client):
    """A lesson with a content note, whose question and private text may be done in another form."""
    _home, catalogue = made.make_site()
    course = made.make_course(catalogue)
    question, text = made.choice(), made.reflection()
    for block in (question, text):
        block["value"]["alternative"] = OTHER
    page = made.make_lesson(made.make_session(course), "Een tijdlijn", question, text, made.reading())
    page.note = "Dit kan iets oproepen."
    page.save_revision().publish()
    learner = PersonFactory()
    lesson = Lesson.objects.select_related("session__course").get(key=page.translation_key)
    enrolment = enrol(learner=learner, course=lesson.session.course, alias="Maan", now=now)
    client.force_login(learner)
    question, text, button = Activity.objects.order_by("position")
    return {"question": question, "text": text, "button": button, "enrolment": enrolment, "lesson": lesson}


@pytest.fixture
def choose(client):
    def post(activity, **headers):
        fields = {"uuid": uuid.uuid4(), "version": activity.versions.get().pk, "alternative": "1"}
        return client.post(reverse("answer", args=[activity.pk]), fields, headers=headers)

    return post


def test_the_note_names_what_may_be_done_in_another_form(asked, client):
    page = client.get(reverse("lesson", args=[asked["lesson"].short_key])).text
    assert page.count(OTHER) == 2
    assert f'href="#a-{asked["question"].pk}"' in page
    assert f'href="#a-{asked["button"].pk}"' not in page


@pytest.mark.parametrize("name", ["question", "text"])
def test_choosing_it_counts_and_says_so(asked, choose, client, name):
    activity = asked[name]
    assert choose(activity).status_code == 302
    attempt = Attempt.objects.get()
    assert (attempt.passed, attempt.self_reported, attempt.score) == (True, True, 0)
    assert attempt.response == {"alternative": True}
    assert ActivityState.objects.get(activity=activity).status == "done"
    page = client.get(reverse("lesson", args=[asked["lesson"].short_key])).text
    assert '<details class="alternative" open>' in page
    assert rebuild_enrolment(enrolment=asked["enrolment"]) == 0


def test_it_comes_back_in_place(asked, choose):
    response = choose(asked["question"], **{"HX-Request": "true"})
    assert response.status_code == 200
    assert "data-focus" in response.text


def test_the_activity_itself_may_still_be_done_afterwards(asked, choose, client):
    choose(asked["question"])
    version = asked["question"].versions.get()
    right = next(option["key"] for option in version.specification["options"] if option["right"])
    fields = {"uuid": uuid.uuid4(), "version": version.pk, "choice": right}
    client.post(reverse("answer", args=[asked["question"].pk]), fields)
    assert list(Attempt.objects.values_list("passed", "self_reported")) == [(True, True), (True, False)]


def test_where_there_is_none_the_button_is_no_answer(asked, choose, client):
    version = asked["question"].versions.get()
    page = made.fresh(made.LessonPage.objects.get())
    bare = made.choice(key=str(asked["question"].key))
    made.change(page, bare, made.reading())
    newest = asked["question"].versions.order_by("-number").first()
    assert newest.pk != version.pk
    fields = {"uuid": uuid.uuid4(), "version": newest.pk, "alternative": "1"}
    response = client.post(reverse("answer", args=[asked["question"].pk]), fields)
    assert response.status_code == 422
    assert Attempt.objects.count() == 0


def test_a_lesson_without_alternatives_keeps_its_specifications_as_they_were():
    _home, catalogue = made.make_site()
    made.make_lesson(made.make_session(made.make_course(catalogue)), "Les", made.choice(), made.reading())
    assert all(
        "alternative" not in activity.versions.get().specification for activity in Activity.objects.all()
    )
