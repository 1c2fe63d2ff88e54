"""Who comes to a meeting, and what was written down about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from courses.models import Enrolment
from meetings.models import Attendance, Meeting, Registration
from people.models import User

Status = Registration.Status


@dataclass(frozen=True)
class Participant:
    """Somebody of a meeting by the name the group knows, with the attendance that holds."""

    person_id: UUID
    alias: str
    signed_off: bool
    attendance: Attendance | None


def participants(meeting: Meeting) -> list[Participant]:
    """Everybody of the list, and whoever was written down and left it since; by alias. Three queries at most."""
    names = _names(meeting)
    signed_off = set()
    if meeting.cohort_id is not None:
        off = Registration.objects.filter(meeting=meeting, status=Status.CANCELLED)
        signed_off = set(off.values_list("person_id", flat=True))
    written = {
        row.person_id: row
        for row in Attendance.objects.current()
        .filter(meeting=meeting, person__isnull=False)
        .select_related("person")
    }
    for person_id, row in written.items():
        names.setdefault(person_id, row.person.alias)
    found = [Participant(pk, name, pk in signed_off, written.get(pk)) for pk, name in names.items()]
    return sorted(found, key=lambda each: (each.alias.casefold(), str(each.person_id)))


def people_of(meeting: Meeting) -> list[User]:
    """Who is to be told about a meeting: everybody in it who did not sign off. One query, with their contact preferences."""
    if meeting.cohort_id is None:
        registered = Registration.objects.filter(
            meeting=meeting, status=Status.REGISTERED, person=OuterRef("pk")
        )
        return list(User.objects.filter(Exists(registered), is_active=True).select_related("contact"))
    learns = Enrolment.objects.filter(cohort=meeting.cohort_id, learner=OuterRef("pk")).exclude(
        status=Enrolment.Status.WITHDRAWN
    )
    off = Registration.objects.filter(meeting=meeting, person=OuterRef("pk"), status=Status.CANCELLED)
    return list(User.objects.filter(Exists(learns), ~Exists(off), is_active=True).select_related("contact"))


def leaders_of(meeting: Meeting) -> list[User]:
    """Who runs a meeting: the group's trainers, or who was named for it. One query, with their contact preferences."""
    leaders = meeting.cohort.trainers if meeting.cohort is not None else meeting.leaders
    return list(leaders.filter(is_active=True).select_related("contact"))


def is_in(meeting: Meeting, person: Any) -> bool:
    """Whether somebody is on the list of a meeting. Signed off is still on the list of a group's."""
    return Meeting.objects.of_participant(person).filter(pk=meeting.pk).exists()


def _names(meeting: Meeting) -> dict[UUID, str]:
    if meeting.cohort_id is not None:
        enrolments = Enrolment.objects.filter(cohort=meeting.cohort_id).exclude(
            status=Enrolment.Status.WITHDRAWN
        )
        return dict(enrolments.values_list("learner_id", "alias"))
    registered = Registration.objects.filter(meeting=meeting, status=Status.REGISTERED)
    return dict(registered.values_list("person_id", "person__alias"))


def current_attendance(meeting: Meeting, person: Any) -> Attendance | None:
    """What holds about one person."""
    return Attendance.objects.current().filter(meeting=meeting, person=person).first()


def corrections(meeting: Meeting) -> QuerySet[Attendance]:
    """What was changed after it was written down, each with the row that it `replaces`, newest first."""
    return (
        Attendance.objects.filter(meeting=meeting, replaces__isnull=False)
        .select_related("person", "recorded_by", "replaces")
        .order_by("-recorded_at", "-pk")
    )


def missed_sessions(person: Any, *, now: datetime) -> QuerySet[Attendance]:
    """Meetings with a session that somebody missed and has not caught up with."""
    learns = Enrolment.objects.filter(learner=person, cohort=OuterRef("meeting__cohort")).exclude(
        status=Enrolment.Status.WITHDRAWN
    )
    return (
        Attendance.objects.current()
        .filter(
            Exists(learns),
            person=person,
            status__in=Attendance.MISSED,
            meeting__session__isnull=False,
            meeting__session__archived_at=None,
            meeting__starts_at__lte=now,
        )
        .select_related("meeting__session")
        .order_by("meeting__starts_at")
    )
