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
    ProgrammeErrors,
    ProgrammeText,
    SessionText,
    read_programme,
)

COURSE = "course.md"
SESSION = "01-begin/session.md"
LESSON = "01-begin/10-les.md"
MEETING_PARTS = "vooraf, bijeenkomst, achteraf"
OR_NO_MEETING = "or take 'meeting' out of session.md."
QUOTE_ADVICE = "Text with a colon, '#' or quotes needs quotes around it."
WriteFolder = Callable[..., Path]


def lesson(key: str = "p1-les", part: str = "les", minutes: str = "1", extra: str = "") -> str:
    return f"---\nkey: {key}\ntitle: Een les\npart: {part}\nminutes: {minutes}\n{extra}---\nTekst.\n"


def session(key: str = "p1", extra: str = "") -> str:
    return (
        f"---\nkey: {key}\ntitle: Het begin\ntouches: Het begin.\nnote: Niets zwaars.\n{extra}---\nSamen.\n"
    )


def course(facts: str = "  - Groep: 6 mensen\n", slug: str = "proef", extra: str = "") -> str:
    return (
        f"---\nkey: proef-cursus\nslug: {slug}\ntitle: De proef\ndiscreet_title: Avondcursus\n"
        f"eyebrow: Voor wie wil\nlead: Wie.\nsummary: Kort.\nhours_label: online\nfacts:\n{facts}{extra}---\n"
    )


def programme(audience: str = "professionals", language: str = "nl") -> str:
    return (
        f"key: proef\nname: Proef\nneutral_name: Cursus\norganisation: Huis\n"
        f"audience: {audience}\nlanguage: {language}\n"
    )


def errors_of(folder: Path) -> list[NotationError]:
    with pytest.raises(ProgrammeErrors) as raised:
        read_programme(folder)
    return raised.value.errors


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


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("2024", "2024"),
        ("Nee", "Nee"),
        ("no", "no"),
        ('"Let op: nu"', "Let op: nu"),
        (">\n  Een\n  twee", "Een twee"),
    ],
)
def test_text_stays_what_the_writer_wrote(write_programme: WriteFolder, title: str, expected: str) -> None:
    text = f"---\nkey: p1-les\ntitle: {title}\npart: les\nminutes: 1\n---\nTekst.\n"
    assert read_programme(write_programme({LESSON: text})).sessions[0].lessons[0].title == expected


def test_a_fact_may_be_quoted_as_a_whole(write_programme: WriteFolder) -> None:
    facts = '  - "Nu open: les 1: de grondhouding"\n'
    assert read_programme(write_programme({COURSE: course(facts)})).course.facts == (
        Fact("Nu open", "les 1: de grondhouding"),
    )


