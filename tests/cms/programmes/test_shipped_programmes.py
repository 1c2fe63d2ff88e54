"""What is shipped keeps the promises of the field: time, checks that teach, room for oneself, and help at hand."""

from collections import Counter
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
# How many lessons each module has; a final test may be a lesson of its own.
MODULES = {
    "motiverende-gespreksvoering": 8,
    "vertrouwen-opbouwen": 6,
    "grenzen-stellen": 6,
    "ervaringsdeskundigheid-inzetten": 5,
}
PROGRAMMES = {name: read_programme(CONTENT / name) for name in ("maatjestraining", *MODULES)}
TRAINING = PROGRAMMES["maatjestraining"]
GRADED = {"single", "multiple", "truefalse", "order", "match", "sort", "fill"}
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


def activities() -> Iterator[ActivityText]:
    return (activity for lesson in lessons() for activity in lesson.activities)


def bank_questions() -> Iterator[ActivityText]:
    return (
        question
        for programme in PROGRAMMES.values()
        for bank in programme.banks
        for question in bank.questions
    )


def of_kind(*kinds: str) -> list[ActivityText]:
    return [activity for activity in activities() if activity.kind in kinds]


def feedback_of(activity: ActivityText) -> list[str]:
    """Everything an activity answers."""
    own = [text for name, text in activity.fields.items() if name.startswith("feedback")]
    inner = [each["feedback"] for name in ("options", "bands") for each in activity.fields.get(name, [])]
    said = [choice["feedback"] for scene in activity.fields.get("scenes", []) for choice in scene["choices"]]
    why = [line["why"] for line in activity.fields.get("lines", []) if line["label"]]
    return [*own, *inner, *said, *why]


def test_the_nine_sessions_and_the_four_modules_are_there() -> None:
    assert len(TRAINING.sessions) == 9
    assert TRAINING.audience == "ervaringsmaatjes"
    for name, count in MODULES.items():
        taught = [
            lesson
            for lesson in _lessons(PROGRAMMES[name])
            if [each.kind for each in lesson.activities] != ["quiz"]
        ]
        assert (name, len(taught)) == (name, count)
        assert PROGRAMMES[name].audience == "professionals"


@pytest.mark.parametrize("session", TRAINING.sessions, ids=by_path)
def test_a_session_has_its_lessons_checks_a_reflection_and_notes_for_the_trainer(
    session: SessionText,
) -> None:
    asked = [activity.kind for lesson in session.lessons for activity in lesson.activities]
    parts = [lesson.part for lesson in session.lessons]
    assert parts.count("vooraf") >= 2
    assert parts.count("achteraf") >= 1
    assert sum(kind in GRADED for kind in asked) >= 3
    assert asked.count("reflection") >= 1
    notes = session.trainer_notes.html
    assert [
        part for part in ("Doelen", "Minutenplan", "Materiaal", "Veiligheid") if f"{part}</h2>" not in notes
    ] == []


@pytest.mark.parametrize("name", MODULES)
def test_a_module_ends_with_a_test_of_fifteen_from_a_bank_of_thirty(name: str) -> None:
    programme = PROGRAMMES[name]
    (bank,) = programme.banks
    (test,) = [
        activity
        for lesson in _lessons(programme)
        for activity in lesson.activities
        if activity.kind == "quiz"
    ]
    assert _lessons(programme)[-1].activities[-1] == test
    assert len(bank.questions) >= 30
    assert (test.fields["bank"], test.fields["draw"]) == (bank.key, 15)


def test_conversations_and_transcripts_are_whole() -> None:
    talks = of_kind("dialogue")
    full = [talk for talk in talks if 8 <= len(talk.fields["scenes"]) <= 12]
    assert len(full) == len(talks) >= 6
    assert len(of_kind("label")) >= 4


def test_no_two_reactions_are_the_same() -> None:
    said = Counter(text for activity in (*activities(), *bank_questions()) for text in feedback_of(activity))
    assert [text for text, times in said.items() if times > 1] == []


@every_lesson
def test_a_lesson_takes_the_minutes_it_says(lesson: LessonText) -> None:
    assert abs(round_minutes(lesson_minutes(lesson)) - lesson.minutes) <= 1


@pytest.mark.parametrize("session", TRAINING.sessions, ids=by_path)
@pytest.mark.parametrize("part", ["vooraf", "achteraf"])
def test_a_part_takes_a_bearable_time_by_text_and_by_what_it_says(session: SessionText, part: str) -> None:
    least, most = PART_RANGES[part]
    assert (least, most) == {"vooraf": (15, 25), "achteraf": (10, 20)}[part]
    said = sum(lesson.minutes for lesson in session.lessons if lesson.part == part)
    assert least <= round_minutes(part_minutes(session)[part]) <= most
    assert least <= said <= most


@pytest.mark.parametrize("session", TRAINING.sessions, ids=by_path)
def test_a_session_has_a_meeting_between_its_lessons(session: SessionText) -> None:
    parts = [lesson.part for lesson in session.lessons]
    assert session.meeting != ""
    assert parts == sorted(parts, key=["vooraf", "bijeenkomst", "achteraf"].index)


@every_lesson
def test_something_in_every_lesson_counts(lesson: LessonText) -> None:
    assert any(activity.required for activity in lesson.activities)


@every_lesson
def test_nobody_has_to_write_about_themselves(lesson: LessonText) -> None:
    assert [
        activity.key
        for activity in lesson.activities
        if activity.kind in {"reflection", "worksheet", "survey"} and activity.required
    ] == []


@every_session
def test_a_session_says_what_it_touches(session: SessionText) -> None:
    assert session.note != ""


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
