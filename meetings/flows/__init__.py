"""What people do around groups and meetings in one go: one transaction, with the messages that follow from it."""

from .attending import catch_up_with, check_in_with, write_attendance
from .groups import (
    accept_invitation,
    answer_group_offer,
    ask_to_join,
    decide_on_intake,
    invite,
    leave_group,
    leave_waiting_list,
    make_group,
    wait_for_group,
)
from .meetings import (
    answer_meeting_offer,
    cancel_and_tell,
    change_and_tell,
    plan_again_and_tell,
    plan_in_group_and_tell,
    register,
    take_off,
)
from .rooms import close_room
from .timing import let_offers_run_out, remind

__all__ = [
    "accept_invitation",
    "answer_group_offer",
    "answer_meeting_offer",
    "ask_to_join",
    "cancel_and_tell",
    "catch_up_with",
    "change_and_tell",
    "check_in_with",
    "close_room",
    "decide_on_intake",
    "invite",
    "leave_group",
    "leave_waiting_list",
    "let_offers_run_out",
    "make_group",
    "plan_again_and_tell",
    "plan_in_group_and_tell",
    "register",
    "remind",
    "take_off",
    "wait_for_group",
    "write_attendance",
]
