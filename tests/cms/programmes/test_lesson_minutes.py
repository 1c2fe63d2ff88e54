"""Minutes by the formula of docs/programme-format.md."""

from dataclasses import replace
from typing import Any

import pytest

from cms.programmes import (
    ActivityKind,
    ActivityText,
    Aside,
    Drawing,
    Grounding,
    LessonContent,
    LessonText,
    Paragraphs,
    Part,
    SessionText,
    lesson_minutes,
    part_minutes,
    round_minutes,
)
from cms.programmes.source import count_words

TEN = "een twee drie vier vijf zes zeven acht negen tien"


def make_lesson(*content: LessonContent, part: Part = "les") -> LessonText:
    return LessonText("a.md", "a", "Titel die niet telt", part, 1, "Niet geteld.", content)


def make_activity(kind: ActivityKind, fields: dict[str, Any]) -> ActivityText:
    return ActivityText(kind, "a", True, fields, 1, "a.md")


@pytest.mark.parametrize(
    ("kind", "fields", "words", "minutes"),
    [
        ("single", {"question": TEN, "options": [{"text": "a b", "right": True, "feedback": TEN}]}, 12, 1.0),
        ("multiple", {"question": TEN, "options": [{"text": "a", "right": True, "feedback": TEN}]}, 11, 1.5),
        (
            "truefalse",
            {"statement": TEN, "right": True, "feedback_true": TEN, "feedback_false": TEN},
            10,
            0.75,
        ),
        (
            "order",
            {"question": TEN, "items": ["a b", "c"], "feedback_right": TEN, "feedback_wrong": TEN},
            13,
            2.0,
        ),
        (
            "match",
            {"question": TEN, "pairs": [{"left": "a b", "right": "c"}], "feedback_right": TEN},
            13,
            2.0,
        ),
        (
            "scale",
            {
                "question": TEN,
                "minimum": 0,
                "maximum": 10,
                "low_label": "heel laag",
                "high_label": "hoog",
                "bands": [{"first": 0, "last": 10, "feedback": TEN}],
            },
            13,
            1.0,
        ),
        ("reflection", {"question": TEN, "hint": "a b"}, 12, 4.0),
        ("read", {"statement": "Ik heb dit gelezen"}, 4, 0.25),
    ],
)
def test_an_activity_takes_its_words_without_feedback_and_its_own_minutes(
    kind: ActivityKind, fields: dict[str, Any], words: int, minutes: float
) -> None:
    assert lesson_minutes(make_lesson(make_activity(kind, fields))) == words / 130 + minutes


@pytest.mark.parametrize(
    ("piece", "minutes"),
    [
        (Paragraphs("<p>…</p>", 260, "a.md", 1), 2.0),
        (Aside("Titel", "<p>…</p>", 130, "a.md", 1), 1.0),
        (Grounding("Titel", "<p>…</p>", 130, "a.md", 1), 3.0),
        (Drawing("raam", TEN, "a.md", 1), 10 / 130),
    ],
)
def test_text_takes_its_words_and_a_grounding_two_minutes_more(piece: LessonContent, minutes: float) -> None:
    assert lesson_minutes(make_lesson(piece)) == minutes


def test_the_minutes_of_a_part_are_those_of_its_lessons() -> None:
    minute = Paragraphs("<p>…</p>", 130, "a.md", 1)
    session = SessionText(
        path="session.md",
        key="s",
        title="Sessie",
        touches="Iets.",
        note="Iets.",
        meeting="2 uur",
        heavy=False,
        body=replace(minute, words=999),
        trainer_notes=replace(minute, words=999),
        lessons=(
            make_lesson(minute, part="vooraf"),
            make_lesson(minute, minute, part="vooraf"),
            make_lesson(minute, part="achteraf"),
        ),
    )
    assert part_minutes(session) == {"vooraf": 3.0, "achteraf": 1.0}


@pytest.mark.parametrize(("minutes", "whole"), [(0.0, 0), (0.49, 0), (0.5, 1), (2.5, 3), (7.51, 8)])
def test_a_half_minute_goes_up(minutes: float, whole: int) -> None:
    assert round_minutes(minutes) == whole


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (TEN, 10),
        ("Veilig Thuis: 0800-2000 – dag en nacht.", 6),
        ("‘Zeg…’ … !", 1),
        ("één\n\ntwee", 2),
    ],
)
def test_a_word_holds_a_letter_or_a_digit(text: str, words: int) -> None:
    assert count_words(text) == words
