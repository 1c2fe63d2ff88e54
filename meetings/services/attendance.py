"""Writing down who was there: by who leads the meeting, or by the person with a code from the screen."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from meetings.models import Attendance, CheckIn, Meeting
from meetings.queries.participants import is_in, was_before_joining
from meetings.rules import doors_open, may_be_recorded
from people.models import User
from people.services.profiles import clean_line

Status = Attendance.Status


class AttendanceRefused(Exception):
    """It cannot be written down (now). The message is for who tries."""


@dataclass(frozen=True)
class Mark:
    """What is said of one person. `minutes` None: all of the meeting for who was there, none for who was not."""

    person_id: UUID
    status: str
    minutes: int | None = None
    remark: str = ""
    # The row that stood on the page on which it was said, 0 where none did. None: it is said of whatever holds.
    shown: int | None = None


@dataclass(frozen=True)
class Recorded:
    """`rows` are new. Of `passed_over` another thing was said than holds, on a page that was older than what holds."""

    rows: list[Attendance]
    passed_over: list[UUID]


@transaction.atomic
def record_attendance(
    *, meeting: Meeting, marks: Iterable[Mark], by: User, now: datetime, guests: int | None = None
) -> Recorded:
    """Write down who was there; what differs from what holds becomes a correction beside it.

    What was written down after a mark's page was drawn stands: that somebody caught up or checked in is not undone by a
    page that was open all the while. Raises `AttendanceRefused` for a meeting that is still to come or was cancelled.
    """
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    _check(meeting, now)
    if guests is not None and guests != meeting.guests:
        Meeting.objects.filter(pk=meeting.pk).update(guests=guests)
    holding = {
        row.person_id: row
        for row in Attendance.objects.current().filter(meeting=meeting, person__isnull=False)
    }
    subjects = _subjects(meeting)
    written, overtaken = [], []
    for mark in marks:
        before = holding.get(mark.person_id)
        if _is_overtaken(mark, before):
            overtaken.append(mark)
        elif row := _write(meeting, mark, before=before, subjects=subjects, by=by, now=now):
            written.append(row)
    return Recorded(written, _passed_over(meeting, overtaken, holding))


@transaction.atomic
def check_in(*, meeting: Meeting, nonce: UUID, person: User, now: datetime) -> Attendance:
    """The person says by a code from the screen that they are there. The same person and code again change nothing.

    Raises `AttendanceRefused` outside the meeting's hours, for who is not on its list, and for a code that somebody
    else used.
    """
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.cancelled_at or not meeting.self_check_in:
        raise AttendanceRefused(
            _("For this meeting you cannot check in yourself. Your trainer writes it down.")
        )
    if not doors_open(now, starts_at=meeting.starts_at, ends_at=meeting.ends_at):
        raise AttendanceRefused(
            _(
                "You can check in from an hour before the meeting until it ends. Your trainer can also write it down."
            )
        )
    if not is_in(meeting, person):
        raise AttendanceRefused(_("You are not on the list of this meeting. Ask your trainer."))
    used, created = CheckIn.objects.get_or_create(
        nonce=nonce, defaults={"meeting": meeting, "person": person, "at": now}
    )
    if not created and (used.person_id != person.pk or used.meeting_id != meeting.pk):
        raise AttendanceRefused(_("This code was used already. Scan the one on the screen again."))
    before = Attendance.objects.current().filter(meeting=meeting, person=person).first()
    if before is not None:
        return before  # what a trainer wrote down stands
    late = now > meeting.starts_at
    minutes = int((meeting.ends_at - max(now, meeting.starts_at)).total_seconds() // 60)
    mark = Mark(
        person.pk, Status.LATE if late and minutes < meeting.minutes - 10 else Status.PRESENT, minutes
    )
    return _write(meeting, mark, before=None, subjects=_subjects(meeting), by=person, now=now, by_self=True)


@transaction.atomic
def catch_up(*, meeting: Meeting, person: User, now: datetime) -> Attendance | None:
    """The person did afterwards what they missed: a status of its own. None where they missed nothing.

    Of what was over when they came into the group nobody writes down that they missed it.
    """
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    before = Attendance.objects.current().filter(meeting=meeting, person=person).first()
    missed = before.status in Attendance.MISSED if before else was_before_joining(meeting, person)
    if not missed:
        return None
    mark = Mark(person.pk, Status.CAUGHT_UP, remark=before.remark if before else "")
    return _write(meeting, mark, before=before, subjects=_subjects(meeting), by=person, now=now, by_self=True)


def _check(meeting: Meeting, now: datetime) -> None:
    if meeting.cancelled_at is not None:
        raise AttendanceRefused(_("This meeting is cancelled."))
    if not may_be_recorded(now, starts_at=meeting.starts_at):
        raise AttendanceRefused(
            _("This meeting is still to come. From an hour before it you can fill this in.")
        )


def _subjects(meeting: Meeting) -> dict[Any, UUID]:
    """The random keys that people of this group have already, so that a group's register stays countable per person."""
    whose = {"meeting__cohort": meeting.cohort_id} if meeting.cohort_id else {"meeting": meeting}
    rows = Attendance.objects.filter(**whose, person__isnull=False)
    return dict(rows.values_list("person_id", "subject").distinct())


def _is_overtaken(mark: Mark, holds: Attendance | None) -> bool:
    return mark.shown is not None and holds is not None and holds.pk != mark.shown


def _passed_over(meeting: Meeting, marks: list[Mark], holding: dict[Any, Attendance]) -> list[UUID]:
    """Of whom another thing was said than the page showed, and than holds now."""
    rows = {row.pk: row for row in Attendance.objects.filter(meeting=meeting)} if marks else {}
    found = []
    for mark in marks:
        known = [holding[mark.person_id], *(rows[pk] for pk in [mark.shown] if pk in rows)]
        if not any(_says(row, _values(meeting, mark)) for row in known):
            found.append(mark.person_id)
    return found


def _says(row: Attendance, values: dict[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())


def _values(meeting: Meeting, mark: Mark) -> dict[str, Any]:
    """What a mark comes to in the columns of a row."""
    status = Status(mark.status)
    there = status in Attendance.THERE
    minutes = meeting.minutes if mark.minutes is None else max(0, min(mark.minutes, meeting.minutes))
    return {
        "status": status,
        "minutes": minutes if there else 0,
        "remark": clean_line(mark.remark)[:200],
    }


def _write(
    meeting: Meeting,
    mark: Mark,
    *,
    before: Attendance | None,
    subjects: dict[Any, UUID],
    by: User,
    now: datetime,
    by_self: bool = False,
) -> Attendance | None:
    """The new row, or None where nothing differs."""
    values = _values(meeting, mark)
    if before is not None and _says(before, values):
        return None
    return Attendance.objects.create(
        **values,
        meeting=meeting,
        person_id=mark.person_id,
        subject=before.subject if before else subjects.get(mark.person_id) or uuid.uuid4(),
        recorded_at=now,
        recorded_by=by,
        by_self=by_self,
        replaces=before,
    )
