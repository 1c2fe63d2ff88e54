"""Joins written by hand give the same rows as querysets do."""

import threading

import pytest
from django.db import connection

from courses.models import Activity, ActivityVersion, Attempt, Enrolment, Lesson, Reflection
from courses.queries.joined import Joined
from courses.queries.progress import STANDINGS

pytestmark = pytest.mark.django_db

LESSON_ENROLMENT = Joined(
    {"title": "lesson.title", "lesson": Lesson, "minutes": "lesson.minutes + 1", "enrolment": Enrolment},
    """
    FROM courses_lesson lesson
    JOIN courses_session session ON session.id = lesson.session_id
    LEFT JOIN courses_enrolment enrolment ON enrolment.course_id = session.course_id AND enrolment.learner_id = %s
    WHERE lesson.id = %s
    """,
)


def values(instance):
    """Every field as the model reads it; bytes apart, which PostgreSQL's driver hands out as a view of memory."""
    read = {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}
    return {
        name: bytes(value) if isinstance(value, memoryview | bytes) else value for name, value in read.items()
    }


def test_instances_are_what_a_queryset_would_have_read(enrolment, course, django_assert_num_queries):
    with django_assert_num_queries(1):
        (row,) = LESSON_ENROLMENT.rows(enrolment.learner, course.lesson)
        lesson, found = row["lesson"], row["enrolment"]
    assert values(lesson) == values(Lesson.objects.get())
    assert values(found) == values(Enrolment.objects.get())
    assert (found._state.adding, found._state.db) == (False, "default")
    assert (row["title"], row["minutes"]) == (course.lesson.title, course.lesson.minutes + 1)


def test_every_kind_of_field_comes_as_its_own_type(enrolment, course, answer):
    answer(enrolment, course.question)
    answer(enrolment, course.text, data={"text": "Rust"})
    rows = {row["activity_id"]: row for row in STANDINGS.rows(enrolment, enrolment, course.lesson.pk)}
    for activity in (course.question, course.text):
        row = rows[activity.pk]
        assert values(row["activity"]) == values(Activity.objects.get(pk=activity.pk))
        assert values(row["attempt"]) == values(Attempt.objects.get(activity=activity))
        assert values(row["version"]) == values(ActivityVersion.objects.get(activity=activity))
    assert values(rows[course.text.pk]["reflection"]) == values(Reflection.objects.get())


def test_where_the_outer_join_finds_nothing_there_is_nothing(course, enrolment):
    row = LESSON_ENROLMENT.first(None, course.lesson)
    assert (row["lesson"], row["enrolment"]) == (course.lesson, None)
    assert LESSON_ENROLMENT.first(enrolment.learner, 0) is None


def test_what_is_given_as_a_parameter_stays_a_value(course):
    named = Joined({"lesson": Lesson}, "FROM courses_lesson lesson WHERE lesson.title = %s")
    assert named.rows("' OR '1' = '1") == []
    assert [row["lesson"] for row in named.rows(course.lesson.title)] == [course.lesson]


def test_an_instance_can_be_changed_and_saved(course):
    lesson = LESSON_ENROLMENT.first(None, course.lesson)["lesson"]
    lesson.title = "Anders"
    lesson.save()
    assert [each.title for each in Lesson.objects.all()] == ["Anders"]


def test_each_thread_converts_by_its_own_connection(course, enrolment):
    row = LESSON_ENROLMENT.first(enrolment.learner, course.lesson)
    here, there = LESSON_ENROLMENT.conversions("enrolment"), []

    def look() -> None:
        there.append((LESSON_ENROLMENT.conversions("enrolment"), row["enrolment"]))
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    ((conversions, found),) = there
    assert conversions is not here
    assert found == enrolment
