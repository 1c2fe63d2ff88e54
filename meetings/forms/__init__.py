"""What people fill in about groups and meetings."""

from .attending import AttendanceForm
from .groups import ChangeGroupForm, ChecklistForm, GroupForm, InviteForm, JoinForm, KeepApartForm
from .meetings import ChangeMeetingForm, OnListForm, OpenMeetingForm

__all__ = [
    "AttendanceForm",
    "ChangeGroupForm",
    "ChangeMeetingForm",
    "ChecklistForm",
    "GroupForm",
    "InviteForm",
    "JoinForm",
    "KeepApartForm",
    "OnListForm",
    "OpenMeetingForm",
]
