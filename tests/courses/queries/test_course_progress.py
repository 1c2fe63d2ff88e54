"""How far learners are, and what it costs to know."""

import pytest
from django.utils import translation

from courses.models import Enrolment
from courses.queries.outline import outline
from courses.queries.progress import course_progress, enrolments_of, lesson_state
from courses.services.enrolments import enrol, withdraw
from tests.factories import ActivityFactory, CourseFactory, LessonFactory, PersonFactory, SessionFactory

pytestmark = pytest.mark.django_db


def made(course, sessions, lessons):
    """A course of so many sessions of so many lessons with one button each."""
    return [
        ActivityFactory(lesson=LessonFactory(session=session), kind="read")
        for session in [SessionFactory(course=course) for _session in range(sessions)]
        for _lesson in range(lessons)
    ]


@pytest.fixture
def path(now):
    """Two sessions of two lessons with a button each, and a learner under way."""
    course = CourseFactory()
    buttons = made(course, 2, 2)
    return enrol(learner=PersonFactory(), course=course, alias="Maan", now=now), buttons


def progress_of(enrolment):
    (progress,) = course_progress([Enrolment.objects.select_related("course").get(pk=enrolment.pk)])
    return progress


def told(progress):
    """(lessons done, lessons, sessions done, what is open next)"""
    following = progress.next_lesson
    return (
        progress.lessons_done,
        progress.lessons_total,
        progress.sessions_done,
        following.open[0] if following else None,
    )


def test_from_nothing_to_everything(path, answer):
    enrolment, buttons = path
    seen = [told(progress_of(enrolment))]
    for button in buttons:
        answer(enrolment, button)
        seen.append(told(progress_of(enrolment)))
    assert seen == [
        (0, 4, 0, buttons[0].pk),
        (1, 4, 0, buttons[1].pk),
        (2, 4, 1, buttons[2].pk),
        (3, 4, 1, buttons[3].pk),
        (4, 4, 2, None),
    ]
    assert [session.position for session in progress_of(enrolment).sessions] == [1, 2]


def test_one_goes_on_in_the_lesson_opened_last(path, answer):
    enrolment, buttons = path
    Enrolment.objects.update(here=buttons[2].lesson)
    assert progress_of(enrolment).next_lesson.lesson == buttons[2].lesson
    answer(enrolment, buttons[2])
    assert progress_of(enrolment).next_lesson.lesson == buttons[3].lesson
    answer(enrolment, buttons[3])
    assert progress_of(enrolment).next_lesson.lesson == buttons[0].lesson  # what was left open before


def test_within_a_lesson_one_goes_on_at_the_first_open_activity_of_the_page(now, answer):
    lesson = LessonFactory()
    last = ActivityFactory(lesson=lesson, kind="read", position=2)
    first = ActivityFactory(lesson=lesson, kind="read", position=0)
    second = ActivityFactory(lesson=lesson, kind="read", position=1)
    enrolment = enrol(learner=PersonFactory(), course=lesson.session.course, alias="Maan", now=now)
    assert progress_of(enrolment).next_lesson.open == [first.pk, second.pk, last.pk]
    assert progress_of(enrolment).next_activity_id is None  # an unread lesson opens at its top
    answer(enrolment, first)
    assert progress_of(enrolment).next_activity_id == second.pk


def test_what_is_gone_or_optional_does_not_count(path, answer, now):
    enrolment, buttons = path
    buttons[0].retired_at = now
    buttons[0].save()
    buttons[1].lesson.archived_at = now
    buttons[1].lesson.save()
    ActivityFactory(lesson=buttons[2].lesson, kind="read", required=False)
    answer(enrolment, buttons[2])
    progress = progress_of(enrolment)
    assert told(progress) == (1, 2, 0, buttons[3].pk)
    assert [len(session.lessons) for session in progress.sessions] == [1, 2]


def test_a_session_without_anything_required_is_not_called_done(now):
    course = CourseFactory()
    ActivityFactory(lesson=LessonFactory(session=SessionFactory(course=course)), kind="read", required=False)
    enrolment = enrol(learner=PersonFactory(), course=course, alias="Maan", now=now)
    assert told(progress_of(enrolment)) == (0, 0, 0, None)


def test_titles_are_in_the_language_of_who_looks(path):
    enrolment, buttons = path
    session = buttons[0].lesson.session
    session.titles = {"en": "The beginning"}
    session.save()
    assert progress_of(enrolment).sessions[0].title == session.title
    with translation.override("en"):
        assert progress_of(enrolment).sessions[0].title == "The beginning"


def test_courses_come_latest_first_without_those_that_were_stopped(path, now):
    enrolment, _buttons = path
    learner = enrolment.learner
    second = enrol(learner=learner, course=CourseFactory(), alias="M", now=now.replace(hour=11))
    third = enrol(learner=learner, course=CourseFactory(), alias="M", now=now.replace(hour=12))
    withdraw(enrolment=third, now=now)
    assert list(enrolments_of(learner)) == [second, enrolment]


