"""What is shipped keeps the promises of the field: time, checks that teach, room for oneself, and help at hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cms.programmes import (
    PART_RANGES,
    ActivityText,
    LessonText,
    ProgrammeText,
    SessionText,
    lesson_minutes,
    part_minutes,
    read_programme,
    round_minutes,
)

CONTENT = Path(__file__).resolve().parents[3] / "content"
PROGRAMMES = {
    name: read_programme(CONTENT / name) for name in ("maatjestraining", "motiverende-gespreksvoering")
}
GRADED = {"single", "multiple", "truefalse", "order", "match"}
# Feedback as short as this says right or wrong and teaches nothing.
FEW_WORDS = 4


def sessions() -> Iterator[SessionText]:
    return (session for programme in PROGRAMMES.values() for session in programme.sessions)


def lessons() -> Iterator[LessonText]:
    return (lesson for session in sessions() for lesson in session.lessons)


def by_path(text: SessionText | LessonText) -> str:
    return text.path


every_lesson = pytest.mark.parametrize("lesson", list(lessons()), ids=by_path)
every_session = pytest.mark.parametrize("session", list(sessions()), ids=by_path)


def words_of(lesson: LessonText) -> str:
    return (CONTENT / _folder(lesson) / lesson.path).read_text()


def _folder(lesson: LessonText) -> str:
    return next(name for name, programme in PROGRAMMES.items() if lesson in _lessons(programme))


def _lessons(programme: ProgrammeText) -> list[LessonText]:
    return [lesson for session in programme.sessions for lesson in session.lessons]


def feedback_of(activity: ActivityText) -> list[str]:
    """Everything an activity answers."""
    own = [text for name, text in activity.fields.items() if name.startswith("feedback")]
    inner = [each["feedback"] for name in ("options", "bands") for each in activity.fields.get(name, [])]
    return [*own, *inner]


def test_the_nine_sessions_and_the_three_lessons_are_there() -> None:
    training, module = PROGRAMMES.values()
    assert len(training.sessions) == 9
    assert [len(session.lessons) for session in module.sessions] == [3]
    assert (training.audience, module.audience) == ("ervaringsmaatjes", "professionals")


@every_lesson
def test_a_lesson_takes_the_minutes_it_says(lesson: LessonText) -> None:
    assert abs(round_minutes(lesson_minutes(lesson)) - lesson.minutes) <= 1


@pytest.mark.parametrize("session", PROGRAMMES["maatjestraining"].sessions, ids=by_path)
@pytest.mark.parametrize("part", ["vooraf", "achteraf"])
def test_a_part_takes_a_bearable_time_by_text_and_by_what_it_says(session: SessionText, part: str) -> None:
    least, most = PART_RANGES[part]
    assert (least, most) == {"vooraf": (15, 25), "achteraf": (10, 20)}[part]
    said = sum(lesson.minutes for lesson in session.lessons if lesson.part == part)
    assert least <= round_minutes(part_minutes(session)[part]) <= most
    assert least <= said <= most


@pytest.mark.parametrize("session", PROGRAMMES["maatjestraining"].sessions, ids=by_path)
def test_a_session_has_a_meeting_and_at_least_two_lessons_before_it(session: SessionText) -> None:
    parts = [lesson.part for lesson in session.lessons]
    assert session.meeting != ""
    assert parts.count("vooraf") >= 2
    assert parts.count("achteraf") >= 1
    assert parts == sorted(parts, key=["vooraf", "bijeenkomst", "achteraf"].index)


@every_lesson
def test_something_in_every_lesson_counts(lesson: LessonText) -> None:
    assert any(activity.required for activity in lesson.activities)


@every_lesson
def test_nobody_has_to_write_about_themselves(lesson: LessonText) -> None:
    assert [
        activity.key for activity in lesson.activities if activity.kind == "reflection" and activity.required
    ] == []


@every_session
def test_a_session_says_what_it_touches(session: SessionText) -> None:
    assert session.note != ""


@every_session
def test_a_session_checks_twice_and_leaves_room_for_oneself(session: SessionText) -> None:
    activities = [activity for lesson in session.lessons for activity in lesson.activities]
    assert sum(activity.kind in GRADED for activity in activities) >= 2
    assert sum(activity.kind == "reflection" for activity in activities) >= 1


@every_lesson
def test_feedback_teaches(lesson: LessonText) -> None:
    checks = [activity for activity in lesson.activities if activity.kind in GRADED]
    assert [
        text for activity in checks for text in feedback_of(activity) if len(text.split()) < FEW_WORDS
    ] == []


@every_session
def test_the_last_lesson_of_a_session_names_who_can_be_called(session: SessionText) -> None:
    text = words_of(session.lessons[-1])
    assert [number for number in ("112", "0800-2000", "113") if number not in text] == []


def test_keys_are_unique_over_all_programmes() -> None:
    keys = [lesson.key for lesson in lessons()] + [session.key for session in sessions()]
    assert len(keys) == len(set(keys))
