"""One learner in a small course, and what they do in it."""

import uuid
from types import SimpleNamespace

import pytest

from courses.models import ActivityState, Enrolment
from courses.services.attempts import record_answer
from courses.services.enrolments import enrol
from courses.services.progress import refresh
from tests.factories import ActivityFactory, LessonFactory, PersonFactory, right_answer, wrong_answer


@pytest.fixture
def course(db):
    """A lesson with a question and a button that count, and a private text that does not."""
    lesson = LessonFactory()
    return SimpleNamespace(
        row=lesson.session.course,
        session=lesson.session,
        lesson=lesson,
        question=ActivityFactory(lesson=lesson, kind="single_choice"),
        button=ActivityFactory(lesson=lesson, kind="read"),
        text=ActivityFactory(lesson=lesson, kind="reflection", required=False),
    )


@pytest.fixture
def enrolment(course, now):
    return enrol(learner=PersonFactory(), course=course.row, alias="Maan", now=now)


@pytest.fixture
def answer(now):
    """Record an answer and refresh what follows from it, as the flow does. Right, unless `data` or `right` say else."""

    def give(enrolment, activity, *, data=None, right=True, at=now, form=None, version=None):
        version = version or activity.versions.order_by("-number").first()
        data = data if data is not None else (right_answer if right else wrong_answer)(version)
        enrolment = Enrolment.objects.select_related("course_version").get(pk=enrolment.pk)
        recorded = record_answer(
            enrolment=enrolment, version=version, data=data, uuid=form or uuid.uuid4(), now=at
        )
        refresh(enrolment=enrolment, activity_id=activity.pk, now=at)
        return recorded

    return give


@pytest.fixture
def states():
    """The projection as comparable rows."""

    def read(enrolment):
        rows = ActivityState.objects.filter(enrolment=enrolment).order_by("activity")
        return list(
            rows.values_list(
                "activity", "status", "best_score", "attempts_count", "last_attempt", "completed_at"
            )
        )

    return read