FRONT_MATTER = {
    "no front matter": (
        LESSON,
        "Tekst.\n",
        1,
        "The file must start with a line of three dashes, then the fields.",
    ),
    "front matter without end": (
        LESSON,
        "---\nkey: a\n",
        1,
        "The fields have no end: add a line of three dashes below them.",
    ),
    "empty front matter": (
        LESSON,
        "---\n---\nTekst.\n",
        2,
        "Here must be fields, each on a line: 'name: text'.",
    ),
    "a list for front matter": (
        LESSON,
        "---\n- a\n---\n",
        2,
        "Here must be fields, each on a line: 'name: text'.",
    ),
    "field missing": (
        LESSON,
        lesson().replace("title: Een les\n", ""),
        1,
        "The field 'title' is missing. Add it.",
    ),
    "field unknown": (
        LESSON,
        lesson(extra="duration: 3\n"),
        6,
        "The field 'duration' is unknown. Remove it or mend its name.",
    ),
    "field twice": (LESSON, lesson(extra="title: B\n"), 6, "The field 'title' is there twice. Keep one."),
    "field empty": (LESSON, lesson().replace("Een les", ""), 3, "'title' is empty. Fill it in."),
    "optional field empty": (
        LESSON,
        lesson(extra="note:\n"),
        6,
        "'note' is empty. Fill it in or leave the field out.",
    ),
    "field too long": (
        LESSON,
        lesson().replace("Een les", "a" * 256),
        3,
        "'title' has 256 characters; at most 255 fit.",
    ),
    "Markdown in a field": (
        LESSON,
        lesson().replace("Een les", "Een **les**"),
        3,
        "'title' is plain text; remove the Markdown signs.",
    ),
    "list for text": (
        LESSON,
        lesson().replace("Een les", "[Een, les]"),
        3,
        "'title' must be text. Put quotes around it if it holds brackets or a colon.",
    ),
    "NUL by escape": (
        LESSON,
        lesson().replace("Een les", '"a\\0b"'),
        3,
        "'title' holds the invisible character U+0000. Remove it.",
    ),
    "surrogate by escape": (
        LESSON,
        lesson().replace("Een les", '"a\\ud800b"'),
        3,
        "'title' holds the invisible character U+D800. Remove it.",
    ),
    "bad key": (
        LESSON,
        lesson(key="Les 1"),
        2,
        "'key' must be small letters, digits and dashes, not 'Les 1'.",
    ),
    "bad slug": (
        COURSE,
        course(slug="de/proef"),
        3,
        "'slug' must be small letters, digits and dashes, not 'de/proef'.",
    ),
    "unknown part": (
        LESSON,
        lesson(part="daarna"),
        4,
        "'part' must be one of vooraf, bijeenkomst, achteraf, les, not 'daarna'.",
    ),
    "minutes not whole": (
        LESSON,
        lesson(minutes="7.5"),
        5,
        "'minutes' must be a whole number from 1 to 240, not '7.5'.",
    ),
    "minutes zero": (
        LESSON,
        lesson(minutes="0"),
        5,
        "'minutes' must be a whole number from 1 to 240, not '0'.",
    ),
    "minutes without end": (
        LESSON,
        lesson(minutes="9" * 5000),
        5,
        "'minutes' has 5000 characters; at most 255 fit.",
    ),
    "heavy not true or false": (
        SESSION,
        session(extra="heavy: ja\n"),
        6,
        "'heavy' must be true or false, not 'ja'.",
    ),
    "unknown audience": (
        "programme.yaml",
        programme(audience="iedereen"),
        5,
        "'audience' must be one of ervaringsmaatjes, professionals, not 'iedereen'.",
    ),
    "bad language": (
        "programme.yaml",
        programme(language="Nederlands"),
        6,
        "'language' must be a language code of two letters, such as nl, not 'Nederlands'.",
    ),
    "facts not a list": (
        COURSE,
        course(facts="  Groep: 6\n"),
        11,
        "'facts' must be a list with at least one line that starts with '- '.",
    ),
    "fact without label": (
        COURSE,
        course(facts="  - Zes mensen\n"),
        11,
        "Each item of 'facts' must be one line '- Label: text'.",
    ),
    "field's name not text": (LESSON, lesson(extra="? [a]\n: b\n"), 6, "A field's name must be plain text."),
    "broken YAML": (
        LESSON,
        lesson().replace("Een les", "Let op: nu"),
        3,
        f"Broken YAML: mapping values are not allowed here. {QUOTE_ADVICE}",
    ),
    "broken programme.yaml": (
        "programme.yaml",
        'key: proef\nname: "Proef\n',
        3,
        f"Broken YAML: found unexpected end of stream. {QUOTE_ADVICE}",
    ),
    "YAML alias": (
        LESSON,
        "---\nkey: &a p1\ntitle: *a\npart: les\nminutes: 1\n---\nTekst.\n",
        3,
        f"Broken YAML: aliases (*name) are not allowed; write the text out. {QUOTE_ADVICE}",
    ),
    "YAML tag": (
        LESSON,
        lesson().replace("Een les", "!!python/object/apply:os.system [ls]"),
        3,
        f"Broken YAML: tags (!name) are not allowed; quote the text. {QUOTE_ADVICE}",
    ),
    "YAML too deep": (
        LESSON,
        lesson().replace("Een les", "[" * 20_000),
        3,
        f"Broken YAML: this is nested too deeply. {QUOTE_ADVICE}",
    ),
    "YAML escape out of range": (
        LESSON,
        lesson().replace("Een les", '"\\UFFFFFFFF"'),
        2,
        "Broken YAML: a number or an escape in it is out of range. Write it out.",
    ),
    "YAML unprintable": (
        LESSON,
        lesson().replace("Een les", "Een \ufffe les"),
        3,
        "Broken YAML: the character U+FFFE is not allowed. Remove it.",
    ),
    "YAML too long": (
        LESSON,
        lesson(extra="# " + "a" * 30_000 + "\n"),
        2,
        "The fields take more than 30000 characters. Shorten them.",
    ),
}

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

