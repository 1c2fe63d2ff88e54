"""A whole programme: files, front matter, and what must agree between files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cms.programmes import (
    CourseText,
    Fact,
    LessonText,
    NotationError,
    Paragraphs,
    ProgrammeText,
    SessionText,
    read_programme,
)
from tests.cms.programmes.sound_files import course, lesson, session

COURSE = "course.md"
SESSION = "01-begin/session.md"
LESSON = "01-begin/10-les.md"
MEETING_PARTS = "vooraf, bijeenkomst, achteraf"
OR_NO_MEETING = "or take 'meeting' out of session.md."
WriteFolder = Callable[..., Path]
FindErrors = Callable[[Path], list[NotationError]]


def test_a_programme_is_read_whole(write_programme: WriteFolder) -> None:
    folder = write_programme(
        {
            SESSION: session(extra="meeting: 2,5 uur\nheavy: true\n"),
            LESSON: lesson(part="vooraf", minutes="8", extra="note: Over spanning.\n"),
            "01-begin/20-na.md": lesson(key="p1-na", part="achteraf"),
            "02-verder/session.md": session(key="p2"),
            "02-verder/10-les.md": lesson(key="p2-les"),
            ".DS_Store": b"\x00",
        }
    )
    assert read_programme(folder) == ProgrammeText(
        path="programme.yaml",
        key="proef",
        name="Proefprogramma",
        neutral_name="Avondcursus",
        organisation="Leerhuis",
        audience="ervaringsmaatjes",
        language="nl",
        course=CourseText(
            path=COURSE,
            key="proef-cursus",
            slug="proef",
            title="De proef",
            discreet_title="Avondcursus",
            eyebrow="Voor wie wil",
            lead="Wie dit leest.",
            summary="Kort gezegd.",
            hours_label="online deel",
            facts=(Fact("Groep", "6 tot 10 mensen"),),
            body=Paragraphs("<p>Welkom.</p>", 1, COURSE, 13),
        ),
        sessions=(
            SessionText(
                path=SESSION,
                key="p1",
                title="Het begin",
                touches="Het begin.",
                note="Niets zwaars.",
                meeting="2,5 uur",
                heavy=True,
                body=Paragraphs("<p>Samen.</p>", 1, SESSION, 9),
                trainer_notes=None,
                lessons=(
                    LessonText(
                        path=LESSON,
                        key="p1-les",
                        title="Een les",
                        part="vooraf",
                        minutes=8,
                        note="Over spanning.",
                        content=(Paragraphs("<p>Tekst.</p>", 1, LESSON, 8),),
                    ),
                    LessonText(
                        path="01-begin/20-na.md",
                        key="p1-na",
                        title="Een les",
                        part="achteraf",
                        minutes=1,
                        note="",
                        content=(Paragraphs("<p>Tekst.</p>", 1, "01-begin/20-na.md", 7),),
                    ),
                ),
            ),
            SessionText(
                path="02-verder/session.md",
                key="p2",
                title="Het begin",
                touches="Het begin.",
                note="Niets zwaars.",
                meeting="",
                heavy=False,
                body=Paragraphs("<p>Samen.</p>", 1, "02-verder/session.md", 7),
                trainer_notes=None,
                lessons=(
                    LessonText(
                        path="02-verder/10-les.md",
                        key="p2-les",
                        title="Een les",
                        part="les",
                        minutes=1,
                        note="",
                        content=(Paragraphs("<p>Tekst.</p>", 1, "02-verder/10-les.md", 7),),
                    ),
                ),
            ),
        ),
    )


FILES = {
    "bad UTF-8": (LESSON, b"---\nkey: \xff\n", 2, "This line is not valid UTF-8. Save the file as UTF-8."),
    "NUL": (
        LESSON,
        lesson() + "\n\0\n",
        9,
        "This line holds the invisible character U+0000. Remove it; indent with spaces.",
    ),
    "tab": (LESSON, lesson() + "\n\tTekst.\n", 9, "This line holds a tab. Remove it; indent with spaces."),
    "larger than 1 MB": (LESSON, lesson() + "a\n" * 600_000, 1, "This file is larger than 1 MB. Split it."),
    "block in a course": (
        COURSE,
        course() + "::: aside Titel\n",
        13,
        "Blocks (:::) belong in lessons only. Write it as text, or move it.",
    ),
    "file missing": (
        COURSE,
        None,
        1,
        "This file cannot be read (No such file or directory). Check that it exists and may be read.",
    ),
    "programme.yaml missing": (
        "programme.yaml",
        None,
        1,
        "This file cannot be read (No such file or directory). Check that it exists and may be read.",
    ),
    "session.md missing": (
        SESSION,
        None,
        1,
        "This file cannot be read (No such file or directory). Check that it exists and may be read.",
    ),
    "stray file": (
        "notes.txt",
        "a",
        1,
        "This does not belong here. Session folders have names such as 01-kennismaking; move the rest.",
    ),
    "stray file in a session": (
        "01-begin/les.md",
        "a",
        1,
        "This does not belong here. Lessons have names such as 10-wat-je-doet.md.",
    ),
}


@pytest.mark.parametrize(("path", "content", "line", "message"), FILES.values(), ids=FILES.keys())
def test_a_mistake_in_a_file_is_reported_on_its_line(
    write_programme: WriteFolder,
    find_errors: FindErrors,
    path: str,
    content: str | bytes | None,
    line: int,
    message: str,
) -> None:
    assert find_errors(write_programme({path: content})) == [NotationError(path, line, message)]


def test_a_session_has_lessons(write_programme: WriteFolder, find_errors: FindErrors) -> None:
    message = "This session has no lessons. Add a file such as 10-wat-je-doet.md."
    assert find_errors(write_programme({LESSON: None})) == [NotationError("01-begin", 1, message)]


def test_a_programme_has_sessions(write_programme: WriteFolder, find_errors: FindErrors) -> None:
    message = "This programme has no sessions. Add a folder such as 01-kennismaking."
    assert find_errors(write_programme({LESSON: None, SESSION: None})) == [NotationError(".", 1, message)]


def test_a_folder_that_is_not_there_is_an_error_and_no_exception_of_the_system(
    tmp_path: Path, find_errors: FindErrors
) -> None:
    message = "This folder cannot be read (No such file or directory). Check its name."
    assert find_errors(tmp_path / "nergens") == [NotationError(".", 1, message)]


def test_a_file_with_a_name_of_broken_bytes_is_named_readably(
    write_programme: WriteFolder, find_errors: FindErrors
) -> None:
    folder = write_programme({})
    (folder / "b\udcff.md").write_text("a")
    message = "This does not belong here. Session folders have names such as 01-kennismaking; move the rest."
    assert find_errors(folder) == [NotationError("b\\xff.md", 1, message)]


@pytest.mark.parametrize(
    ("path", "content", "key", "owner"),
    [
        ("01-begin/20-les.md", lesson(key="p1-les"), "p1-les", LESSON),
        ("01-begin/20-les.md", lesson(key="p1"), "p1", SESSION),
        ("01-begin/20-les.md", lesson(key="proef-cursus"), "proef-cursus", COURSE),
    ],
)
def test_courses_sessions_and_lessons_share_one_set_of_keys(
    write_programme: WriteFolder, find_errors: FindErrors, path: str, content: str, key: str, owner: str
) -> None:
    message = f"The key '{key}' is used in {owner} already. Every key is used once."
    assert find_errors(write_programme({path: content})) == [NotationError(path, 1, message)]


@pytest.mark.parametrize(
    ("part", "session_extra", "message"),
    [
        (
            "les",
            "meeting: 2 uur\n",
            f"The part 'les' is for a session without a meeting. Use {MEETING_PARTS}, {OR_NO_MEETING}",
        ),
        (
            "vooraf",
            "",
            "The part 'vooraf' is for a session with a meeting. Use 'les', or add 'meeting' to session.md.",
        ),
        (
            "achteraf",
            "",
            "The part 'achteraf' is for a session with a meeting. Use 'les', or add 'meeting' to session.md.",
        ),
    ],
)
def test_a_lessons_part_fits_its_session(
    write_programme: WriteFolder, find_errors: FindErrors, part: str, session_extra: str, message: str
) -> None:
    folder = write_programme({SESSION: session(extra=session_extra), LESSON: lesson(part=part)})
    assert find_errors(folder) == [NotationError(LESSON, 4, message)]


def test_the_order_of_files_follows_the_parts(write_programme: WriteFolder, find_errors: FindErrors) -> None:
    folder = write_programme(
        {
            SESSION: session(extra="meeting: 2 uur\n"),
            LESSON: lesson(part="achteraf"),
            "01-begin/20-voor.md": lesson(key="p1-voor", part="vooraf"),
        }
    )
    message = "This 'vooraf' lesson comes after one that is 'achteraf'. Give its file a lower number."
    assert find_errors(folder) == [NotationError("01-begin/20-voor.md", 1, message)]


def test_errors_of_all_files_come_at_once_in_order(
    write_programme: WriteFolder, find_errors: FindErrors
) -> None:
    folder = write_programme(
        {"programme.yaml": "key: a\n", SESSION: session(extra="heavy: ja\n"), LESSON: lesson(part="daarna")}
    )
    assert [str(error) for error in find_errors(folder)] == [
        f"{LESSON}:4: 'part' must be one of vooraf, bijeenkomst, achteraf, les, not 'daarna'.",
        f"{SESSION}:6: 'heavy' must be true or false, not 'ja'.",
        "programme.yaml:1: The field 'audience' is missing. Add it.",
        "programme.yaml:1: The field 'language' is missing. Add it.",
        "programme.yaml:1: The field 'name' is missing. Add it.",
        "programme.yaml:1: The field 'neutral_name' is missing. Add it.",
        "programme.yaml:1: The field 'organisation' is missing. Add it.",
    ]
