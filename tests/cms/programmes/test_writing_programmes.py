"""Programmes as files and back: what is read was what was written, to the byte."""

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings

from cms.programmes import ActivityKind, Paragraphs, ProgrammeText, read_programme
from cms.programmes.writing import (
    WRITERS,
    ProgrammeCannotBeWritten,
    file_name,
    said,
    save_files,
    write_programme,
)
from tests.cms.programmes.sound_files import LESSON_HEAD, LESSON_PATH, PROGRAMME_FILES, write_files
from tests.cms.programmes.written_lessons import ACTIVITIES, write_lesson

CONTENT = Path(__file__).parents[3] / "content"
SHIPPED = sorted(path.parent.name for path in CONTENT.glob("*/programme.yaml"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("written")


@pytest.fixture
def programme(tmp_path: Path) -> ProgrammeText:
    return read_programme(write_files(tmp_path / "sound", PROGRAMME_FILES))


def read_files(folder: Path, files: dict[str, str]) -> ProgrammeText:
    for old in sorted(folder.rglob("*"), reverse=True):
        old.rmdir() if old.is_dir() else old.unlink()
    save_files(folder, files)
    return read_programme(folder)


def with_lesson(programme: ProgrammeText, **values: Any) -> ProgrammeText:
    (session,) = programme.sessions
    (lesson,) = session.lessons
    return replace(programme, sessions=(replace(session, lessons=(replace(lesson, **values),)),))


def problems_of(programme: ProgrammeText) -> list[tuple[str, str]]:
    with pytest.raises(ProgrammeCannotBeWritten) as refused:
        write_programme(programme)
    return [(problem.title, problem.message) for problem in refused.value.problems]


def test_every_kind_has_a_writer_and_random_lessons() -> None:
    assert set(WRITERS) == set(get_args(ActivityKind))
    # A test needs a bank: below; these need files: test_media_files.
    assert set(ACTIVITIES) == set(get_args(ActivityKind)) - {"quiz", "video", "audio", "download"}


@settings(deadline=None, max_examples=200)
@given(lesson=write_lesson())
def test_random_lessons_are_read_back_as_they_were(folder: Path, lesson: tuple[list, str]) -> None:
    files = {**PROGRAMME_FILES, LESSON_PATH: LESSON_HEAD + lesson[1]}
    programme = read_files(folder, files)
    written = write_programme(programme)
    again = read_files(folder, written)
    assert said(again) == said(programme)
    assert write_programme(again) == written


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_programmes_are_read_back_as_they_were(name: str, folder: Path) -> None:
    programme = read_programme(CONTENT / name)
    written = write_programme(programme)
    again = read_files(folder, written)
    assert said(again) == said(programme)
    assert write_programme(again) == written


def test_files_are_named_by_place_and_title_and_end_with_one_line_end(programme: ProgrammeText) -> None:
    files = write_programme(programme)
    assert files == {
        "programme.yaml": PROGRAMME_FILES["programme.yaml"],
        "course.md": PROGRAMME_FILES["course.md"],
        "01-het-begin/session.md": PROGRAMME_FILES["01-begin/session.md"],
        "01-het-begin/10-een-les.md": PROGRAMME_FILES[LESSON_PATH],
    }


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Zes dilemma’s", "zes-dilemmas"),
        ("Eén uitgang", "een-uitgang"),
        ("???", "sleutel"),
        ("a" * 99, "a" * 60),
    ],
)
def test_a_file_is_named_after_its_title(title: str, name: str) -> None:
    assert file_name(title, "sleutel") == name


def test_lessons_stay_in_order_however_many(programme: ProgrammeText) -> None:
    (session,) = programme.sessions
    lessons = tuple(replace(session.lessons[0], key=f"les-{number}") for number in range(40))
    many = replace(programme, sessions=(replace(session, lessons=lessons),))
    names = sorted(name for name in write_programme(many) if name.endswith("een-les.md"))
    assert [names[0], names[39]] == ["01-het-begin/02-een-les.md", "01-het-begin/80-een-les.md"]
    too_many = replace(programme, sessions=(replace(session, lessons=lessons * 3),))
    assert problems_of(too_many) == [("", "More than 99 sessions, or lessons in a session, do not fit.")]


