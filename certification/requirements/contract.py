"""What all kinds of requirement share: the evidence they look at, what they find, and their error."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Settings = dict[str, Any]


class RequirementError(ValueError):
    """The settings make no requirement. The message is for who edits the scheme."""


@dataclass(frozen=True)
class Field:
    """A setting of a requirement, as who edits a scheme sees it: a whole number, or yes or no."""

    label: Any
    number: bool = False


class Presence(StrEnum):
    """How somebody stands with one meeting."""

    ATTENDED = "attended"
    CAUGHT_UP = "caught_up"
    MISSED = "missed"
    TO_COME = "to_come"


@dataclass(frozen=True)
class Part:
    """A test, survey or assignment of the course. `checked`: this server, or a trainer, looked at what was done."""

    activity_id: int
    done: bool
    checked: bool


@dataclass(frozen=True)
class Meeting:
    """A training session of a learner's group, and the net minutes they were there."""

    presence: Presence
    minutes: int = 0


@dataclass(frozen=True)
class Evidence:
    """What is known of one enrolment. Nothing here names anybody or quotes anything."""

    completed: bool = False
    # Required activities that can still be done, and how many of them are.
    asked: int = 0
    done: int = 0
    # The others of them, by activity.
    open: tuple[int, ...] = ()
    # Something with a right answer was passed, and this server graded it.
    graded_here: bool = False
    tests: tuple[Part, ...] = ()
    surveys: tuple[Part, ...] = ()
    assignments: tuple[Part, ...] = ()
    # Without a group there are no meetings, nor will there be.
    in_group: bool = True
    meetings: tuple[Meeting, ...] = ()
    signed_off: bool = False

    @property
    def attended_minutes(self) -> int:
        return sum(meeting.minutes for meeting in self.meetings)


@dataclass(frozen=True)
class Outcome:
    """How a requirement stands: `met`, `checked` (not on the learner's word alone), and a sentence for the learner."""

    met: bool
    checked: bool
    sentence: str
    # Numbers that an award keeps, so that it can be read without the course.
    found: Mapping[str, int | bool] = field(default_factory=dict)
    # What is still to be done for it, where that is an activity.
    activities: tuple[int, ...] = ()
