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


class GroupFull(EnrolmentRefused):
    """The group they would come in has no place left; they may wait for one."""

    def __init__(self, cohort: Cohort) -> None:
        super().__init__(_("This group is full."))
        self.cohort = cohort


@transaction.atomic
def enrol(
    *,
    learner: User,
    course: Course,
    alias: str,
    now: datetime,
    cohort: Cohort | None = None,
    code: str = "",
    admitted: bool = False,
    again: bool = False,
) -> Enrolment:
    """Start a course; who is in already gets the enrolment they have. A code alone finds its cohort.

    `admitted`: by invitation, after an intake or from the waiting list, so that the group's way in asks no more.
    `again`: who completed it does it once more, from the beginning and in another group; the earlier record stays as it
    was. So does who completed it and is admitted to another group.
    Raises `EnrolmentRefused` where the course is closed or the code is wrong, `GroupFull` where there is no place.
    """
    course = Course.objects.select_for_update().get(
        pk=course.pk
    )  # counts places, and makes a second click wait
    existing = Enrolment.objects.in_use().filter(learner=learner, course=course).first()
    admitted_elsewhere = existing and admitted and cohort is not None and existing.cohort_id != cohort.pk
    begins_anew = existing and existing.status == Enrolment.Status.COMPLETED and (again or admitted_elsewhere)
    if existing and not begins_anew:
        return _join(existing, cohort) if admitted_elsewhere else existing
    if course.archived_at is not None:
        raise EnrolmentRefused(_("This course is not on offer now."))
    if cohort is None and code.strip():
        by_code = course.cohorts.filter(way_in=Cohort.WayIn.CODE, archived_at=None)
        cohort = by_code.filter(code__iexact=code.strip()).first()
        if cohort is None:
            raise EnrolmentRefused(WRONG_CODE)
    if cohort is None and not course.open_enrolment:
        raise EnrolmentRefused(_("You join this course through a group. Ask the trainer how."))
    if cohort is not None:
        _check_way_in(course, cohort, code, admitted=admitted)
    if existing:
        _leave_as_it_was(existing, cohort, now)
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
    """Stop a course. The record stays; starting again begins a new enrolment. Completed courses stay completed.

    Who stops doing it once more is back at the time that they completed it.
    """
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if enrolment.status == Enrolment.Status.ACTIVE:
        enrolment.status = Enrolment.Status.WITHDRAWN
        enrolment.withdrawn_at = now
        enrolment.save(update_fields=["status", "withdrawn_at"])
        earlier = Enrolment.objects.filter(
            learner=enrolment.learner_id, course=enrolment.course_id, begun_again_at__isnull=False
        )
        if last := earlier.order_by("-started_at", "-pk").first():
            last.begun_again_at = None
            last.save(update_fields=["begun_again_at"])


@transaction.atomic
def complete_as_it_is(*, enrolment: Enrolment, now: datetime) -> None:
    """Complete a course with lessons left in it, so that its learner can do it once more; nothing where it is over.

    There must be an achievement to leave behind, such as a certificate that did not ask for those lessons.
    """
    Course.objects.select_for_update().get(pk=enrolment.course_id)  # before the enrolment, as `enrol` does
    Enrolment.objects.filter(pk=enrolment.pk, status=Enrolment.Status.ACTIVE).update(
        status=Enrolment.Status.COMPLETED, completed_at=now
    )


def note_place(*, enrolment: Enrolment, lesson_id: int) -> None:
    """Remember the lesson a learner opened last. Writes only when it is another one."""
    if enrolment.here_id != lesson_id:
        Enrolment.objects.filter(pk=enrolment.pk).update(here=lesson_id)


def _leave_as_it_was(enrolment: Enrolment, cohort: Cohort | None, now: datetime) -> None:
    """Make room for doing a completed course once more. Not in the same group: its meetings would count twice."""
    times = Enrolment.objects.filter(learner=enrolment.learner_id, status=Enrolment.Status.COMPLETED)
    if cohort is not None and times.filter(cohort=cohort).exists():
        raise EnrolmentRefused(_("You completed this course in this group. Choose another one."))
    enrolment.begun_again_at = now
    enrolment.save(update_fields=["begun_again_at"])


def _join(enrolment: Enrolment, cohort: Cohort) -> Enrolment:
    """Somebody who learned by themselves comes into a group; who is in another one stays there."""
    if enrolment.cohort_id is not None:
        raise EnrolmentRefused(_("You follow this course in another group already."))
    _check_way_in(enrolment.course, cohort, "", admitted=True)
    enrolment.cohort = cohort
    enrolment.save(update_fields=["cohort"])
    return enrolment


def _check_way_in(course: Course, cohort: Cohort, code: str, *, admitted: bool) -> None:
    if cohort.course_id != course.pk:
        raise ValueError("the cohort goes through another course")
    cohort.refresh_from_db(fields=["capacity", "held", "archived_at"])
    if cohort.archived_at is not None:
        raise EnrolmentRefused(_("This group takes nobody any more."))
    if not admitted:
        if cohort.way_in == Cohort.WayIn.CODE and code.strip().casefold() != cohort.code.casefold():
            raise EnrolmentRefused(WRONG_CODE)
        if cohort.way_in in {Cohort.WayIn.INVITATION, Cohort.WayIn.INTAKE}:
            raise EnrolmentRefused(_("You join this course through a group. Ask the trainer how."))
    taken = cohort.enrolments.exclude(status=Enrolment.Status.WITHDRAWN).count() + cohort.held
    if cohort.capacity is not None and taken >= cohort.capacity:
        raise GroupFull(cohort)