MISTAKES = FRONT_MATTER | FILES


@pytest.mark.parametrize(("path", "content", "line", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_in_a_file_is_reported_on_its_line(
    write_programme: WriteFolder, path: str, content: str | bytes | None, line: int, message: str
) -> None:
    assert errors_of(write_programme({path: content})) == [NotationError(path, line, message)]


def test_a_session_has_lessons(write_programme: WriteFolder) -> None:
    message = "This session has no lessons. Add a file such as 10-wat-je-doet.md."
    assert errors_of(write_programme({LESSON: None})) == [NotationError("01-begin", 1, message)]


def test_a_programme_has_sessions(write_programme: WriteFolder) -> None:
    message = "This programme has no sessions. Add a folder such as 01-kennismaking."
    assert errors_of(write_programme({LESSON: None, SESSION: None})) == [NotationError(".", 1, message)]


def test_a_folder_that_is_not_there_is_an_error_and_no_exception_of_the_system(tmp_path: Path) -> None:
    message = "This folder cannot be read (No such file or directory). Check its name."
    assert errors_of(tmp_path / "nergens") == [NotationError(".", 1, message)]


def test_a_file_with_a_name_of_broken_bytes_is_named_readably(write_programme: WriteFolder) -> None:
    folder = write_programme({})
    (folder / "b\udcff.md").write_text("a")
    message = "This does not belong here. Session folders have names such as 01-kennismaking; move the rest."
    assert errors_of(folder) == [NotationError("b\\xff.md", 1, message)]


@pytest.mark.parametrize(
    ("path", "content", "key", "owner"),
    [
        ("01-begin/20-les.md", lesson(key="p1-les"), "p1-les", LESSON),
        ("01-begin/20-les.md", lesson(key="p1"), "p1", SESSION),
        ("01-begin/20-les.md", lesson(key="proef-cursus"), "proef-cursus", COURSE),
    ],
)
def test_courses_sessions_and_lessons_share_one_set_of_keys(
    write_programme: WriteFolder, path: str, content: str, key: str, owner: str
) -> None:
    message = f"The key '{key}' is used in {owner} already. Every key is used once."
    assert errors_of(write_programme({path: content})) == [NotationError(path, 1, message)]


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
    write_programme: WriteFolder, part: str, session_extra: str, message: str
) -> None:
    folder = write_programme({SESSION: session(extra=session_extra), LESSON: lesson(part=part)})
    assert errors_of(folder) == [NotationError(LESSON, 4, message)]


def test_the_order_of_files_follows_the_parts(write_programme: WriteFolder) -> None:
    folder = write_programme(
        {
            SESSION: session(extra="meeting: 2 uur\n"),
            LESSON: lesson(part="achteraf"),
            "01-begin/20-voor.md": lesson(key="p1-voor", part="vooraf"),
        }
    )
    message = "This 'vooraf' lesson comes after one that is 'achteraf'. Give its file a lower number."
    assert errors_of(folder) == [NotationError("01-begin/20-voor.md", 1, message)]


def test_errors_of_all_files_come_at_once_in_order(write_programme: WriteFolder) -> None:
    folder = write_programme(
        {"programme.yaml": "key: a\n", SESSION: session(extra="heavy: ja\n"), LESSON: lesson(part="daarna")}
    )
    assert [str(error) for error in errors_of(folder)] == [
        f"{LESSON}:4: 'part' must be one of vooraf, bijeenkomst, achteraf, les, not 'daarna'.",
        f"{SESSION}:6: 'heavy' must be true or false, not 'ja'.",
        "programme.yaml:1: The field 'audience' is missing. Add it.",
        "programme.yaml:1: The field 'language' is missing. Add it.",
        "programme.yaml:1: The field 'name' is missing. Add it.",
        "programme.yaml:1: The field 'neutral_name' is missing. Add it.",
        "programme.yaml:1: The field 'organisation' is missing. Add it.",
    ]
