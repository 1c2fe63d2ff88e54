"""Planning meetings, moving and cancelling them. Whatever calendars show counts `sequence` on."""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Cohort, Programme, Session
from meetings.models import Attendance, Meeting, Registration
from meetings.rules import PUT_RIGHT, Shift, lies_behind
from people.models import User

REMINDER = 24 * 60  # minutes before a meeting, unless somebody chooses otherwise
WHEN = ("starts_at", "ends_at")
# What a calendar shows of a meeting: a change of one of these is a new edition of it.
SHOWN = (*WHEN, "place", "online_link", "discreet_title", "title")
# All that can be changed of it, also what no calendar shows.
CHANGEABLE = (*SHOWN, "capacity", "audience", "region", "reminder_minutes", "self_check_in")


class PlanningRefused(Exception):
    """The meeting cannot be changed like this. The message is for who plans."""


@transaction.atomic
def plan_sessions(
    *,
    cohort: Cohort,
    sessions: Sequence[Session],
    moments: Sequence[datetime],
    minutes: int,
    now: datetime,
    place: str = "",
    online_link: str = "",
    discreet_title: str = "",
    reminder_minutes: int | None = REMINDER,
    self_check_in: bool = False,
) -> list[Meeting]:
    """A dated meeting for each session that has one, in order. Without a neutral title: the programme's neutral name."""
    programme = cohort.course.programme
    series = uuid.uuid4()
    meetings = [
        Meeting(
            kind=Meeting.Kind.TRAINING,
            organisation_id=programme.organisation_id,
            cohort=cohort,
            session=session,
            title=session.title,
            discreet_title=discreet_title or programme.neutral_name[:80],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=minutes),
            place=place,
            online_link=online_link,
            region=cohort.region,
            reminder_minutes=reminder_minutes,
            self_check_in=self_check_in,
            series=series,
            created_at=now,
            changed_at=now,
        )
        for session, starts_at in zip(sessions, moments, strict=True)
    ]
    return Meeting.objects.bulk_create(meetings)


@transaction.atomic
def plan_meetings(
    *, moments: Sequence[datetime], minutes: int, leaders: Sequence[User], now: datetime, **fields: Any
) -> list[Meeting]:
    """Meetings of no session: one, or a row of them that repeat. A support group's list is always closed.

    Raises `PlanningRefused` where one lies behind.
    """
    for starts_at in moments:
        check_moment(starts_at, now=now)
    if fields["kind"] == Meeting.Kind.SUPPORT:
        fields["closed_list"] = True
    series = uuid.uuid4() if len(moments) > 1 else None
    planned = []
    for starts_at in moments:
        meeting = Meeting.objects.create(
            **fields,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=minutes),
            series=series,
            created_at=now,
            changed_at=now,
        )
        meeting.leaders.set(leaders)
        planned.append(meeting)
    return planned


def plan_in_group(
    *,
    cohort: Cohort,
    kind: str,
    title: str,
    moments: Sequence[datetime],
    minutes: int,
    now: datetime,
    **fields: Any,
) -> list[Meeting]:
    """Meetings beside a group's training sessions, led by its trainers: everybody in it is in, also who comes in later.

    Raises `PlanningRefused` where one lies behind, the group is put away, or has it already. The caller holds the group's lock.
    """
    if kind not in Meeting.BESIDE_SESSIONS:
        raise ValueError("this kind of meeting is not planned in a group")
    if cohort.archived_at is not None:
        raise PlanningRefused(_("This group is put away. Take it back first, then you can plan in it."))
    # Two presses on one button would be two evenings, and two messages.
    if cohort.meetings.standing().filter(kind=kind, title=title, starts_at__in=moments).exists():
        raise PlanningRefused(
            _("This meeting is in the group already, with the same title at the same time.")
        )
    return plan_meetings(
        kind=kind,
        title=title,
        cohort=cohort,
        organisation=cohort.course.programme.organisation,
        region=cohort.region,
        leaders=[],
        moments=moments,
        minutes=minutes,
        now=now,
        **fields,
    )


