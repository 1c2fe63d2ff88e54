"""A programme's folder: which files it holds, in which order, and what must agree between them."""

import re
from collections.abc import Mapping
from pathlib import Path

from cms.programmes.banks import FOLDER as BANK_FOLDER
from cms.programmes.banks import check_quizzes, read_banks
from cms.programmes.blocks import read_content
from cms.programmes.errors import ProgrammeErrors
from cms.programmes.files import FOLDER as MEDIA_FOLDER
from cms.programmes.files import check_files, read_files
from cms.programmes.front_matter import Fields, read_yaml
from cms.programmes.listing import Reading, read_body
from cms.programmes.messages import Message
from cms.programmes.notation import (
    AUDIENCES,
    MEETING_PARTS,
    PARTS,
    CourseText,
    Fact,
    FileText,
    LessonText,
    Paragraphs,
    ProgrammeText,
    SessionText,
)
from cms.programmes.source import MAX_PROSE, Source, read_source

MAX_MINUTES = 240

_LANGUAGE = re.compile(r"[a-z]{2}")
_SESSION_FOLDER = re.compile(r"[0-9]{2}-[a-z0-9][a-z0-9-]*")
TRAINERS_NOTES = "trainer.md"
_LESSON_FILE = re.compile(r"[0-9]{2}-[a-z0-9][a-z0-9-]*\.md")


def read_programme(folder: Path, files: Mapping[str, FileText] | None = None) -> ProgrammeText:
    """Read a whole programme. `files`: those of media/ that are somewhere else, by name.

    Raises ProgrammeErrors with every error of the folder; then nothing is returned.
    """
    reading = Reading(folder)
    entries = reading.list_entries(folder)
    if reading.errors:
        raise ProgrammeErrors(reading.errors)
    fields = _open_programme(reading, folder / "programme.yaml")
    course = _read_course(reading, folder / "course.md")
    sessions: list[SessionText | None] = []
    for path in entries:
        if _SESSION_FOLDER.fullmatch(path.name):
            sessions.append(_read_session(reading, path))
        elif path.name not in {"programme.yaml", "course.md", BANK_FOLDER, MEDIA_FOLDER}:
            reading.report(
                path,
                Message(
                    "This does not belong here. Session folders have names such as 01-kennismaking; move the rest."
                ),
            )
    if not sessions:
        reading.report(
            folder, Message("This programme has no sessions. Add a folder such as 01-kennismaking.")
        )
    banks = read_banks(reading)
    check_quizzes(reading, [session for session in sessions if session], banks)
    media = read_files(reading, files or {})
    check_files(reading, [session for session in sessions if session], media)
    if fields is None or course is None:
        raise ProgrammeErrors(reading.errors)
    programme = ProgrammeText(
        path="programme.yaml",
        key=fields.key("key"),
        name=fields.text("name"),
        neutral_name=fields.text("neutral_name"),
        organisation=fields.text("organisation"),
        audience=fields.choice("audience", AUDIENCES) or AUDIENCES[0],
        language=fields.matching(
            "language", _LANGUAGE, Message("a language code of two letters, such as nl")
        ),
        course=course,
        sessions=tuple(session for session in sessions if session),
        banks=banks,
        files=media,
    )
    fields.finish()
    if reading.errors:
        raise ProgrammeErrors(reading.errors)
    return programme


def _open_programme(reading: Reading, path: Path) -> Fields | None:
    source = read_source(reading.folder, path, reading.errors)
    return source and read_yaml(source, source.lines, first_line=1)


def _read_course(reading: Reading, path: Path) -> CourseText | None:
    opened = reading.open(path)
    if opened is None:
        return None
    source, fields, body_line = opened
    course = CourseText(
        path=source.path,
        key=reading.claim_key(source, fields.key("key")),
        identity=reading.claim_identity(source, fields.identity("identity")),
        slug=fields.key("slug"),
        title=fields.text("title"),
        discreet_title=fields.text("discreet_title"),
        eyebrow=fields.text("eyebrow"),
        lead=fields.text("lead", limit=MAX_PROSE),
        summary=fields.text("summary", limit=MAX_PROSE),
        hours_label=fields.text("hours_label"),
        open_enrolment=fields.flag("open_enrolment", default=True),
        facts=tuple(Fact(label, text) for label, text in fields.labelled("facts")),
        body=read_body(source, body_line),
    )
    fields.finish()
    return course


