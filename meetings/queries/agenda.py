"""Meetings as somebody sees them: their own agenda, what is open to them, and the meeting of a session."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.models import Enrolment
from meetings.models import Attendance, GroupPlace, Meeting, Place, Registration
from meetings.queries.participants import came_later
from meetings.rules import homework_window

Status = Place.Status
# How long meetings stay in a calendar that somebody subscribed to.
LOOK_BACK = timedelta(days=120)


@dataclass(frozen=True)
class Appointment:
    """A meeting with how one person stands to it."""

    meeting: Meeting
    place: Registration | None = None
    # Checked in, or written down by who leads it.
    is_there: bool = False

    def is_ahead(self, now: datetime) -> bool:
        """Whether it is still to come, so that somebody can say whether they do."""
        return self.meeting.cancelled_at is None and self.meeting.starts_at > now

    def may_sign_off(self, now: datetime) -> bool:
        return self.is_in and not self.is_there and self.is_ahead(now)

    def may_come_after_all(self, now: datetime) -> bool:
        return self.signed_off and not self.is_there and self.is_ahead(now)

    @property
    def signed_off(self) -> bool:
        return self.place is not None and self.place.is_signed_off(self.meeting)

    @property
    def is_in(self) -> bool:
        """Whether they come: by their group and not signed off, or by a registration."""
        if self.meeting.cohort_id is not None:
            return not self.signed_off
        return self.place is not None and self.place.status == Status.REGISTERED


def coming(person: Any, *, now: datetime, most: int | None = None) -> list[Appointment]:
    """What somebody goes to, soonest first, cancelled ones left out. Two queries."""
    meetings = Meeting.objects.of_participant(person).standing().filter(ends_at__gt=now)
    return appointments(
        person, meetings.select_related("session", "cohort").order_by("starts_at", "pk")[:most]
    )


def led(person: Any, *, now: datetime) -> list[Appointment]:
    """What somebody leads, soonest first, cancelled ones left out. One query."""
    meetings = Meeting.objects.led_by(person).standing().filter(ends_at__gt=now)
    return [
        Appointment(meeting)
        for meeting in meetings.select_related("session", "cohort").order_by("starts_at", "pk")
    ]


def open_meetings(person: Any, *, now: datetime) -> list[Appointment]:
    """What somebody may register for, or waits for; without what they are in. Two queries."""
    meetings = (
        Meeting.objects.open_to_or_awaited_by(person)
        .standing()
        .filter(starts_at__gt=now)
        .select_related("organisation")
        .order_by("starts_at", "pk")
    )
    return [each for each in appointments(person, meetings) if not each.is_in]


def appointments(person: Any, meetings: QuerySet[Meeting]) -> list[Appointment]:
    there = Attendance.objects.current().filter(
        meeting=OuterRef("pk"), person=person, status__in=Attendance.THERE
    )
    found = list(meetings.annotate(is_there=Exists(there)))
    places = Registration.objects.filter(person=person, meeting__in=[meeting.pk for meeting in found])
    by_meeting = {place.meeting_id: place for place in places}
    return [Appointment(meeting, by_meeting.get(meeting.pk), meeting.is_there) for meeting in found]


@dataclass(frozen=True)
class Awaited:
    """What somebody waits for: places that are theirs if they want them, and groups that they are not in yet."""

    offers: list[Registration | GroupPlace]
    groups: list[GroupPlace]


def awaited_by(person: Any, *, now: datetime) -> Awaited:
    """Two queries."""
    asked = GroupPlace.objects.filter(
        person=person, status__in=[Status.ASKED, Status.WAITING, Status.OFFERED], cohort__archived_at=None
    )
    places = list(asked.select_related("cohort__course").order_by("created_at", "pk"))
    standing = {"person": person, "status": Status.OFFERED, "offer_expires_at__gt": now}
    meetings = Registration.objects.filter(**standing, meeting__cancelled_at=None).select_related("meeting")
    return Awaited(
        offers=[*(place for place in places if place.is_offered(now)), *meetings],
        groups=[place for place in places if place.status != Status.OFFERED],
    )


def calendar_of(person: Any, *, now: datetime) -> QuerySet[Meeting]:
    """What a calendar holds: where somebody comes and what they lead, of the last months and to come, also what is off. One query."""
    comes, leads = Meeting.objects.of_participant(person), Meeting.objects.led_by(person)
    return (
        Meeting.objects.filter(Q(pk__in=comes.values("pk")) | Q(pk__in=leads.values("pk")))
        .not_put_away()
        .filter(ends_at__gt=now - LOOK_BACK)
        .select_related("organisation")
        .order_by("starts_at", "pk")
    )


def places_of(person: Any) -> Mapping[Any, Registration]:
    """All that somebody said of coming to meetings, by meeting. One query."""
    return {place.meeting_id: place for place in Registration.objects.filter(person=person)}


@dataclass(frozen=True)
class SessionMeeting:
    """The meeting of a session in a learner's group, with what it means for them."""

    appointment: Appointment
    attendance: Attendance | None
    before_from: date
    after_until: date | None
    # It was over when they came into the group.
    came_later: bool = False

    @property
    def meeting(self) -> Meeting:
        return self.appointment.meeting

    @property
    def missed(self) -> bool:
        if self.attendance is None:
            return self.came_later
        return self.attendance.status in Attendance.MISSED

    @property
    def caught_up(self) -> bool:
        return self.attendance is not None and self.attendance.status == Attendance.Status.CAUGHT_UP


def session_meetings(enrolment: Enrolment) -> Mapping[int, SessionMeeting]:
    """The meetings of an enrolment's group by session id. Three queries; none without a group."""
    if enrolment.cohort_id is None:
        return {}
    meetings = Meeting.objects.filter(cohort=enrolment.cohort_id, session__isnull=False).standing()
    later = came_later(
        cohort=enrolment.cohort_id,
        person=enrolment.learner_id,
        starts_at=OuterRef("starts_at"),
        ends_at=OuterRef("ends_at"),
    )
    meetings = meetings.annotate(came_later=later).select_related("cohort").order_by("starts_at", "pk")
    found = appointments(enrolment.learner_id, meetings)
    written = Attendance.objects.current().filter(
        person=enrolment.learner_id, meeting__in=[each.meeting.pk for each in found]
    )
    by_meeting = {row.meeting_id: row for row in written}
    result = {}
    for number, each in enumerate(found):
        following = found[number + 1].meeting if number + 1 < len(found) else None
        before, until = homework_window(
            each.meeting.starts_at,
            days=each.meeting.cohort.homework_days,
            next_starts_at=following.starts_at if following else None,
        )
        row = by_meeting.get(each.meeting.pk)
        result[each.meeting.session_id] = SessionMeeting(each, row, before, until, each.meeting.came_later)
    return result
