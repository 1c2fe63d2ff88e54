"""Before a lesson is published that people are learning in: who would notice."""

import uuid

import pytest
from django.urls import reverse
from django.utils.translation import ngettext

from cms.models import LessonPage
from cms.publishing import affected_by
from courses.models import ActivityVersion, Course
from courses.queries.affected import ActivityChange, Affected, Change
from courses.services.attempts import record_answer
from courses.services.enrolments import enrol
from courses.services.progress import refresh
from people.models import Role
from tests.cms import made_pages as made
from tests.cms.editor_forms import PUBLISH, as_posted, lesson_form
from tests.cms.made_pages import fresh, raw_body
from tests.cms.test_editor import edit, somebody
from tests.factories import PersonFactory, right_answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer(tree, client, now):
    person = somebody(Role.TRAINER, now)
    client.force_login(person)
    return person


@pytest.fixture
def learners(tree, now):
    """Two are under way; one of them has answered the question of the first lesson."""
    course = Course.objects.get(key=tree.course.translation_key)
    both = [
        enrol(learner=PersonFactory(), course=course, cohort=None, alias="Noor", now=now) for _ in range(2)
    ]
    version = ActivityVersion.objects.get(activity__kind="single_choice")
    record_answer(enrolment=both[0], version=version, data=right_answer(version), uuid=uuid.uuid4(), now=now)
    refresh(enrolment=both[0], activity_id=version.activity_id, now=now)
    return both


def confirm(page):
    return reverse("confirm_publishing", args=[page.pk])


def reworded(page):
    body = raw_body(page)
    body[1]["value"]["question"] = "Wat past nu?"
    return body


def questions():
    versions = ActivityVersion.objects.filter(activity__kind="single_choice").order_by("number")
    return [version.specification["question"] for version in versions]


def test_each_change_says_how_many_have_answered(tree, learners):
    page = fresh(tree.one)
    text, question, _reading = reworded(page)
    page.body = page._meta.get_field("body").to_python([text, question, made.reflection("Nieuw?")])
    page.give_blocks_their_own_ids()
    assert affected_by(page) == Affected(
        2,
        (
            ActivityChange(Change.REWORDED, "Wat past?", 1),
            ActivityChange(Change.ADDED, "Nieuw?"),
            ActivityChange(Change.REMOVED, "Gelezen", 0),
        ),
    )


def test_another_kind_under_the_same_id_is_another_activity(tree, learners):
    page = fresh(tree.one)
    text, question, reading = raw_body(page)
    page.body = page._meta.get_field("body").to_python(
        [text, made.reading("Nu", key=question["id"]), reading]
    )
    assert affected_by(page).changes == (
        ActivityChange(Change.ADDED, "Nu"),
        ActivityChange(Change.REMOVED, "Wat past?", 1),
    )


def test_where_nobody_is_under_way_nobody_is_asked(trainer, tree, client):
    client.post(edit(tree.one), as_posted(tree.one, *reworded(tree.one), **PUBLISH))
    assert questions() == ["Wat past?", "Wat past nu?"]


@pytest.mark.usefixtures("learners")
def test_what_changes_no_activity_is_published_at_once(trainer, tree, client):
    client.post(edit(tree.one), as_posted(tree.one, *raw_body(tree.one), title="Ernaast", **PUBLISH))
    assert fresh(tree.one).title == "Ernaast"


@pytest.mark.usefixtures("learners")
def test_a_new_lesson_is_published_at_once(trainer, tree, client):
    address = reverse("wagtailadmin_pages:add", args=["cms", "lessonpage", tree.second.pk])
    client.post(address, lesson_form(made.reading(), title="Nieuw", **PUBLISH))
    assert LessonPage.objects.get(title="Nieuw").live is True


def test_a_trainer_sees_who_notices_and_then_publishes(trainer, tree, client, learners):
    response = client.post(edit(tree.one), as_posted(tree.one, *reworded(tree.one), **PUBLISH))
    assert (response.status_code, response.url, questions()) == (302, confirm(tree.one), ["Wat past?"])
    page = client.get(confirm(tree.one)).content.decode()
    words = " ".join(page.split())
    under_way = ngettext(
        "%(number)s person is under way in this course.",
        "%(number)s people are under way in this course.",
        2,
    )
    answered = ngettext(
        "%(number)s person has answered it: that answer stays.",
        "%(number)s people have answered it: their answers stay.",
        1,
    )
    sentences = (under_way % {"number": 2}, answered % {"number": 1})
    assert [sentence in words for sentence in sentences] == [True, True]
    assert "Noor" not in page
    revision = fresh(tree.one).latest_revision_id
    assert client.post(confirm(tree.one), {"revision": revision}).status_code == 302
    assert (questions(), fresh(tree.one).has_unpublished_changes) == (["Wat past?", "Wat past nu?"], False)


@pytest.mark.usefixtures("learners")
def test_who_decides_against_it_finds_what_they_typed_in_the_draft(trainer, tree, client):
    client.post(edit(tree.one), as_posted(tree.one, *reworded(tree.one), **PUBLISH))
    draft = fresh(tree.one).get_latest_revision_as_object()
    assert (draft.body[1].value["question"], fresh(tree.one).body[1].value["question"]) == (
        "Wat past nu?",
        "Wat past?",
    )


@pytest.mark.usefixtures("learners")
def test_a_draft_that_changed_in_the_meantime_is_looked_at_again(trainer, tree, client):
    old = fresh(tree.one).latest_revision_id
    client.post(edit(tree.one), as_posted(tree.one, *reworded(tree.one)))
    response = client.post(confirm(tree.one), {"revision": old})
    assert (response.url, questions()) == (confirm(tree.one), ["Wat past?"])


@pytest.mark.usefixtures("learners")
def test_an_unfinished_draft_goes_back_to_the_editor_with_a_sentence(trainer, tree, client):
    client.post(edit(tree.one), as_posted(tree.one, made.unfinished()))
    response = client.get(confirm(tree.one))
    assert (response.status_code, response.url) == (302, edit(tree.one))


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.COORDINATOR])
def test_who_may_not_publish_the_lesson_does_not_confirm_it(role, tree, client, now):
    client.force_login(somebody(role, now))
    client.raise_request_exception = False
    made.fresh(tree.one).save_revision()
    before = fresh(tree.one)
    posted = client.post(confirm(tree.one), {"revision": before.latest_revision_id})
    assert {client.get(confirm(tree.one)).status_code, posted.status_code} <= {302, 403}
    assert fresh(tree.one).live_revision_id == before.live_revision_id
