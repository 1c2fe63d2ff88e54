"""Writing down who was there; who missed something is told where to find it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from meetings.flows.telling import tell_of_meeting
from meetings.models import Attendance, Meeting
from meetings.services import attendance
from people.models import User


@transaction.atomic
def write_attendance(
    *,
    meeting: Meeting,
    marks: Iterable[attendance.Mark],
    by: User,
    now: datetime,
    guests: int | None = None,
) -> attendance.Recorded:
    """Write it down. Whoever missed a session finds it waiting on the site, and is told once."""
    recorded = attendance.record_attendance(meeting=meeting, marks=marks, by=by, guests=guests, now=now)
    if meeting.session_id is not None:
        missed = [row.person for row in recorded.rows if row.status in Attendance.MISSED and row.person]
        tell_of_meeting(missed, meeting, "catch_up", now=now)
    return recorded


@transaction.atomic
def check_in_with(*, meeting: Meeting, nonce: UUID, person: User, now: datetime) -> Attendance:
    """The person is there, by a code from the screen. Raises `AttendanceRefused`."""
    return attendance.check_in(meeting=meeting, nonce=nonce, person=person, now=now)


@transaction.atomic
def catch_up_with(*, meeting: Meeting, person: User, now: datetime) -> Attendance | None:
    """The person did afterwards what they missed. None where there was nothing to catch up with."""
    return attendance.catch_up(meeting=meeting, person=person, now=now)
