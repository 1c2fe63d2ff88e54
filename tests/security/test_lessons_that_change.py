"""A lesson is edited, moved, unpublished or deleted while somebody is in it: no record lost, no server error."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from cms.models import LessonPage
from courses.models import Activity, Attempt, Course, Enrolment, Lesson, Reflection
from courses.services.enrolments import enrol
from courses.services.progress import rebuild_enrolment
from tests.cms import made_pages as made
from tests.factories import PersonFactory, right_answer, wrong_answer
from tests.security.conftest import signed_in


@pytest.fixture
def reader(tree, now):
    """Somebody with a lesson open who answered its question wrongly and wrote for themselves."""
    made.change(tree.one, made.text(), made.choice(), made.reflection(), made.reading("Gelezen"))
    learner = PersonFactory(legal_name="Sanne de Vries")
    course = Course.objects.get(key=tree.course.translation_key)
    enrol(learner=learner, course=course, alias="Roos", now=now)
    client = signed_in(Client(raise_request_exception=False), learner)
    client.learner = learner
    lesson = Lesson.objects.get(key=tree.one.translation_key)
    assert client.get(reverse("lesson", args=[lesson.short_key])).status_code == 200
    for kind, data in [("single_choice", wrong_answer), ("reflection", right_answer)]:
        version = Activity.objects.get(lesson=lesson, kind=kind, retired_at=None).versions.get()
        assert post(client, version, data(version)) == 302
    client.question = Activity.objects.get(
        lesson=lesson, kind="single_choice", retired_at=None
    ).versions.get()
    return client


def post(client: Client, version, data: dict, **headers: str) -> int:
    sent = {**data, "uuid": str(uuid.uuid4()), "version": version.pk}
    return client.post(reverse("answer", args=[version.activity_id]), sent, headers=headers).status_code


def edit(tree) -> None:
    body = made.raw_body(LessonPage.objects.get(pk=tree.one.pk))
    body[1]["value"]["question"] = "Wat past nu?"
    made.change(tree.one, *body, title="Anders")


def swap_the_key(tree) -> None:
    body = made.raw_body(LessonPage.objects.get(pk=tree.one.pk))
    for option in body[1]["value"]["options"]:
        option["value"]["right"] = not option["value"]["right"]
    made.change(tree.one, *body)


def take_the_question_out(tree) -> None:
    made.change(tree.one, made.reading("Gelezen"))


def change_its_kind(tree) -> None:
    body = made.raw_body(LessonPage.objects.get(pk=tree.one.pk))
    made.change(tree.one, made.reading("Nu een knop", key=body[1]["id"]))


def move_to_another_session(tree) -> None:
    LessonPage.objects.get(pk=tree.one.pk).move(
        made.make_session(made.fresh(tree.course), "Andere"), pos="last-child"
    )


def move_to_another_course(tree) -> None:
    course = made.make_course(made.fresh(tree.catalogue), "Andere cursus")
    LessonPage.objects.get(pk=tree.one.pk).move(made.make_session(course, "Daar"), pos="last-child")


def unpublish(tree) -> None:
    LessonPage.objects.get(pk=tree.one.pk).unpublish()


def delete(tree) -> None:
    LessonPage.objects.get(pk=tree.one.pk).delete()


def unpublish_the_session(tree) -> None:
    made.fresh(tree.session).unpublish()


def delete_the_session(tree) -> None:
    made.fresh(tree.session).delete()


def unpublish_the_course(tree) -> None:
    made.fresh(tree.course).unpublish()


def delete_the_course(tree) -> None:
    made.fresh(tree.course).delete()


# Deed: what the answer that was under way gets, and whether it is kept.
DEEDS = {
    edit: (302, True),
    swap_the_key: (302, True),
    take_the_question_out: (302, False),
    change_its_kind: (302, False),
    move_to_another_session: (302, True),
    move_to_another_course: (404, False),
    unpublish: (302, False),
    delete: (302, False),
    unpublish_the_session: (302, False),
    delete_the_session: (302, False),
    unpublish_the_course: (302, True),
    delete_the_course: (302, False),
}


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_no_record_is_lost_and_nothing_breaks(tree, reader, deed):
    enrolment = Enrolment.objects.get(learner=reader.learner)
    before = list(Attempt.objects.filter(enrolment=enrolment).order_by("pk").values())
    said = [attempt["readable"] for attempt in before]
    deed(tree)
    status, kept = DEEDS[deed]
    assert post(reader, reader.question, right_answer(reader.question)) == status
    after = list(Attempt.objects.filter(enrolment=enrolment).order_by("pk").values())
    assert after[: len(before)] == before
    assert [attempt["readable"] for attempt in after[: len(before)]] == said
    assert len(after) - len(before) == int(kept)
    if kept:
        assert after[-1]["passed"], "graded against the wording that was on the screen"
    assert Reflection.objects.filter(enrolment=enrolment).count() == 1
    assert rebuild_enrolment(enrolment=enrolment) == 0
    assert post(reader, reader.question, {}, **{"HX-Request": "true"}) in {200, 404, 422}
    lesson = Lesson.objects.get(key=tree.one.translation_key)
    session = lesson.session
    screens = [reverse(name) for name in ("leerplek", "reflections", "my_data", "profile")]
    screens += [reverse("reflection", args=[Reflection.objects.get(enrolment=enrolment).pk])]
    screens += [reverse("my_course", args=[enrolment.course.short_key])]
    assert {reader.get(path).status_code for path in screens} == {200}
    for path in (reverse("lesson", args=[lesson.short_key]), reverse("session", args=[session.short_key])):
        assert reader.get(path).status_code in {200, 404}


@pytest.mark.parametrize("deed", [unpublish, take_the_question_out], ids=lambda deed: deed.__name__)
def test_what_comes_back_is_where_it_was(tree, reader, deed):
    body = made.raw_body(LessonPage.objects.get(pk=tree.one.pk))
    deed(tree)
    made.change(tree.one, *body)
    lesson = Lesson.objects.get(key=tree.one.translation_key)
    page = reader.get(reverse("lesson", args=[lesson.short_key])).text
    assert "Aan de vogels buiten." in page
    assert post(reader, reader.question, right_answer(reader.question)) == 302
