"""What people fill in about groups and meetings."""

from .attending import AttendanceForm
from .groups import ChangeGroupForm, ChecklistForm, GroupForm, InviteForm, JoinForm, KeepApartForm
from .meetings import ChangeMeetingForm, GroupMeetingForm, OnListForm, OpenMeetingForm, PlanAgainForm
from .room import (
    AnonymousTextForm,
    ClockForm,
    CloseRoomForm,
    MethodForm,
    RolesForm,
    case_form,
    learning_point_form,
)

__all__ = [
    "AnonymousTextForm",
    "AttendanceForm",
    "ChangeGroupForm",
    "ChangeMeetingForm",
    "ChecklistForm",
    "ClockForm",
    "CloseRoomForm",
    "GroupForm",
    "GroupMeetingForm",
    "InviteForm",
    "JoinForm",
    "KeepApartForm",
    "MethodForm",
    "OnListForm",
    "OpenMeetingForm",
    "PlanAgainForm",
    "RolesForm",
    "case_form",
    "learning_point_form",
]
