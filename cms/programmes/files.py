"""The files of a programme: `media/<name>.mp4` with `media/<name>.md` that says what it is, and perhaps captions.

Only what stands there under a plain name counts: no path leads out of the folder, and no link is followed.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from cms.programmes.errors import NotationError
from cms.programmes.listing import Reading
from cms.programmes.messages import Message
from cms.programmes.notation import FileText, SessionText
from cms.programmes.recordings import ALL_ENDINGS, DOCUMENTS, ENDINGS, FILE_NAME, is_file_name
from cms.programmes.source import shorten

FOLDER = "media"
LANGUAGE = re.compile(r"[a-z]{2}")
SECONDS = re.compile(r"[0-9]{1,5}(\.[0-9]{1,2})?")
CHUNK = 1024 * 1024


def read_files(reading: Reading, elsewhere: Mapping[str, FileText]) -> tuple[FileText, ...]:
    """All files of the programme that is read, by name; errors are noted in the reading.

    `elsewhere`: files that are not in the folder itself, by name, for who only wants to read what was written.
    """
    folder = reading.folder / FOLDER
    if not folder.is_dir() and not folder.is_symlink():
        return ()
    if folder.is_symlink():
        reading.report(folder, Message("This is a link. Put the files themselves into the folder."))
        return ()
    paths = {path.name: path for path in reading.list_entries(folder) if _is_taken(reading, path)}
    names = [name for name in {**paths, **elsewhere} if is_file_name(name)]
    stems = {name.partition(".")[0]: name for name in names}
    for name in names:
        if stems[name.partition(".")[0]] != name:
            reading.report(
                folder / name,
                Message(
                    "'%(name)s' and '%(other)s' have one name. Rename one.",
                    name=name,
                    other=stems[name.partition(".")[0]],
                ),
            )
    described = {stem: name for stem, name in stems.items() if f"{stem}.md" in paths}
    for name, path in paths.items():
        stem, _, ending = name.partition(".")
        if ending in {"md", "vtt"} and stem not in stems:
            reading.report(
                path,
                Message("There is no file '%(stem)s' beside this. Add it, or remove this one.", stem=stem),
            )
        elif ending == "vtt" and stems[stem].partition(".")[2] in DOCUMENTS:
            reading.report(path, Message("A document has no captions. Remove this file."))
        elif name in names and stem not in described:
            reading.report(
                path,
                Message(
                    "Nothing says what this is. Write %(folder)s/%(stem)s.md with its title.",
                    folder=FOLDER,
                    stem=stem,
                ),
            )
    texts = [_read_file(reading, paths, described[stem], elsewhere) for stem in sorted(described)]
    return tuple(text for text in texts if text is not None)


def _is_taken(reading: Reading, path: Path) -> bool:
    if path.is_symlink():
        reading.report(path, Message("This is a link. Put the file itself into the folder."))
    elif not path.is_file():
        reading.report(
            path, Message("This does not belong here. Files stand in this folder, and no folders.")
        )
    elif not is_file_name(path.name) and not _beside(path.name):
        reading.report(
            path,
            Message(
                "This name or ending does not fit. Use small letters, digits and dashes, and one of: %(endings)s.",
                endings=", ".join(ALL_ENDINGS),
            ),
        )
    else:
        return True
    return False


def _beside(name: str) -> bool:
    found = FILE_NAME.fullmatch(name)
    return found is not None and found[2] in {"md", "vtt"}


def _read_file(
    reading: Reading, paths: Mapping[str, Path], name: str, elsewhere: Mapping[str, FileText]
) -> FileText | None:
    stem, _, ending = name.partition(".")
    opened = reading.open(paths[f"{stem}.md"])
    if opened is None:
        return None
    source, fields, body_line = opened
    is_recording = ending not in DOCUMENTS
    title = fields.text("title")
    language = (
        fields.matching("language", LANGUAGE, Message("a language code of two letters"))
        if is_recording
        else ""
    )
    seconds = (
        fields.matching("seconds", SECONDS, Message("how long it lasts, such as 93 or 93.5"))
        if is_recording
        else ""
    )
    fields.finish()
    body = "\n".join(source.lines[body_line - 1 :]).strip("\n")
    if body.strip() and not is_recording:
        source.report(
            body_line, Message("Below the fields of a document stands nothing. Write it in the lesson.")
        )
    captions = _read_captions(reading, paths.get(f"{stem}.vtt"))
    try:
        digest, opener = (
            (elsewhere[name].sha256, elsewhere[name].opened)
            if name in elsewhere
            else (_digest_of(paths[name]), partial(paths[name].open, "rb"))
        )
    except OSError as error:
        reading.report(
            paths[name],
            Message("This file cannot be read (%(reason)s). Check that it may be.", reason=error.strerror),
        )
        return None
    return FileText(source.path, name, title, language, seconds, body, captions, digest, opener)


def _read_captions(reading: Reading, path: Path | None) -> str:
    """The captions as they stand; whether they are WebVTT is looked at when they are loaded."""
    if path is None:
        return ""
    try:
        with path.open("rb") as file:
            return file.read(CHUNK + 1).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        reading.report(path, Message("These captions cannot be read. Save them as UTF-8."))
        return ""


def _digest_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def check_files(reading: Reading, sessions: Iterable[SessionText], files: Iterable[FileText]) -> None:
    """Report activities without their file, and files that no activity names."""
    there = {text.name for text in files}
    named = set()
    for session in sessions:
        for lesson in session.lessons:
            for activity in lesson.activities:
                name = activity.fields.get("file") if activity.kind in ENDINGS else None
                if not name:
                    continue
                named.add(name)
                if name not in there:
                    message = Message(
                        "There is no file '%(name)s' with a text beside it. Put it in %(folder)s/, with %(stem)s.md, or "
                        "mend 'file>'.",
                        name=shorten(name),
                        folder=FOLDER,
                        stem=shorten(name.partition(".")[0]),
                    )
                    reading.errors.append(NotationError(activity.path, activity.line, message))
    for text in files:
        if text.name not in named:
            reading.report(
                reading.folder / text.path,
                Message("No lesson uses '%(name)s'. Use it, or remove both.", name=text.name),
            )
