"""A programme as files: the inverse of `cms.programmes.folder`."""

import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path

from cms.programmes.banks import FOLDER as BANKS
from cms.programmes.errors import ProgrammeErrors
from cms.programmes.files import CHUNK
from cms.programmes.files import FOLDER as MEDIA
from cms.programmes.folder import TRAINERS_NOTES, read_programme
from cms.programmes.messages import Message
from cms.programmes.notation import (
    ActivityText,
    Aside,
    BankText,
    CourseText,
    Drawing,
    FileText,
    Grounding,
    LessonContent,
    LessonText,
    Paragraphs,
    ProgrammeText,
    SessionText,
)
from cms.programmes.source import shorten
from cms.programmes.writing.activities import write_activity
from cms.programmes.writing.errors import CannotBeWritten
from cms.programmes.writing.front_matter import write_fields, write_front_matter
from cms.programmes.writing.markdown import write_markdown

MOST_IN_FOLDER = 99
LONGEST_NAME = 60
WHERE_IT_STOOD = {"path", "line", "words", "opened"}  # what reading adds to a text

_NO_NAME = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Problem:
    """What cannot be written: in which file it would stand, the title of its page, and what to change there."""

    path: str
    title: str
    message: Message

    def __str__(self) -> str:
        return f"{self.title} ({self.path}): {self.message}"

    def translated(self, translate: Callable[[str], str]) -> str:
        return f"{self.title} ({self.path}): {self.message.translated(translate)}"