def check_moment(starts_at: datetime, *, now: datetime, was_at: datetime | None = None) -> None:
    """Raises `PlanningRefused` for a moment that lies behind. What was held today can still be planned, to write down who came.

    `was_at`: when a meeting that moves would have begun. People still come to one that is ahead, and hear of no moment
    that is gone; of one that has begun a wrong date can be put right.
    """
    if was_at is None:
        if lies_behind(starts_at, now):
            raise PlanningRefused(_("This day lies in the past. Choose today or a later day."))
    elif was_at > now:
        if starts_at <= now:
            raise PlanningRefused(_("This moment lies in the past. Choose one that is still to come."))
    elif starts_at < was_at - PUT_RIGHT:
        raise PlanningRefused(
            _(
                "This day is too long ago. A wrong date can be put right up to two weeks before the one it had."
            )
        )


def may_be_moved(meeting: Meeting) -> bool:
    """Whether it can get another time: until it is written down who was there. That says when it was."""
    return not Attendance.objects.filter(meeting=meeting).exists()


def may_be_called_off(meeting: Meeting) -> bool:
    """Whether it can still be said that it did not take place: not where somebody was there, or caught up with it.

    Certificates count what people did at meetings that stand: calling it off would take that from them.
    """
    counts = [*Attendance.THERE, Attendance.Status.CAUGHT_UP]
    return not Attendance.objects.current().filter(meeting=meeting, status__in=counts).exists()


def later_meetings(meeting: Meeting) -> list[Meeting]:
    """Those that come after it and can be moved: of a training session the group's others, else of its row. One query."""
    if meeting.kind == Meeting.Kind.TRAINING:
        whose: dict[str, Any] = {"cohort": meeting.cohort_id, "kind": meeting.kind}
    elif meeting.series is not None:
        whose = {"series": meeting.series}
    else:
        return []
    written = Attendance.objects.filter(meeting=OuterRef("pk"))
    later = Meeting.objects.standing().filter(~Exists(written), **whose, starts_at__gt=meeting.starts_at)
    return list(later.select_related("session").order_by("starts_at", "pk"))


def where_later_ones_come(
    meeting: Meeting, *, starts_at: datetime, ends_at: datetime
) -> list[tuple[Meeting, datetime, datetime]]:
    """The later meetings with beginning and end as they would be if they moved along."""
    shift = Shift.between(meeting.starts_at, starts_at, ends_at)
    return [(later, *shift.moves(later.starts_at, later.ends_at)) for later in later_meetings(meeting)]


def state_of(meeting: Meeting) -> str:
    """A digest of all that can be changed of a meeting: whoever changes it says on which state they do."""
    stands = [getattr(meeting, name) for name in CHANGEABLE]
    return sha256(json.dumps(stands, cls=DjangoJSONEncoder).encode()).hexdigest()


@transaction.atomic
def change_meeting(
    *, meeting: Meeting, state: str, now: datetime, and_later: bool = False, **changes: Any
) -> list[Meeting]:
    """Change a meeting, and (`and_later`) move those after it as far. Those whose calendar entry changed.

    `state` is the one (`state_of`) the change was made on: somebody else's change meanwhile is not written over
    (`PlanningRefused`), nor is what has been cancelled, nor when it was of what has taken place, nor does any of them
    come to lie behind.
    """
    locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if locked.cancelled_at is not None:
        raise PlanningRefused(_("This meeting is cancelled."))
    if state_of(locked) != state:
        raise PlanningRefused(
            _("Somebody else changed this meeting just now. Look whether what you filled in still holds.")
        )
    if changes.get("capacity") not in {None, locked.capacity}:
        _check_capacity(locked, changes["capacity"])
    moves = any(name in changes and changes[name] != getattr(locked, name) for name in WHEN)
    if moves and not may_be_moved(locked):
        raise PlanningRefused(
            _("It is written down who was there, so day, time and length stay as they were.")
        )
    if "starts_at" in changes and changes["starts_at"] != locked.starts_at:
        check_moment(changes["starts_at"], now=now, was_at=locked.starts_at)
    along = []
    if and_later:
        along = where_later_ones_come(locked, starts_at=changes["starts_at"], ends_at=changes["ends_at"])
        _check_along(along, now)
    changed = [locked] if _apply(locked, changes, now) else []
    for later, starts_at, ends_at in along:
        later = Meeting.objects.select_for_update().get(pk=later.pk)  # noqa: PLW2901 -- the row as it is under the lock
        if may_be_moved(later) and _apply(later, {"starts_at": starts_at, "ends_at": ends_at}, now):
            changed.append(later)
    return changed


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, now: datetime) -> bool:
    """Cancel a meeting; the row stays, so that calendars hear of it. False where it was cancelled already.

    Raises `PlanningRefused` where somebody was there. Attendance is written under the same lock.
    """
    locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not may_be_called_off(locked):
        raise PlanningRefused(
            _(
                "Somebody was at this meeting, so it stays as it was. If that is not right, first correct it under “Who is there”."
            )
        )
    done = Meeting.objects.filter(pk=meeting.pk, cancelled_at=None).update(
        cancelled_at=now, changed_at=now, sequence=F("sequence") + 1
    )
    return bool(done)


