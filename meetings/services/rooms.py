"""The room for intervision: opening it, its clock, its roles, the case, and the end of it all.

Every change happens under the room's lock and counts its `turn` on.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from meetings.methods import METHODS
from meetings.models import Meeting, Room, Seat
from meetings.queries.rooms import people_in_room
from meetings.rules import may_be_recorded
from meetings.services.anonymity import check_anonymous
from people.models import User
from people.services.sealing import reseal, seal, unseal

MORE = timedelta(minutes=2)
# A room that nobody closed is closed so long after its meeting, and until then at most a case is kept.
FORGOTTEN_AFTER = timedelta(hours=12)
LONGEST_CASE = 4000


class Act(StrEnum):
    """What can be done with the clock."""

    START = "start"
    NEXT = "next"
    BACK = "back"
    PAUSE = "pause"
    RESUME = "resume"
    MORE = "more"


class RoomRefused(Exception):
    """It cannot be done in this room (now). The message is for who tries."""


@transaction.atomic
def open_room(*, meeting: Meeting, method: str, now: datetime) -> Room:
    """Open a meeting's room with a method; before the start another method can still be chosen.

    Raises `RoomRefused` for a meeting that has no room or is off, and once the clock was started.
    """
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not meeting.has_room or meeting.cancelled_at is not None or method not in METHODS:
        raise RoomRefused(_("This meeting has no room."))
    if meeting.ends_at + FORGOTTEN_AFTER <= now:
        raise RoomRefused(_("This meeting is over."))
    room, created = Room.objects.select_for_update().get_or_create(
        meeting=meeting, defaults={"method": method, "opened_at": now}
    )
    if created or room.method == method:
        return room
    if room.started_at is not None or not room.is_open:
        raise RoomRefused(_("The conversation has begun already. The method stays as it is."))
    room.method = method
    return _changed(room, "method")


@transaction.atomic
def work_clock(*, room: Room, act: Act, step: int, now: datetime) -> bool:
    """Start, go on to the next phase or back, pause, resume, give more time.

    False where somebody worked the clock since `step`: then nothing happens, so that two who press at once make one
    step. Raises `RoomRefused` for what cannot be done in this state.
    """
    room = _lock_open(room)
    if room.step != step:
        return False
    if act == Act.START:
        _start(room, now)
    elif room.phase is None:
        raise RoomRefused(_("The conversation has not begun yet."))
    elif act == Act.NEXT:
        if room.is_last_phase:
            raise RoomRefused(_("This was the last phase. You can close the room."))
        _enter(room, room.phase + 1, now)
    elif act == Act.BACK:
        _enter(room, max(0, room.phase - 1), now)
    else:
        _hold_or_give(room, act, now)
    room.step += 1
    _changed(room, "phase", "phase_ends_at", "seconds_left", "started_at", "step")
    return True


def _start(room: Room, now: datetime) -> None:
    if room.phase is not None:
        raise RoomRefused(_("The conversation has begun already."))
    if not may_be_recorded(now, starts_at=room.meeting.starts_at):
        raise RoomRefused(_("You can begin from an hour before the meeting."))
    room.started_at = now
    _enter(room, 0, now)


def _enter(room: Room, phase: int, now: datetime) -> None:
    """A phase begins with all its time, and the clock runs."""
    minutes = room.the_method.phases[phase].minutes
    room.phase, room.phase_ends_at, room.seconds_left = phase, now + timedelta(minutes=minutes), None


def _hold_or_give(room: Room, act: Act, now: datetime) -> None:
    """Pause, resume, more time. Pausing what stands still, and resuming what runs, change nothing."""
    left = room.left(now)
    assert left is not None
    if act == Act.MORE:
        left = max(left, timedelta(0)) + MORE  # who is over time gets two minutes from now
    stands = act == Act.PAUSE or (act == Act.MORE and room.is_paused)
    room.phase_ends_at = None if stands else now + left
    room.seconds_left = int(left.total_seconds()) if stands else None


@transaction.atomic
def give_roles(*, room: Room, roles: Mapping[UUID, str], now: datetime) -> None:
    """Who does what, of the people on the list; who is not named takes part.

    Another one who brings a case takes the earlier case out of the room. Raises `RoomRefused` for people who are not on
    the list, and for two in a role that one has.
    """
    room = _lock_open(room)
    listed = {guest.person_id for guest in people_in_room(room.meeting, room)}
    if not set(roles) <= listed:
        raise RoomRefused(_("The list has changed. Look at it once more."))
    twice = [role for role, number in Counter(roles.values()).items() if role in Seat.SINGLE and number > 1]
    if twice:
        raise RoomRefused(
            _("One person at a time: “%(role)s”.") % {"role": Seat.Role(sorted(twice)[0]).label}
        )
    seats = {seat.person_id: seat for seat in Seat.objects.filter(room=room)}
    # First free, then given: two may have changed places.
    Seat.objects.filter(room=room).update(role=Seat.Role.PARTICIPANT)
    for person_id, role in roles.items():
        seat = seats.get(person_id) or Seat(room=room, person_id=person_id)
        seat.role = role
        seat.save()
    owner = next((person_id for person_id, role in roles.items() if role == Seat.Role.OWNER), None)
    if room.case is not None and room.case_by_id != owner:
        _empty(room)
    _changed(room, *CASE)


@transaction.atomic
def come_in(*, room: Room, person: User, now: datetime) -> None:
    """Somebody is there. Twice changes nothing."""
    room = _lock_open(room)
    seat, _created = Seat.objects.get_or_create(room=room, person=person)
    if seat.came_at is None:
        seat.came_at = now
        seat.save(update_fields=["came_at"])
        _changed(room)


@transaction.atomic
def keep_case(*, room: Room, by: User, text: str, now: datetime, confirmed: Collection[str] = ()) -> None:
    """Keep what the one with the case wrote, until the room ends; an empty text takes it out.

    Raises `PointsAtSomebody`, `MayNameSomebody`, and `RoomRefused` for anybody else and outside the meeting's hours.
    """
    room = _lock_open(room)
    meeting = room.meeting
    if not Seat.objects.filter(room=room, person=by, role=Seat.Role.OWNER).exists():
        raise RoomRefused(_("Somebody else brings the case now."))
    until = meeting.ends_at + FORGOTTEN_AFTER
    if not may_be_recorded(now, starts_at=meeting.starts_at) or until <= now:
        raise RoomRefused(_("You can write here from an hour before the meeting."))
    if text.strip():
        check_anonymous(text, meeting=meeting, confirmed=confirmed)
        room.case, room.case_until, room.case_by = seal(text), until, by
    else:
        _empty(room)
    _changed(room, *CASE)


def read_case(room: Room, *, now: datetime) -> str:
    """The case, while there is one to read. Only for who is in the room."""
    if room.case is None or room.case_until is None or room.case_until <= now:
        return ""
    return unseal(room.case)


@transaction.atomic
def rotate_case_keys() -> int:
    """Write the cases of open rooms anew under the first key, as with reflections. How many. Nobody sees a change."""
    count = 0
    for room in Room.objects.select_for_update().exclude(case=None).iterator():
        if (ciphertext := reseal(room.case)) is not None:
            room.case = ciphertext
            room.save(update_fields=["case"])
            count += 1
    return count


@transaction.atomic
def end_room(*, room: Room, now: datetime) -> bool:
    """The end: the case and who did what go for good. False where it had ended already."""
    room = Room.objects.select_for_update().get(pk=room.pk)
    if not room.is_open:
        return False
    room.ended_at = now
    room.phase = room.phase_ends_at = room.seconds_left = None
    _empty(room)
    _changed(room, "ended_at", "phase", "phase_ends_at", "seconds_left", *CASE)
    Seat.objects.filter(room=room).delete()
    return True


def end_forgotten_rooms(*, now: datetime) -> int:
    """For the clock: end rooms that nobody closed, and take out cases whose time is over. How many of both."""
    late = Q(meeting__ends_at__lte=now - FORGOTTEN_AFTER) | Q(meeting__cancelled_at__isnull=False)
    ended = sum(end_room(room=room, now=now) for room in Room.objects.open().filter(late))
    return ended + sum(_take_out(room, now) for room in Room.objects.filter(case_until__lte=now))


@transaction.atomic
def _take_out(room: Room, now: datetime) -> bool:
    """A meeting that was moved keeps its room open, but not its case."""
    room = Room.objects.select_for_update().get(pk=room.pk)
    if room.case_until is None or room.case_until > now:
        return False
    _empty(room)
    _changed(room, *CASE)
    return True


def erase_case_of(*, user: User, now: datetime) -> None:
    """The case that somebody brought goes with them."""
    Room.objects.filter(case_by=user).update(case=None, case_until=None, case_by=None)


CASE = ("case", "case_until", "case_by")


def _empty(room: Room) -> None:
    room.case = room.case_until = room.case_by = None


def _lock_open(room: Room) -> Room:
    room = Room.objects.select_for_update(of=("self",)).select_related("meeting__cohort").get(pk=room.pk)
    if not room.is_open:
        raise RoomRefused(_("This room is closed."))
    return room


def _changed(room: Room, *fields: str) -> Room:
    room.turn += 1
    room.save(update_fields=[*fields, "turn"])
    return room
