"""Screens about groups and meetings."""

from .agenda import agenda, calendar_feed, come, feed, meeting, meeting_file, meeting_offer
from .attending import attendance, caught_up, confirm_check_in, scan, screen
from .groups import archive, change_group, group, groups, make
from .joining import ask, group_offer, invitation, invite_people
from .placing import checklist, intake, mark_apart, unmark_apart
from .planning import cancel, change, on_list, plan

__all__ = [
    "agenda",
    "archive",
    "ask",
    "attendance",
    "calendar_feed",
    "cancel",
    "caught_up",
    "change",
    "change_group",
    "checklist",
    "come",
    "confirm_check_in",
    "feed",
    "group",
    "group_offer",
    "groups",
    "intake",
    "invitation",
    "invite_people",
    "make",
    "mark_apart",
    "meeting",
    "meeting_file",
    "meeting_offer",
    "on_list",
    "plan",
    "scan",
    "screen",
    "unmark_apart",
]
