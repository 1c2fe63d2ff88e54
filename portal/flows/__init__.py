"""What a person does in one go: one transaction, with the tasks and messages that follow from it."""

from .answering import (
    Answered,
    NotTheirs,
    Reported,
    Retired,
    TriesAgain,
    answer_activity,
    answer_recorded,
    open_record,
    report_playing,
)
from .assignments import answer_submission, wait_out_assignments
from .care import ask_later_questions, ask_to_be_called
from .taking_part import complete_finished, give_legal_name, keep_profile, start_course

__all__ = [
    "Answered",
    "NotTheirs",
    "Reported",
    "Retired",
    "TriesAgain",
    "answer_activity",
    "answer_recorded",
    "answer_submission",
    "ask_later_questions",
    "ask_to_be_called",
    "complete_finished",
    "give_legal_name",
    "keep_profile",
    "open_record",
    "report_playing",
    "start_course",
    "wait_out_assignments",
]
