"""Attempts are only ever added: the database itself sees to it, after all migrations, on either vendor."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from courses.models import Attempt, Enrolment, ErasureOrder
from courses.services.attempts import record_answer
from courses.services.enrolments import enrol
from courses.services.erasure import erase_record
from courses.services.progress import refresh
from tests.factories import ActivityFactory, PersonFactory, right_answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(now):
    activity = ActivityFactory()
    learner = PersonFactory()
    enrolment = enrol(learner=learner, course=activity.lesson.session.course, alias="Maan", now=now)
    version = activity.versions.get()
    recorded = record_answer(
        enrolment=enrolment, version=version, data=right_answer(version), uuid=uuid.uuid4(), now=now
    )
    refresh(enrolment=enrolment, activity_id=activity.pk, now=now)
    return recorded.attempt


def test_an_attempt_cannot_be_changed(attempt):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(passed=False)
    attempt.refresh_from_db()
    assert attempt.passed is True


def test_an_attempt_cannot_be_deleted(attempt):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute("DELETE FROM courses_attempt WHERE id = %s", [attempt.pk])
    assert Attempt.objects.count() == 1


def test_an_executed_order_opens_nothing(attempt, now):
    ErasureOrder.objects.create(enrolment_id=attempt.enrolment_id, ordered_at=now, executed_at=now)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute("DELETE FROM courses_attempt WHERE id = %s", [attempt.pk])
    assert Attempt.objects.count() == 1


def test_an_order_for_somebody_else_opens_nothing(attempt, now):
    ErasureOrder.objects.create(enrolment_id=uuid.uuid4(), ordered_at=now)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute("DELETE FROM courses_attempt WHERE id = %s", [attempt.pk])
    assert Attempt.objects.count() == 1


def test_erasing_a_record_takes_all_of_it_and_closes_the_door(attempt, now):
    assert erase_record(learner=attempt.learner, now=now) == 1
    assert (Attempt.objects.count(), Enrolment.objects.count()) == (0, 0)
    assert list(ErasureOrder.objects.values_list("executed_at", flat=True)) == [now]
