"""After a course, private texts go first and answers later; how far somebody came stays."""

import uuid
from datetime import timedelta

import pytest

from courses.models import ActivityState, Attempt, Enrolment, ErasureOrder, Reflection
from courses.services.attempts import record_answer
from courses.services.enrolments import enrol
from courses.services.erasure import erase_record
from courses.services.progress import rebuild_progress, refresh
from courses.services.retention import clear_old_reflections, close_old_records
from tests.factories import ActivityFactory, PersonFactory, right_answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment(now):
    check = ActivityFactory()
    private = ActivityFactory(lesson=check.lesson, kind="reflection", required=False)
    enrolment = enrol(learner=PersonFactory(), course=check.lesson.session.course, alias="Maan", now=now)
    for activity in (private, check):
        version = activity.versions.get()
        record_answer(
            enrolment=enrolment, version=version, data=right_answer(version), uuid=uuid.uuid4(), now=now
        )
        refresh(enrolment=enrolment, activity_id=activity.pk, now=now)
    enrolment.refresh_from_db()
    assert enrolment.status == Enrolment.Status.COMPLETED
    return enrolment


def test_reflections_go_half_a_year_after_the_course(enrolment, now):
    assert clear_old_reflections(now=now + timedelta(days=183)) == 0
    assert clear_old_reflections(now=now + timedelta(days=184)) == 1
    assert Reflection.objects.count() == 0


def test_a_course_under_way_keeps_everything(enrolment, now):
    Enrolment.objects.update(status="active", completed_at=None)
    later = now + timedelta(days=5000)
    assert (clear_old_reflections(now=later), close_old_records(now=later)) == (0, 0)


def test_answers_go_after_two_years_and_progress_stays(enrolment, now):
    assert close_old_records(now=now + timedelta(days=730)) == 0
    assert close_old_records(now=now + timedelta(days=731)) == 1
    assert close_old_records(now=now + timedelta(days=732)) == 0
    assert Attempt.objects.count() == 0
    assert set(ActivityState.objects.values_list("status", flat=True)) == {"done"}
    assert rebuild_progress(enrolments=Enrolment.objects.all()) == 0
    assert ActivityState.objects.count() == 2


def test_a_closed_record_can_still_be_erased(enrolment, now):
    later = now + timedelta(days=731)
    close_old_records(now=later)
    assert erase_record(learner=enrolment.learner, now=later) == 1
    assert Enrolment.objects.count() == 0
    assert list(ErasureOrder.objects.values_list("executed_at", flat=True)) == [later]
