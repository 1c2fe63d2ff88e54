"""Who comes to a meeting, and what was written down about it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.models import Enrolment
from meetings.models import Attendance, GroupPlace, Meeting, Registration
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


def to_write_down(meeting: Meeting, *, came: Collection[UUID] = ()) -> list[Participant]:
    """Those of `participants` of whom somebody says whether they were there. Four queries at most.

    Not who came into the group when the meeting was over, unless something stands of them or they `came` into its room.
    """
    people = participants(meeting)
    if meeting.cohort_id is None:
        return people
    when = {"starts_at": meeting.starts_at, "ends_at": meeting.ends_at}
    members = Enrolment.objects.filter(cohort=meeting.cohort_id).exclude(status=Enrolment.Status.WITHDRAWN)
    later = members.filter(came_later(cohort=meeting.cohort_id, person=OuterRef("learner"), **when))
    left_out = set(later.values_list("learner_id", flat=True)) - set(came)
    return [each for each in people if each.attendance is not None or each.person_id not in left_out]


def came_later(*, cohort: Any, person: Any, starts_at: Any, ends_at: Any) -> Q:
    """Whether somebody of a group came into it when a meeting was over. Each is a value, or a reference to the outer row.

    Known is when they started the course, and since when they have their place in the group, where they have one: by
    invitation, after an intake talk or from the waiting list. Who stopped and came back was in until they stopped.
    """
    enrolments = Enrolment.objects.filter(cohort=cohort, learner=person, started_at__lt=ends_at)
    stopped = enrolments.filter(status=Enrolment.Status.WITHDRAWN, withdrawn_at__gt=starts_at)
    stays = enrolments.exclude(status=Enrolment.Status.WITHDRAWN)
    placed = GroupPlace.objects.filter(
        cohort=cohort, person=person, status=GroupPlace.Status.REGISTERED, changed_at__gte=ends_at
    )
    return ~Exists(stopped) & (~Exists(stays) | Exists(placed))


def was_before_joining(meeting: Meeting, person: Any) -> bool:
    """Whether a meeting of somebody's group was over when they came into it: they can catch up with it."""
    when = {"starts_at": OuterRef("starts_at"), "ends_at": OuterRef("ends_at")}
    of_group = Meeting.objects.of_participant(person).filter(pk=meeting.pk, cohort__isnull=False)
    return of_group.filter(came_later(cohort=OuterRef("cohort"), person=person, **when)).exists()


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


def awaiting(meeting: Meeting) -> list[User]:
    """Who waits for a place in a meeting, or is offered one. One query, with their contact preferences."""
    places = Registration.objects.filter(
        meeting=meeting, person=OuterRef("pk"), status__in=[Status.WAITING, Status.OFFERED]
    )
    return list(User.objects.filter(Exists(places), is_active=True).select_related("contact"))


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
