"""What follows from the answers: a projection that can be made anew at any time, and completion that stays."""

import datetime
import uuid

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.models import ActivityState, Attempt, CourseVersionItem, Enrolment
from courses.queries.progress import finished_but_open, unfinished_required
from courses.rules import fingerprint
from courses.services.enrolments import enrol
from courses.services.progress import complete_if_finished, rebuild_enrolment, rebuild_progress, refresh
from courses.services.syllabus import ActivityDraft, Wording, archive, freeze_course, publish_lesson
from tests.factories import (
    ActivityFactory,
    ActivityVersionFactory,
    CourseFactory,
    LessonFactory,
    PersonFactory,
    SessionFactory,
    right_answer,
    wrong_answer,
)

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)


def status_of(enrolment):
    return Enrolment.objects.get(pk=enrolment.pk).status


def left(enrolment):
    return sorted(item.activity_id for item in unfinished_required(Enrolment.objects.get(pk=enrolment.pk)))


# --- the projection -------------------------------------------------------------------------------------------------
def test_tried_until_it_passes_and_then_done_for_good(enrolment, course, answer, states, now):
    wrong = answer(enrolment, course.question, right=False).attempt
    assert states(enrolment) == [(course.question.pk, "tried", 0, 1, wrong.pk, None)]
    right = answer(enrolment, course.question, at=now + MINUTE).attempt
    assert states(enrolment) == [(course.question.pk, "done", 1, 2, right.pk, now + MINUTE)]
    again = answer(enrolment, course.question, right=False, at=now + 2 * MINUTE).attempt
    assert states(enrolment) == [(course.question.pk, "done", 1, 3, again.pk, now + MINUTE)]


def test_nothing_follows_from_no_answer(enrolment, course, now, states):
    assert refresh(enrolment=enrolment, activity_id=course.question.pk, now=now) is None
    assert states(enrolment) == []


def test_learners_do_not_touch_each_others_state(enrolment, course, answer, states, now):
    other = enrol(learner=PersonFactory(), course=course.row, alias="Ster", now=now)
    answer(enrolment, course.question)
    before = states(enrolment)
    answer(other, course.question, right=False)
    assert states(enrolment) == before
    assert [row[1] for row in states(other)] == ["tried"]


STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.booleans(), st.integers(0, 3), st.booleans()), min_size=1, max_size=12
)


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_answered_the_projection_is_what_replay_gives(
    steps, enrolment, course, answer, states, now
):
    """Also with a form sent twice and a clock that stands still."""
    activities = [course.question, course.button, course.text]
    for which, right, minutes, twice in steps:
        activity = activities[which]
        version = activity.versions.get()
        data = (
            wrong_answer(version)
            if which == 0 and not right
            else ({"text": f"tekst {right}"} if which == 2 else right_answer(version))
        )
        form = uuid.uuid4()
        for _time in range(1 + twice):
            answer(enrolment, activity, data=data, at=now + minutes * MINUTE, form=form)
    before = states(enrolment)
    assert rebuild_enrolment(enrolment=Enrolment.objects.get(pk=enrolment.pk)) == 0
    assert states(enrolment) == before
    ActivityState.objects.filter(enrolment=enrolment).delete()
    assert rebuild_enrolment(enrolment=Enrolment.objects.get(pk=enrolment.pk)) == len(before)
    assert states(enrolment) == before


@pytest.mark.parametrize(
    "falsehood",
    [
        {"status": "tried", "completed_at": None},
        {"best_score": 7},
        {"attempts_count": 9},
        {"last_attempt": None},
        {"completed_at": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)},
    ],
    ids=str,
)
def test_a_falsified_row_is_repaired_and_no_other_is_written(falsehood, enrolment, course, answer, states):
    answer(enrolment, course.question)
    answer(enrolment, course.button)
    before = states(enrolment)
    keys = list(ActivityState.objects.order_by("pk").values_list("pk", flat=True))
    ActivityState.objects.filter(activity=course.question).update(**falsehood)
    assert states(enrolment) != before
    assert rebuild_progress(enrolments=[enrolment]) == 1
    assert states(enrolment) == before
    assert list(ActivityState.objects.order_by("pk").values_list("pk", flat=True)) == keys


def test_a_row_that_nobody_answered_for_goes(enrolment, course, answer, states):
    answer(enrolment, course.question)
    before = states(enrolment)
    ActivityState.objects.create(enrolment=enrolment, activity=course.button, status="tried")
    assert rebuild_progress(enrolments=[enrolment]) == 1
    assert states(enrolment) == before


def test_what_was_closed_by_retention_is_not_rebuilt(enrolment, course, answer, states, now):
    answer(enrolment, course.question)
    Enrolment.objects.update(closed_at=now)
    ActivityState.objects.update(attempts_count=9)
    assert rebuild_progress(enrolments=Enrolment.objects.all()) == 0
    assert [row[3] for row in states(enrolment)] == [9]