def may_be_planned_again(meeting: Meeting) -> bool:
    """Whether its session lacks a meeting now that this one is off, in a group and a course that go on."""
    return meeting.session is not None and not why_not_planned_again(meeting)


def why_not_planned_again(meeting: Meeting) -> str:
    """What stands in the way of another meeting of its session, for who plans; empty where nothing does."""
    assert meeting.cohort is not None
    assert meeting.session is not None
    if meeting.cohort.archived_at is not None:
        return _("This group is put away. Take it back first.")
    if meeting.session.archived_at is not None:
        return _("This meeting cannot be planned again: its session is no longer part of the course.")
    if Meeting.objects.standing().filter(cohort=meeting.cohort, session=meeting.session).exists():
        return _("This meeting cannot be planned again: its session has one already.")
    return ""


@transaction.atomic
def plan_again(*, meeting: Meeting, starts_at: datetime, now: datetime, **fields: Any) -> Meeting:
    """Another meeting of a session whose meeting is off. That one stays off: calendars know it as gone.

    `fields` are those of `plan_sessions`. Raises `PlanningRefused` where the session has a meeting again, where its group or
    its course does not go on, and for a moment that lies behind.
    """
    check_moment(starts_at, now=now)
    assert meeting.cohort is not None
    assert meeting.session is not None
    # Whoever plans the same session again waits here, and finds the meeting that was planned meanwhile.
    list(Meeting.objects.select_for_update().filter(cohort=meeting.cohort, session=meeting.session))
    if refusal := why_not_planned_again(meeting):
        raise PlanningRefused(refusal)
    (planned,) = plan_sessions(
        cohort=meeting.cohort, sessions=[meeting.session], moments=[starts_at], now=now, **fields
    )
    return planned


@transaction.atomic
def archive_group(*, cohort: Cohort, now: datetime) -> None:
    """Put a group away: nobody comes in any more, and its record stays. Groups are never deleted."""
    Cohort.objects.filter(pk=cohort.pk, archived_at=None).update(archived_at=now)


def keep_checklist(*, programme: Programme, text: str) -> None:
    """What intake talks of a programme go by."""
    Programme.objects.filter(pk=programme.pk).update(intake_checklist=text)


def _check_along(along: Sequence[tuple[Meeting, datetime, datetime]], now: datetime) -> None:
    """Nothing that people still come to moves along into the past."""
    if any(starts_at <= now < later.starts_at for later, starts_at, _ends_at in along):
        raise PlanningRefused(
            _("If they move along, a meeting that is still to come lies in the past. Move only this one.")
        )


def _check_capacity(meeting: Meeting, capacity: int) -> None:
    """Nobody loses a place that is theirs, or is on offer to them."""
    held = [Registration.Status.REGISTERED, Registration.Status.OFFERED]
    taken = Registration.objects.filter(meeting=meeting, status__in=held).count()
    if capacity < taken:
        words = ngettext(
            "%(number)d place is taken or on offer already.",
            "%(number)d places are taken or on offer already.",
            taken,
        )
        raise PlanningRefused(words % {"number": taken})


def _apply(meeting: Meeting, changes: Mapping[str, Any], now: datetime) -> bool:
    """Write what differs; whether a calendar shows the difference."""
    differing = {name: value for name, value in changes.items() if getattr(meeting, name) != value}
    if not differing:
        return False
    for name, value in differing.items():
        setattr(meeting, name, value)
    shown = any(name in SHOWN for name in differing)
    if shown:
        meeting.sequence += 1
    if "starts_at" in differing or "reminder_minutes" in differing:
        meeting.reminded_at = None
    meeting.changed_at = now
    meeting.save()
    return shown