class ProgrammeCannotBeWritten(Exception):
    """A programme holds what the format cannot say. `problems` name every page."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)


@dataclass
class _Writing:
    files: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def write(self, path: str, title: str, lines: Callable[[], Iterator[str]]) -> None:
        """Make one file of these lines, or note why they cannot be written."""
        self.titles[path] = title
        try:
            self.files[path] = "".join(f"{line}\n" for line in lines())
        except CannotBeWritten as reason:
            self.problems.append(Problem(path, title, reason.message))


def write_programme(text: ProgrammeText) -> dict[str, str]:
    """The files of a programme by path. Reading them gives the same programme: what does not is refused.

    Raises `ProgrammeCannotBeWritten` with every page that has something to change.
    """
    writing = _Writing()
    writing.write("programme.yaml", text.name, lambda: _programme_lines(text))
    writing.write("course.md", text.course.title, lambda: _course_lines(text.course))
    for bank in text.banks:
        writing.write(_bank_path(bank), bank.title, lambda bank=bank: _bank_lines(bank))
    for number, session in zip(_numbers(text.sessions, 1), text.sessions, strict=True):
        _write_session(writing, f"{number:02}-{file_name(session.title, session.key)}", session)
    for each in text.files:
        _write_file(writing, each)
    if not writing.problems:
        writing.problems += _read_back(writing, text)
    if writing.problems:
        raise ProgrammeCannotBeWritten(writing.problems)
    return writing.files


def file_name(title: str, key: str) -> str:
    """What a file is called: its title in small letters, digits and dashes, or its key where that leaves nothing."""
    letters = unicodedata.normalize("NFKD", title.replace("’", "")).encode("ascii", "ignore").decode()
    return _NO_NAME.sub("-", letters.lower())[:LONGEST_NAME].strip("-") or key


def _numbers(things: Sequence[object], step: int) -> range:
    """Two digits for each: in steps as wide as fit, so that something can be put between."""
    if len(things) > MOST_IN_FOLDER:
        raise ProgrammeCannotBeWritten(
            [
                Problem(
                    ".",
                    "",
                    Message(
                        "More than %(most)s sessions, or lessons in a session, do not fit.",
                        most=MOST_IN_FOLDER,
                    ),
                )
            ]
        )
    step = min(step, MOST_IN_FOLDER // max(len(things), 1))
    return range(step, step * len(things) + 1, step)


def _write_session(writing: _Writing, folder: str, session: SessionText) -> None:
    writing.write(f"{folder}/session.md", session.title, lambda: _session_lines(session))
    notes = session.trainer_notes
    if notes is not None:
        writing.write(f"{folder}/{TRAINERS_NOTES}", session.title, lambda: _prose(notes))
    for number, lesson in zip(_numbers(session.lessons, 10), session.lessons, strict=True):
        path = f"{folder}/{number:02}-{file_name(lesson.title, lesson.key)}.md"
        writing.write(path, lesson.title, lambda lesson=lesson: _lesson_lines(lesson))


def _programme_lines(text: ProgrammeText) -> Iterator[str]:
    yield from write_fields(
        [
            ("key", text.key),
            ("name", text.name),
            ("neutral_name", text.neutral_name),
            ("organisation", text.organisation),
            ("audience", text.audience),
            ("language", text.language),
        ]
    )


def _course_lines(text: CourseText) -> Iterator[str]:
    yield from write_front_matter(
        [
            ("key", text.key),
            ("identity", text.identity),
            ("slug", text.slug),
            ("title", text.title),
            ("discreet_title", text.discreet_title),
            ("eyebrow", text.eyebrow),
            ("lead", text.lead),
            ("summary", text.summary),
            ("hours_label", text.hours_label),
            ("open_enrolment", None if text.open_enrolment else False),
            ("facts", [(fact.label, fact.text) for fact in text.facts]),
        ]
    )
    yield from _prose(text.body)


def _session_lines(text: SessionText) -> Iterator[str]:
    yield from write_front_matter(
        [
            ("key", text.key),
            ("identity", text.identity),
            ("slug", text.slug),
            ("title", text.title),
            ("touches", text.touches),
            ("note", text.note),
            ("meeting", text.meeting),
            ("meeting_details", text.meeting_details),
            ("heavy", text.heavy or None),
        ]
    )
    yield from _prose(text.body)


def _bank_path(bank: BankText) -> str:
    return f"{BANKS}/{bank.key}.md"


def _bank_lines(text: BankText) -> Iterator[str]:
    yield from write_front_matter([("key", text.key), ("identity", text.identity), ("title", text.title)])
    for number, question in enumerate(text.questions):
        if number:
            yield ""
        yield from write_activity(question)


def _lesson_lines(text: LessonText) -> Iterator[str]:
    yield from write_front_matter(
        [
            ("key", text.key),
            ("identity", text.identity),
            ("slug", text.slug),
            ("title", text.title),
            ("part", text.part),
            ("minutes", text.minutes),
            ("note", text.note),
        ]
    )
    before: LessonContent | None = None
    for number, piece in enumerate(text.content):
        if number:
            yield ""
        yield from _piece_lines(piece, before)
        before = piece


def _piece_lines(piece: LessonContent, before: LessonContent | None) -> Iterator[str]:
    match piece:
        case ActivityText():
            yield from write_activity(piece)
        case Drawing():
            yield from (f"::: drawing {piece.name}", *piece.text.split("\n"), ":::")
        case Aside() | Grounding():
            kind = "aside" if isinstance(piece, Aside) else "grounding"
            yield from (f"::: {kind} {piece.title}", write_markdown(piece.html), ":::")
        case Paragraphs() if isinstance(before, Paragraphs):  # a text after a text: not one with it
            yield from ("::: text", write_markdown(piece.html), ":::")
        case Paragraphs():
            yield write_markdown(piece.html)


def _write_file(writing: _Writing, text: FileText) -> None:
    """What a file is, and its captions; the file itself is copied by `save_media`."""
    path = f"{MEDIA}/{text.stem}.md"
    writing.write(path, text.title, lambda: _file_lines(text))
    if text.captions:
        writing.files[f"{MEDIA}/{text.stem}.vtt"] = text.captions
        writing.titles[f"{MEDIA}/{text.stem}.vtt"] = text.title


def _file_lines(text: FileText) -> Iterator[str]:
    yield from write_front_matter(
        [("title", text.title), ("language", text.language), ("seconds", text.seconds)]
    )
    if text.transcript:
        yield from text.transcript.split("\n")


def _prose(body: Paragraphs) -> Iterator[str]:
    if body.html:
        yield write_markdown(body.html)


# --- is it the same? ------------------------------------------------------------------------------------------------
def _read_back(writing: _Writing, text: ProgrammeText) -> list[Problem]:
    """Where reading the files gives errors, or something else than was written."""
    with tempfile.TemporaryDirectory() as name:
        save_files(Path(name), writing.files)
        try:
            found = read_programme(Path(name), {each.name: each for each in text.files})
        except ProgrammeErrors as errors:
            return [_refused(writing, error.path, error.line, error.message) for error in errors.errors]
    return list(_differences(writing, text, found))


def save_files(folder: Path, files: dict[str, str]) -> None:
    """Write files by their path below the folder."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")