def test_the_command_says_how_many_rows_changed(enrolment, course, answer, capsys):
    answer(enrolment, course.question)
    ActivityState.objects.update(attempts_count=9)
    call_command("rebuild_progress")
    call_command("rebuild_progress", enrolment=str(enrolment.pk))
    assert capsys.readouterr().out == "1 rows changed\n0 rows changed\n"


# --- completing -----------------------------------------------------------------------------------------------------
def test_a_course_is_completed_by_the_last_required_activity(enrolment, course, answer, now):
    answer(enrolment, course.question)
    assert status_of(enrolment) == "active"
    answer(enrolment, course.button, at=now + MINUTE)
    done = Enrolment.objects.get()
    assert (done.status, done.completed_at) == ("completed", now + MINUTE)


def test_a_wrong_answer_completes_nothing(enrolment, course, answer):
    answer(enrolment, course.button)
    answer(enrolment, course.question, right=False)
    assert status_of(enrolment) == "active"


def test_what_may_be_skipped_does_not_count(enrolment, course, answer):
    answer(enrolment, course.text, data={"text": "Rust"})
    assert left(enrolment) == sorted([course.question.pk, course.button.pk])
    assert status_of(enrolment) == "active"


def test_completion_is_never_taken_back_nor_dated_anew(enrolment, course, answer, now):
    answer(enrolment, course.question)
    answer(enrolment, course.button)
    ActivityFactory(lesson=course.lesson, kind="read")
    answer(enrolment, course.question, right=False, at=now + MINUTE)
    answer(enrolment, course.question, at=now + 2 * MINUTE)
    done = Enrolment.objects.get()
    assert (done.status, done.completed_at) == ("completed", now)
    assert rebuild_progress(enrolments=[done]) == 0


def test_who_stopped_completes_nothing(enrolment, course, answer):
    answer(enrolment, course.question)
    Enrolment.objects.update(status="withdrawn")
    answer(enrolment, course.button)
    assert status_of(enrolment) == "withdrawn"


def test_a_course_in_which_nothing_is_required_is_never_completed(answer, now):
    optional = ActivityFactory(kind="read", required=False)
    enrolment = enrol(learner=PersonFactory(), course=optional.lesson.session.course, alias="M", now=now)
    answer(enrolment, optional)
    assert status_of(enrolment) == "active"
    assert list(finished_but_open()) == []


def test_a_course_of_which_all_was_withdrawn_is_not_completed_by_something_else(
    enrolment, course, answer, now
):
    answer(enrolment, course.question, right=False)
    for activity in (course.question, course.button):
        activity.retired_at = now
        activity.save()
    answer(enrolment, course.text, data={"text": "Rust"})
    assert status_of(enrolment) == "active"
    assert list(finished_but_open()) == []


# --- the course changes while somebody is in it ---------------------------------------------------------------------
def test_what_is_added_is_not_asked_of_who_is_under_way(enrolment, course, answer, now):
    added = ActivityFactory(lesson=course.lesson, kind="read")
    assert added.pk not in left(enrolment)
    answer(enrolment, course.question)
    answer(enrolment, course.button)
    assert status_of(enrolment) == "completed"
    newcomer = enrol(learner=PersonFactory(), course=course.row, alias="Ster", now=now)
    assert left(newcomer) == sorted([course.question.pk, course.button.pk, added.pk])


def test_an_answer_to_the_wording_before_a_change_counts(enrolment, course, answer, now):
    old = course.question.versions.get()
    answer(enrolment, course.question)
    changed = {**old.specification, "question": "Anders?"}
    ActivityVersionFactory(activity=course.question, number=2, specification=changed)
    assert left(enrolment) == [course.button.pk]
    answer(enrolment, course.button)
    assert status_of(enrolment) == "completed"
    assert Attempt.objects.filter(version=old).count() == 1


def test_an_answer_to_the_new_wording_counts_for_who_started_with_the_old(enrolment, course, answer):
    old = course.question.versions.get()
    ActivityVersionFactory(
        activity=course.question, number=2, specification={**old.specification, "question": "Anders?"}
    )
    answer(enrolment, course.question)
    assert left(enrolment) == [course.button.pk]


def withdraw_by(course, how, now):
    match how:
        case "retired":
            course.button.retired_at = now
            course.button.save()
        case "lesson archived":
            other = LessonFactory(session=course.session)
            course.button.lesson = other
            course.button.save()
            archive(model=type(other), key=other.key, now=now)
        case "session archived":
            other = LessonFactory(session=SessionFactory(course=course.row))
            course.button.lesson = other
            course.button.save()
            archive(model=type(other.session), key=other.session.key, now=now)
        case "moved to another course":
            other = LessonFactory(session=SessionFactory(course=CourseFactory()))
            course.button.lesson = other
            course.button.save()