@pytest.mark.parametrize(("enrolments", "sessions", "lessons"), [(1, 1, 1), (5, 3, 4)])
def test_progress_costs_three_queries_whatever_there_is(
    enrolments, sessions, lessons, now, answer, django_assert_num_queries
):
    learner = PersonFactory()
    for _number in range(enrolments):
        course = CourseFactory()
        buttons = made(course, sessions, lessons)
        answer(enrol(learner=learner, course=course, alias="M", now=now), buttons[0])
    rows = list(enrolments_of(learner))
    with django_assert_num_queries(3):
        # 1 what is required of each course version, 2 what is done, 3 the lessons with their sessions
        for progress in course_progress(rows):
            told(progress)
            assert [session.title for session in progress.sessions] != []


def test_nobody_costs_nothing_worth_counting(django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        assert course_progress([]) == []


# --- the outline beside a lesson ------------------------------------------------------------------------------------
def test_the_outline_counts_within_the_part_and_knows_what_follows(path, answer):
    enrolment, buttons = path
    lessons = [button.lesson for button in buttons[:2]]
    for lesson, part in zip(lessons, ("before", "after"), strict=True):
        lesson.part = part
        lesson.save()
    third = LessonFactory(session=lessons[0].session, part="after")
    answer(enrolment, buttons[1])
    seen = outline(enrolment=enrolment, lesson=lessons[1])
    assert [(item.lesson, item.required, item.done, item.finished) for item in seen.lessons] == [
        (lessons[0], 1, 0, False),
        (lessons[1], 1, 1, True),
        (third, 0, 0, False),
    ]
    assert (seen.number, seen.done_in_part, seen.current.lesson) == (1, 1, lessons[1])
    assert seen.following.lesson == third
    assert outline(enrolment=enrolment, lesson=third).following is None
    assert [[item.lesson for item in part] for part in (seen.before, seen.live, seen.after, seen.whole)] == [
        [lessons[0]],
        [],
        [lessons[1], third],
        [],
    ]


def test_the_outline_leaves_out_what_is_archived_and_asks_only_what_this_learner_must(path, now):
    enrolment, buttons = path
    lesson = buttons[0].lesson
    buttons[1].lesson.archived_at = now
    buttons[1].lesson.save()
    ActivityFactory(lesson=lesson, kind="read")  # added after the learner began
    buttons[0].retired_at = now
    buttons[0].save()
    ((only),) = outline(enrolment=enrolment, lesson=lesson).lessons
    assert (only.lesson, only.required, only.done) == (lesson, 0, 0)


@pytest.mark.parametrize("more", [0, 7])
def test_the_outline_costs_one_query(more, path, django_assert_num_queries):
    enrolment, buttons = path
    lesson = buttons[0].lesson
    for _number in range(more):
        ActivityFactory(lesson=LessonFactory(session=lesson.session), kind="read")
    with django_assert_num_queries(1):
        assert len(outline(enrolment=enrolment, lesson=lesson).lessons) == 2 + more


# --- a lesson as one learner stands with it -------------------------------------------------------------------------
def test_the_state_of_a_lesson_is_the_learners_own(enrolment, course, answer, now):
    other = enrol(learner=PersonFactory(), course=course.row, alias="Ster", now=now)
    answer(other, course.question)
    answer(other, course.text, data={"text": "Niet van jou"})
    mine = lesson_state(enrolment=enrolment, lesson_id=course.lesson.pk)
    assert {
        pk: (standing.answered, standing.attempt, standing.reflection) for pk, standing in mine.items()
    } == {activity.pk: (False, None, None) for activity in (course.question, course.button, course.text)}
    attempt = answer(enrolment, course.question).attempt
    standing = lesson_state(enrolment=enrolment, lesson_id=course.lesson.pk)[course.question.pk]
    assert (standing.attempt, standing.version) == (attempt, attempt.version)
    assert (standing.answered, standing.done, standing.required, standing.digest) == (
        True,
        True,
        True,
        attempt.payload_hmac,
    )


@pytest.mark.parametrize("more", [0, 9])
def test_the_state_of_a_lesson_costs_one_query(more, enrolment, course, answer, django_assert_num_queries):
    activities = [
        course.question,
        *[ActivityFactory(lesson=course.lesson, kind="reflection") for _n in range(more)],
    ]
    for activity in activities:
        answer(enrolment, activity, data=None if activity == course.question else {"text": "Rust"})
    with django_assert_num_queries(1):
        standings = lesson_state(enrolment=enrolment, lesson_id=course.lesson.pk)
        for activity in activities:
            standing = standings[activity.pk]
            assert (standing.attempt.activity_id, standing.version.number) == (activity.pk, 1)
            assert (standing.reflection is None) == (activity == course.question)
