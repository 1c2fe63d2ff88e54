"""Rooms for intervision: how somebody stands to one, and who is in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery
from django.utils.functional import cached_property

from meetings.models import Attendance, Meeting, Room, Seat
from meetings.queries.participants import leaders_of, participants
from meetings.rules import may_be_recorded
from people.models import User

Role = Seat.Role


@dataclass(frozen=True)
class Standing:
    """A meeting with its room, as one person stands to it. `room` is None until somebody opened it."""

    meeting: Meeting
    room: Room | None
    leads: bool
    role: str
    came: bool

    @property
    def facilitates(self) -> bool:
        """Whether they work the clock and hand out roles: who leads the meeting, and who leads this conversation."""
        return self.leads or self.role == Role.FACILITATOR

    @property
    def brings_case(self) -> bool:
        return self.role == Role.OWNER

    def may_begin(self, now: datetime) -> bool:
        return may_be_recorded(now, starts_at=self.meeting.starts_at)


def standing_in_room(user: Any, pk: UUID) -> Standing | None:
    """How somebody stands to the room of a meeting; None for whom it does not exist. One query."""
    seat = Seat.objects.filter(room=OuterRef("pk"), person=user.pk)
    found = (
        Meeting.objects.with_room_for(user)
        .filter(pk=pk)
        .select_related("room", "cohort")
        .annotate(
            leads=Exists(Meeting.objects.led_by(user).filter(pk=OuterRef("pk"))),
            role=Subquery(seat.values("role")),
            came_at=Subquery(seat.values("came_at")),
        )
        .first()
    )
    if found is None:
        return None
    room = getattr(found, "room", None)
    return Standing(found, room, found.leads, found.role or Role.PARTICIPANT, found.came_at is not None)


@dataclass(frozen=True)
class Guest:
    """Somebody on the list of a meeting, by the name the group knows, with what they do in the room."""

    person_id: UUID
    alias: str
    role: str
    came: bool

    @cached_property
    def role_in_words(self) -> Any:
        return Role(self.role).label


def people_in_room(meeting: Meeting, room: Room | None) -> list[Guest]:
    """Who is on the list and did not sign off, by alias. Four queries at most."""
    seats = {seat.person_id: seat for seat in Seat.objects.filter(room=room)} if room else {}
    found = []
    for each in participants(meeting):
        if each.signed_off:
            continue
        seat = seats.get(each.person_id)
        role, came = (seat.role, seat.came_at is not None) if seat else (Role.PARTICIPANT.value, False)
        found.append(Guest(each.person_id, each.alias, role, came))
    return found


def names_around(meeting: Meeting) -> list[str]:
    """What the people of a meeting are called, in the group and by law. For the check of a text; never to be shown."""
    listed = [(each.person_id, each.alias) for each in participants(meeting)]
    people = User.objects.filter(pk__in=[person_id for person_id, _alias in listed])
    everybody = [*people.only("alias", "legal_name"), *leaders_of(meeting)]
    names = [alias for _person, alias in listed]
    names += [name for person in everybody for name in (person.alias, person.legal_name)]
    return [name for name in dict.fromkeys(names) if name]


def minutes_so_far(meeting: Meeting, room: Room, now: datetime) -> int:
    """What of a meeting has been so far, in minutes: from its beginning, or the room's where that was earlier."""
    began = min(meeting.starts_at, room.started_at or meeting.starts_at)
    return max(0, min(meeting.minutes, (now - began) // timedelta(minutes=1)))


def minutes_held(meeting: Meeting) -> int:
    """How long a meeting was, in minutes: as planned, or until its room closed.

    A room that closed before the meeting began says nothing of it. One query where the kind has a room, none otherwise.
    """
    if meeting.kind not in Meeting.WITH_ROOM:
        return meeting.minutes
    room = Room.objects.filter(meeting=meeting, ended_at__isnull=False).first()
    return (room and minutes_so_far(meeting, room, room.ended_at)) or meeting.minutes


def own_attendance(meeting: Meeting, person: Any) -> Attendance | None:
    return Attendance.objects.current().filter(meeting=meeting, person=person).first()
