"""Screens about groups and meetings."""

from .agenda import agenda, calendar_feed, come, feed, meeting, meeting_file, meeting_offer
from .attending import attendance, caught_up, confirm_check_in, scan, screen
from .groups import archive, bring_back, change_group, group, groups, make
from .joining import ask, group_offer, invitation, invite_people
from .placing import checklist, intake, mark_apart, unmark_apart
from .planning import cancel, change, on_list, plan, plan_again, plan_in_group
from .room import (
    choose_method,
    close,
    come_in,
    give_roles,
    room,
    room_state,
    work_clock,
)
from .room_texts import write_case, write_learning_point

__all__ = [
    "agenda",
    "archive",
    "ask",
    "attendance",
    "bring_back",
    "calendar_feed",
    "cancel",
    "caught_up",
    "change",
    "change_group",
    "checklist",
    "choose_method",
    "close",
    "come",
    "come_in",
    "confirm_check_in",
    "feed",
    "give_roles",
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
    "plan_again",
    "plan_in_group",
    "room",
    "room_state",
    "scan",
    "screen",
    "unmark_apart",
    "work_clock",
    "write_case",
    "write_learning_point",
]