def save_media(folder: Path, files: Iterable[FileText]) -> None:
    """Copy the files of a programme, as they are, below the folder."""
    for text in files:
        (folder / MEDIA).mkdir(parents=True, exist_ok=True)
        with text.opened() as content, (folder / MEDIA / text.name).open("wb") as copy:
            shutil.copyfileobj(content, copy, CHUNK)


def _refused(writing: _Writing, path: str, line: int, message: Message) -> Problem:
    lines = writing.files.get(path, "").split("\n")
    words = lines[line - 1] if line <= len(lines) else ""
    if words not in {"", "---"}:
        message = Message("“%(words)s”: %(message)s", words=shorten(words), message=message)
    return Problem(path, writing.titles.get(path, path), message)


def _differences(writing: _Writing, text: ProgrammeText, found: ProgrammeText) -> Iterator[Problem]:
    pairs = [("programme.yaml", text, found), ("course.md", text.course, found.course)]
    banks = {bank.key: bank for bank in found.banks}
    pairs += [(_bank_path(bank), bank, banks[bank.key]) for bank in text.banks]
    for session, session_found in zip(text.sessions, found.sessions, strict=True):
        pairs.append((session_found.path, session, session_found))
        lessons = zip(session.lessons, session_found.lessons, strict=True)
        pairs += [(lesson_found.path, lesson, lesson_found) for lesson, lesson_found in lessons]
    for path, written, read in pairs:
        for what in _other_fields(written, read):
            message = Message(
                "%(what)s cannot be written as it is. Write each text on one line, without signs of Markdown.",
                what=what,
            )
            yield Problem(path, writing.titles[path], message)


def _other_fields(written: object, found: object) -> Iterator[str]:
    """Names of the fields, or words of the pieces, that were read back otherwise."""
    for each in fields(written):  # type: ignore[arg-type]
        if each.name in WHERE_IT_STOOD | {"banks", "course", "sessions", "lessons"}:
            continue
        before, after = getattr(written, each.name), getattr(found, each.name)
        if each.name not in {"content", "questions"}:
            if said(before) != said(after):
                yield f"“{each.name}”"
            continue
        for number, piece in enumerate(before):
            if number >= len(after) or said(piece) != said(after[number]):
                yield f"“{_start_of(piece)}”"
                break


def said(text: object) -> object:
    """What a text says, without where it stood: plain data that can be compared."""
    if is_dataclass(text):
        names = [each.name for each in fields(text) if each.name not in WHERE_IT_STOOD]
        return (type(text).__name__, {name: said(getattr(text, name)) for name in names})
    return [said(each) for each in text] if isinstance(text, tuple) else text


def _start_of(piece: LessonContent) -> str:
    """The first words of a piece, for who has to find it in the editor."""
    match piece:
        case ActivityText():
            return shorten(str(piece.fields.get("question") or piece.fields.get("statement") or piece.kind))
        case Aside() | Grounding():
            return shorten(piece.title)
        case Drawing():
            return shorten(piece.text)
    return shorten(re.sub(r"<[^>]*>", "", piece.html))
