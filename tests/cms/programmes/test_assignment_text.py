"""Assignments as text: what a sound one says, and the line and what to do where one is not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cms.programmes import NotationError, read_programme
from cms.programmes.assignments import LEVELS, MOST_CRITERIA, MOST_DAYS
from cms.programmes.minutes import lesson_minutes
from courses.activities import assignment
from tests.cms.programmes.sound_files import LESSON_PATH

WriteBody = Callable[[str], Path]
FindErrors = Callable[[Path], list[NotationError]]

TEXT = """\
::: assignment gesprek
Beschrijf een gesprek.

upload> yes
days> 14
== Contact
nog niet> Ik lees wat
  jij zei.
voldoende> Ik lees hoe je luisterde.
sterk> Ik lees wat dat deed.
== Veiligheid must
nog niet> Er staat niets.
voldoende> Je zei het.
sterk> Je zei het samen.
:::
"""
# The body starts on line 7 of its file: `upload>` is 10, `days>` 11, the criteria 12 and 17.


def test_an_assignment_says_this(write_lesson_body: WriteBody) -> None:
    (lesson,) = read_programme(write_lesson_body(TEXT)).sessions[0].lessons
    (activity,) = lesson.activities
    assert (activity.kind, activity.key, activity.required) == ("assignment", "gesprek", True)
    assert activity.fields == {
        "question": "Beschrijf een gesprek.",
        "upload": True,
        "days": 14,
        "criteria": [
            {
                "title": "Contact",
                "must": False,
                "not_yet": "Ik lees wat jij zei.",
                "enough": "Ik lees hoe je luisterde.",
                "strong": "Ik lees wat dat deed.",
            },
            {
                "title": "Veiligheid",
                "must": True,
                "not_yet": "Er staat niets.",
                "enough": "Je zei het.",
                "strong": "Je zei het samen.",
            },
        ],
    }
    assert assignment.specification(activity.fields)["days"] == 14
    assert lesson_minutes(lesson) == 15 + 3 / 130  # the rubric is for afterwards


def test_the_notation_and_the_kind_know_the_same_limits_and_levels() -> None:
    assert (MOST_CRITERIA, MOST_DAYS) == (assignment.MOST_CRITERIA, assignment.MOST_DAYS)
    assert list(LEVELS.values()) == list(assignment.LEVELS)


def but(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


MISTAKES = {
    "no upload": (but("upload> yes\n", ""), 7, "There is no 'upload>' line. Add it."),
    "upload of something": (
        but("upload> yes", "upload> misschien"),
        10,
        "'upload>' is yes or no, not 'misschien'.",
    ),
    "days in words": (but("days> 14", "days> veel"), 11, "'days>' is a number from 0 to 60, not 'veel'."),
    "too many days": (but("days> 14", "days> 61"), 11, "'days>' is a number from 0 to 60, not '61'."),
    "no must": (
        but(" must", ""),
        7,
        "Mark exactly one criterion as '== name must': nothing else can make up for it.",
    ),
    "two musts": (
        but("== Contact", "== Contact must"),
        7,
        "Mark exactly one criterion as '== name must': nothing else can make up for it.",
    ),
    "level missing": (
        but("sterk> Je zei het samen.\n", ""),
        17,
        "This criterion has no 'sterk>' line. Add it.",
    ),
    "level twice": (
        but("sterk> Je zei", "voldoende> Je zei"),
        20,
        "This criterion has a 'voldoende>' line already. Join the two.",
    ),
    "level too early": (
        but("== Contact\n", "sterk> Iets.\n== Contact\n"),
        12,
        "This level stands before the first criterion. Write '== name' above it.",
    ),
    "head too late": (
        but("days> 14\n", "").replace("== Veiligheid must\n", "== Veiligheid must\ndays> 14\n"),
        17,
        "'days>' belongs before the first '== name'. Move it up.",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_line(
    mistake: str, write_lesson_body: WriteBody, find_errors: FindErrors
) -> None:
    text, line, message = MISTAKES[mistake]
    errors = [(error.path, error.line, error.message) for error in find_errors(write_lesson_body(text))]
    assert (LESSON_PATH, line, message) in errors