def test_a_text_after_a_text_stays_one_of_its_own(programme: ProgrammeText) -> None:
    content = (Paragraphs("<p>Een.</p>", 1, "", 1), Paragraphs("<p>Twee.</p>", 1, "", 1))
    files = write_programme(with_lesson(programme, content=content))
    assert files["01-het-begin/10-een-les.md"] == LESSON_HEAD + "Een.\n\n::: text\nTwee.\n:::\n"


@pytest.mark.parametrize(
    "text",
    [
        "Vraag: hoe?",
        "- streepje",
        "# hekje",
        "'s avonds",
        '"zo"',
        "2024",
        "nee",
        "a #b",
        "{x}",
        "*",
        "\\",
        "a:",
    ],
)
def test_texts_of_fields_are_quoted_where_yaml_needs_it(
    programme: ProgrammeText, text: str, tmp_path
) -> None:
    titled = with_lesson(programme, title=text)
    found = read_files(tmp_path, write_programme(titled))
    assert found.sessions[0].lessons[0].title == text


def test_what_cannot_be_said_names_the_page_and_what_to_change(programme: ProgrammeText) -> None:
    def one(html: str) -> list[tuple[str, str]]:
        return problems_of(with_lesson(programme, content=(Paragraphs(html, 1, "", 1),)))

    assert one("<p>a</p><p></p>") == [("Een les", "There is an empty <p>. Take it out.")]
    assert problems_of(with_lesson(programme, minutes=900)) == [
        ("Een les", "“minutes: 900”: 'minutes' must be a whole number from 1 to 240, not '900'.")
    ]
    assert problems_of(with_lesson(programme, note="Twee  spaties")) == [
        (
            "Een les",
            "“note” cannot be written as it is. Write each text on one line, without signs of Markdown.",
        )
    ]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"hint": "Kort.\n- Of lang."},
            "“  - Of lang.”: '- Of lang.' is no line of this kind of activity. Mend its first signs.",
        ),
        (
            {"question": "Wat  past?"},
            "“Wat  past?” cannot be written as it is. Write each text on one line, without signs of Markdown.",
        ),
        (
            {"extra": "x"},
            "“Wat past?” cannot be written as it is. Write each text on one line, without signs of Markdown.",
        ),
    ],
)
def test_an_activity_that_is_not_read_back_is_named(tmp_path: Path, changed: dict, message: str) -> None:
    block = "::: reflection a\nWat past?\nhint> Kort.\n:::\n"
    sound = read_programme(write_files(tmp_path, {**PROGRAMME_FILES, LESSON_PATH: LESSON_HEAD + block}))
    (activity,) = sound.sessions[0].lessons[0].content
    fields = {**activity.fields, **changed}
    assert problems_of(with_lesson(sound, content=(replace(activity, fields=fields),))) == [
        ("Een les", message)
    ]


def test_line_ends_of_a_text_are_kept(tmp_path: Path) -> None:
    block = "::: reflection a\nWat past?\n\nEn nu?\\\n  Straks?\n\nhint> Kort.\\\n  \\\n  Of lang.\n:::\n"
    found = read_programme(write_files(tmp_path, {**PROGRAMME_FILES, LESSON_PATH: LESSON_HEAD + block}))
    (activity,) = found.sessions[0].lessons[0].content
    assert activity.fields == {"question": "Wat past?\n\nEn nu?\nStraks?", "hint": "Kort.\n\nOf lang."}
    assert write_programme(found)["01-het-begin/10-een-les.md"] == LESSON_HEAD + block


def test_a_test_and_its_bank_are_read_back_as_they_were(tmp_path: Path) -> None:
    quiz = "::: quiz eind\nOver alles.\n\nbank> toets\ndraw> 2\npass> 1\nattempts> 5\n:::\n"
    bank = (
        "---\nkey: toets\ntitle: Vragen bij de toets\n---\n"
        "::: truefalse een\nKlopt dit?\n\n- [x] Waar\n  > Ja.\n- [ ] Niet waar\n  > Nee.\n:::\n\n"
        "::: single twee\nWat past?\n\n- [x] Dit\n  > Ja.\n- [ ] Dat\n  > Nee.\n:::\n"
    )
    files = {**PROGRAMME_FILES, LESSON_PATH: LESSON_HEAD + quiz, "bank/toets.md": bank}
    found = read_programme(write_files(tmp_path, files))
    written = write_programme(found)
    assert (written["01-het-begin/10-een-les.md"], written["bank/toets.md"]) == (files[LESSON_PATH], bank)
