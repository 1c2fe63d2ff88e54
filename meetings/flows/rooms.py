"""Closing a room: the case goes, and who was there is written down, in one go."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from meetings.flows.attending import write_attendance
from meetings.models import Room
from meetings.services.attendance import Mark, Recorded
from meetings.services.rooms import RoomRefused, end_room
from people.models import User


@transaction.atomic
def close_room(
    *, room: Room, marks: Iterable[Mark], by: User, now: datetime, guests: int | None = None
) -> Recorded:
    """End a room and write attendance. Raises `RoomRefused` where it was closed already, and `AttendanceRefused`."""
    if not end_room(room=room, now=now):
        raise RoomRefused(_("This room is closed."))
    return write_attendance(meeting=room.meeting, marks=marks, by=by, guests=guests, now=now)
