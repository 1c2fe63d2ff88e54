"""Starting and stopping a course."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Cohort, Course, Enrolment
from courses.services.syllabus import freeze_course
from people.models import User

WRONG_CODE = gettext_lazy("This code does not belong to the group. Check it letter by letter.")


class EnrolmentRefused(Exception):
    """The person cannot start this course. The message is for them."""


@transaction.atomic
def enrol(
    *, learner: User, course: Course, alias: str, now: datetime, cohort: Cohort | None = None, code: str = ""
) -> Enrolment:
    """Start a course; who is in already gets the enrolment they have. A code alone finds its cohort.

    Raises `EnrolmentRefused` where the course is closed, the code is wrong or the cohort is full.
    """
    course = Course.objects.select_for_update().get(
        pk=course.pk
    )  # counts places, and makes a second click wait
    current = Enrolment.objects.filter(learner=learner, course=course).exclude(
        status=Enrolment.Status.WITHDRAWN
    )
    if existing := current.first():
        return existing
    if course.archived_at is not None:
        raise EnrolmentRefused(_("This course is not on offer now."))
    if cohort is None and code.strip():
        cohort = course.cohorts.filter(way_in=Cohort.WayIn.CODE, code__iexact=code.strip()).first()
        if cohort is None:
            raise EnrolmentRefused(WRONG_CODE)
    if cohort is None and not course.open_enrolment:
        raise EnrolmentRefused(_("You join this course through a group. Ask the trainer how."))
    if cohort is not None:
        _check_way_in(course, cohort, code)
    return Enrolment.objects.create(
        learner=learner,
        course=course,
        cohort=cohort,
        course_version=freeze_course(course=course, now=now),
        alias=alias,
        started_at=now,
    )


@transaction.atomic
def withdraw(*, enrolment: Enrolment, now: datetime) -> None:
    """Stop a course. The record stays; starting again begins a new enrolment. Completed courses stay completed."""
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if enrolment.status == Enrolment.Status.ACTIVE:
        enrolment.status = Enrolment.Status.WITHDRAWN
        enrolment.withdrawn_at = now
        enrolment.save(update_fields=["status", "withdrawn_at"])


def note_place(*, enrolment: Enrolment, lesson_id: int) -> None:
    """Remember the lesson a learner opened last. Writes only when it is another one."""
    if enrolment.here_id != lesson_id:
        Enrolment.objects.filter(pk=enrolment.pk).update(here=lesson_id)


def _check_way_in(course: Course, cohort: Cohort, code: str) -> None:
    if cohort.course_id != course.pk:
        raise ValueError("the cohort goes through another course")
    if cohort.way_in == Cohort.WayIn.CODE and code.strip().casefold() != cohort.code.casefold():
        raise EnrolmentRefused(WRONG_CODE)
    taken = cohort.enrolments.exclude(status=Enrolment.Status.WITHDRAWN).count()
    if cohort.capacity is not None and taken >= cohort.capacity:
        raise EnrolmentRefused(_("This group is full."))
