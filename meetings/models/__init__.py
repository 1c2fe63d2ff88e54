"""Floor 4: live meetings: who comes, when and where, and who was there."""

from .attendance import Attendance, CheckIn
from .calendar import CalendarFeed
from .group import GroupPlace, Invitation, KeepApart
from .meeting import Meeting
from .place import Place
from .registration import Registration
from .room import LearningPoint, Room, Seat

__all__ = [
    "Attendance",
    "CalendarFeed",
    "CheckIn",
    "GroupPlace",
    "Invitation",
    "KeepApart",
    "LearningPoint",
    "Meeting",
    "Place",
    "Registration",
    "Room",
    "Seat",
]