def _read_session(reading: Reading, folder: Path) -> SessionText | None:
    errors_before = len(reading.errors)
    lesson_paths: list[Path] = []
    for path in reading.list_entries(folder):
        if _LESSON_FILE.fullmatch(path.name):
            lesson_paths.append(path)
        elif path.name not in {"session.md", TRAINERS_NOTES}:
            reading.report(
                path, Message("This does not belong here. Lessons have names such as 10-wat-je-doet.md.")
            )
    if not lesson_paths:
        reading.report(folder, Message("This session has no lessons. Add a file such as 10-wat-je-doet.md."))
    opened = reading.open(folder / "session.md")
    if opened is None:
        for path in lesson_paths:
            _read_lesson(reading, path)
        return None
    source, fields, body_line = opened
    key = reading.claim_key(source, fields.key("key"))
    meeting = fields.text("meeting", required=False)
    session = SessionText(
        path=source.path,
        key=key,
        identity=reading.claim_identity(source, fields.identity("identity")),
        slug=fields.key("slug", required=False),
        title=fields.text("title"),
        touches=fields.text("touches"),
        note=fields.text("note", limit=MAX_PROSE),
        meeting=meeting,
        meeting_details=fields.text("meeting_details", required=False),
        heavy=fields.flag("heavy"),
        body=read_body(source, body_line),
        trainer_notes=_read_trainer_notes(reading, folder / TRAINERS_NOTES),
        lessons=tuple(
            lesson for path in lesson_paths if (lesson := _read_lesson(reading, path, meeting=bool(meeting)))
        ),
    )
    fields.finish()
    if len(reading.errors) == errors_before:
        _check_order_of_parts(reading, session)
    return session


def _read_trainer_notes(reading: Reading, path: Path) -> Paragraphs | None:
    """Markdown without front matter, for the trainer alone; None where there is no such file."""
    source = read_source(reading.folder, path, reading.errors) if path.exists() else None
    if source is None:
        return None
    if not any(line.strip() for line in source.lines):
        source.report(1, Message("These notes are empty. Write them, or remove the file."))
    return read_body(source, 1)


def _read_lesson(reading: Reading, path: Path, *, meeting: bool | None = None) -> LessonText | None:
    """Read one lesson; `meeting` says whether its session has a live meeting, None where that is unknown."""
    opened = reading.open(path)
    if opened is None:
        return None
    source, fields, body_line = opened
    part_line = fields.line_of_field("part")
    part = fields.choice("part", PARTS)
    lesson = LessonText(
        path=source.path,
        key=reading.claim_key(source, fields.key("key")),
        identity=reading.claim_identity(source, fields.identity("identity")),
        slug=fields.key("slug", required=False),
        title=fields.text("title"),
        part=part or PARTS[0],
        minutes=fields.whole_number("minutes", 1, MAX_MINUTES),
        note=fields.text("note", limit=MAX_PROSE, required=False),
        content=read_content(source, body_line),
    )
    fields.finish()
    if not any(line.strip() for line in source.lines[body_line - 1 :]):
        source.report(body_line, Message("This lesson is empty. Write its text."))
    if part is not None and meeting is not None:
        _check_part(source, part_line, lesson, meeting=meeting)
    return lesson


def _check_part(source: Source, line: int, lesson: LessonText, *, meeting: bool) -> None:
    if meeting and lesson.part not in MEETING_PARTS:
        source.report(
            line,
            Message(
                "The part '%(part)s' is for a session without a meeting. Use %(parts)s, or take 'meeting' out of "
                "session.md.",
                part=lesson.part,
                parts=", ".join(MEETING_PARTS),
            ),
        )
    elif not meeting and lesson.part in MEETING_PARTS:
        source.report(
            line,
            Message(
                "The part '%(part)s' is for a session with a meeting. Use 'les', or add 'meeting' to session.md.",
                part=lesson.part,
            ),
        )


def _check_order_of_parts(reading: Reading, session: SessionText) -> None:
    """Lessons come by file name and parts by nature; the two must agree."""
    latest = 0
    for lesson in session.lessons:
        position = PARTS.index(lesson.part)
        if position < latest:
            reading.report(
                reading.folder / lesson.path,
                Message(
                    "This '%(part)s' lesson comes after one that is '%(latest)s'. Give its file a lower number.",
                    part=lesson.part,
                    latest=PARTS[latest],
                ),
            )
        latest = max(latest, position)
