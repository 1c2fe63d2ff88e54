"""How long a lesson takes: the formula of docs/programme-format.md."""

import math
from collections.abc import Iterable

from cms.programmes.notation import (
    ActivityKind,
    ActivityText,
    Drawing,
    FileText,
    Grounding,
    LessonContent,
    LessonText,
    Part,
    SessionText,
)
from cms.programmes.source import count_words

# Words a minute. Adults read non-fiction for themselves at 238, most of them between 175 and 300, and slower in a
# second language (Brysbaert 2019, doi:10.1016/j.jml.2019.104047). Studying goes slower than reading along: about
# 200 to learn and 138 to remember (Carver 1992, "Reading rate: theory, research, and practical implications",
# Journal of Reading 36(2)). We take the slow side: heavy subjects, learners who long had no schooling.
WORDS_A_MINUTE = 130

# Minutes to think and answer, on top of reading. Estimates of our own, to be compared with what learners take.
ACTIVITY_MINUTES: dict[ActivityKind, float] = {
    "single": 1.0,
    "multiple": 1.5,
    "truefalse": 0.75,
    "order": 2.0,
    "match": 2.0,
    "scale": 1.0,
    "reflection": 4.0,
    "read": 0.25,
    "sort": 2.0,
    "fill": 1.5,
    "open": 3.0,
    "worksheet": 5.0,
    "dialogue": 8.0,
    "assignment": 15.0,
    "video": 0.5,  # and what the recording lasts
    "audio": 0.5,
    "download": 1.0,
}
MINUTES_A_LABEL = 0.5
MINUTES_AN_ITEM = 0.3  # of a survey
MINUTES_A_QUESTION = 1.0  # of a test, per question drawn, its reading included
GROUNDING_MINUTES = 2.0

# The lowest and highest minutes of a part of a session that has a meeting.
PART_RANGES: dict[Part, tuple[int, int]] = {"vooraf": (15, 25), "achteraf": (10, 20)}

# Fields that most learners read in part, or only after they have answered. Of a dialogue everybody meets other scenes.
_AFTERWARDS = ("feedback", "why", "model", "checks", "alternative", "scenes", "criteria")
_NAMES = ("key", "construct", "form", "moment", "bank", "file")  # for us, not read by anybody


def lesson_minutes(lesson: LessonText, files: Iterable[FileText] = ()) -> float:
    """Minutes that the text, the activities and the recordings (of `files`) of a lesson take, not rounded."""
    lasts = {text.name: float(text.seconds) / 60 for text in files if text.seconds}
    words = sum(_count_content_words(piece) for piece in lesson.content)
    recorded = sum(lasts.get(activity.fields.get("file", ""), 0.0) for activity in lesson.activities)
    return words / WORDS_A_MINUTE + sum(_activity_minutes(piece) for piece in lesson.content) + recorded


def part_minutes(session: SessionText, files: Iterable[FileText] = ()) -> dict[Part, float]:
    """Minutes by part of a session, of the parts that have lessons, not rounded."""
    minutes: dict[Part, float] = {}
    for lesson in session.lessons:
        minutes[lesson.part] = minutes.get(lesson.part, 0.0) + lesson_minutes(lesson, files)
    return minutes


def round_minutes(minutes: float) -> int:
    """Whole minutes; a half goes up."""
    return math.floor(minutes + 0.5)


def _activity_minutes(piece: LessonContent) -> float:
    if isinstance(piece, ActivityText):
        if piece.kind == "label":
            return MINUTES_A_LABEL * sum(bool(line["label"]) for line in piece.fields["lines"])
        if piece.kind == "survey":
            return MINUTES_AN_ITEM * len(piece.fields["items"])
        if piece.kind == "quiz":
            return MINUTES_A_QUESTION * piece.fields["draw"]
        return ACTIVITY_MINUTES[piece.kind]
    return GROUNDING_MINUTES if isinstance(piece, Grounding) else 0.0


def _count_content_words(piece: LessonContent) -> int:
    if isinstance(piece, ActivityText):
        return _count_field_words(piece.fields)
    if isinstance(piece, Drawing):
        return count_words(piece.text)
    return piece.words


def _count_field_words(value: object) -> int:
    """Words of all texts in an activity's fields but those for afterwards."""
    if isinstance(value, str):
        return count_words(value)
    if isinstance(value, list):
        return sum(_count_field_words(item) for item in value)
    if isinstance(value, dict):
        return sum(
            _count_field_words(item)
            for name, item in value.items()
            if name not in _NAMES and not name.startswith(_AFTERWARDS)
        )
    return 0