WAYS_OUT = ["retired", "lesson archived", "session archived", "moved to another course"]


@pytest.mark.parametrize("how", WAYS_OUT)
def test_what_was_taken_out_is_no_longer_asked(how, enrolment, course, answer, now):
    withdraw_by(course, how, now)
    assert left(enrolment) == [course.question.pk]
    answer(enrolment, course.question)
    assert status_of(enrolment) == "completed"


@pytest.mark.parametrize("how", WAYS_OUT)
def test_who_had_done_all_the_rest_is_found_and_completed(how, enrolment, course, answer, now):
    answer(enrolment, course.question)
    assert list(finished_but_open()) == []
    withdraw_by(course, how, now)
    assert list(finished_but_open()) == [enrolment]
    completed = complete_if_finished(enrolment=enrolment, now=now + MINUTE)
    assert (completed.status, completed.completed_at) == ("completed", now + MINUTE)
    assert list(finished_but_open()) == []
    again = complete_if_finished(enrolment=enrolment, now=now + 2 * MINUTE)
    assert again.completed_at == now + MINUTE


def test_who_has_something_left_is_not_completed_by_a_withdrawal(enrolment, course, answer, now):
    more = ActivityFactory(lesson=course.lesson, kind="read")
    newcomer = enrol(learner=PersonFactory(), course=course.row, alias="Ster", now=now)
    answer(newcomer, more)
    withdraw_by(course, "retired", now)
    assert list(finished_but_open()) == []
    assert complete_if_finished(enrolment=newcomer, now=now).status == "active"


def test_what_comes_back_is_asked_again(enrolment, course, answer, now):
    withdraw_by(course, "retired", now)
    course.button.retired_at = None
    course.button.save()
    answer(enrolment, course.question)
    assert (left(enrolment), status_of(enrolment)) == ([course.button.pk], "active")


# --- course versions ------------------------------------------------------------------------------------------------
def test_two_who_start_with_the_same_share_a_version(enrolment, course, now):
    other = enrol(learner=PersonFactory(), course=course.row, alias="Ster", now=now)
    assert other.course_version == enrolment.course_version
    items = CourseVersionItem.objects.filter(course_version=enrolment.course_version)
    assert sorted(items.values_list("activity", flat=True)) == sorted([course.question.pk, course.button.pk])


def test_a_new_wording_or_activity_makes_a_new_version_and_leaves_the_old_one(enrolment, course, now):
    before = set(enrolment.course_version.items.values_list("activity_version", flat=True))
    ActivityFactory(lesson=course.lesson, kind="read")
    later = freeze_course(course=course.row, now=now)
    assert later != enrolment.course_version
    assert later.items.count() == 3
    assert set(enrolment.course_version.items.values_list("activity_version", flat=True)) == before
    assert freeze_course(course=course.row, now=now + MINUTE) == later
    assert later.fingerprint == fingerprint(sorted(later.items.values_list("activity_version", flat=True)))


def test_a_course_without_anything_has_an_empty_version(now):
    assert freeze_course(course=CourseFactory(), now=now).items.count() == 0


def test_retired_and_archived_are_not_frozen(course, now):
    course.question.retired_at = now
    course.question.save()
    other = ActivityFactory(lesson=LessonFactory(session=course.session, archived_at=now), kind="read")
    third = ActivityFactory(lesson=LessonFactory(session=SessionFactory(course=course.row, archived_at=now)))
    frozen = freeze_course(course=course.row, now=now).items.values_list("activity", flat=True)
    assert list(frozen) == [course.button.pk]
    assert {other.pk, third.pk} & set(frozen) == set()


def test_a_translation_is_never_what_is_required(enrolment, course, now):
    version = course.question.versions.get()
    ActivityVersionFactory(
        activity=course.question, locale="en", number=7, specification=version.specification
    )
    assert freeze_course(course=course.row, now=now) == enrolment.course_version


def test_publishing_a_lesson_twice_at_once_makes_one_row(course, now):
    draft = ActivityDraft(
        uuid.uuid4(), "read", True, {"statement": "Gelezen", "max_score": 0, "pass_score": 0}
    )
    key = uuid.uuid4()
    for _time in range(2):
        lesson = publish_lesson(
            key=key,
            wording=Wording("nl", is_source=True),
            title="Les",
            values={"session": course.session, "part": "whole", "minutes": 5},
            activities=[draft],
            now=now,
        )
    assert (lesson.activities.count(), lesson.activities.get().versions.count()) == (1, 1)
