"""Taking a learner's record away, and no other."""

import pytest
from django.db import DatabaseError, transaction

from courses.models import ActivityState, Attempt, Enrolment, ErasureOrder, Reflection
from courses.services.enrolments import enrol
from courses.services.erasure import erase_record
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def fill(enrolment, course, answer):
    answer(enrolment, course.question)
    answer(enrolment, course.text, data={"text": "Rust"})


def held(learner):
    return tuple(
        model.objects.filter(**{path: learner}).count()
        for model, path in (
            (Enrolment, "learner"),
            (Attempt, "learner"),
            (ActivityState, "enrolment__learner"),
            (Reflection, "enrolment__learner"),
        )
    )


def test_one_learners_record_goes_and_anothers_stays(enrolment, course, answer, now):
    other = enrol(learner=PersonFactory(), course=course.row, alias="Ster", now=now)
    for each in (enrolment, other):
        fill(each, course, answer)
    assert erase_record(learner=enrolment.learner, now=now) == 1
    assert (held(enrolment.learner), held(other.learner)) == ((0, 0, 0, 0), (1, 2, 2, 1))
    order = ErasureOrder.objects.get()
    assert (order.enrolment_id, order.ordered_at, order.executed_at) == (enrolment.pk, now, now)


def test_after_it_the_door_is_closed_again(enrolment, course, answer, now):
    other = enrol(learner=PersonFactory(), course=course.row, alias="Ster", now=now)
    fill(other, course, answer)
    erase_record(learner=enrolment.learner, now=now)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Attempt.objects.all().delete()


def test_who_has_no_record_loses_none(now, db):
    assert erase_record(learner=PersonFactory(), now=now) == 0
    assert ErasureOrder.objects.count() == 0
