"""Video, audio and documents in a lesson as text: which file, and for a document what its button says."""

import re
from collections.abc import Callable
from typing import Any

from cms.programmes.entries import Entries
from cms.programmes.messages import Message
from cms.programmes.source import MAX_KEY_LENGTH, shorten

VIDEO, AUDIO, DOCUMENTS = ("mp4", "webm"), ("mp3", "m4a", "ogg"), ("pdf", "docx", "odt", "txt")
ALL_ENDINGS = (*VIDEO, *AUDIO, *DOCUMENTS)
# By kind of activity, the endings of the files that it may name.
ENDINGS = {"video": VIDEO, "audio": AUDIO, "download": DOCUMENTS}
FILE_NAME = re.compile(r"([a-z0-9][a-z0-9-]*)\.([a-z0-9]+)")
MAX_BUTTON = 120
FILE_MARKERS = {"file": re.compile(r"file>\s*(.*)")}
DOWNLOAD_MARKERS = {**FILE_MARKERS, "button": re.compile(r"button>\s*(.*)")}


def is_file_name(name: str) -> bool:
    """Whether a text may name a file so: small letters, digits and dashes, and an ending that is known."""
    found = FILE_NAME.fullmatch(name)
    return found is not None and len(found[1]) <= MAX_KEY_LENGTH and found[2] in ALL_ENDINGS


def reader_of(kind: str) -> Callable[[Entries], dict[str, Any]]:
    """question, file; of a download statement too."""

    def read(entries: Entries) -> dict[str, Any]:
        fields = {"question": entries.question(), "file": _read_name(entries, kind)}
        return {**fields, "statement": _read_button(entries)} if kind == "download" else fields

    return read


def _read_name(entries: Entries, kind: str) -> str:
    name = entries.take_one("file")
    if name and (not is_file_name(name) or name.partition(".")[2] not in ENDINGS[kind]):
        entries.source.report(
            entries.take("file")[0].line,
            Message(
                "'%(name)s' names no file of media/ that fits here. Write its bare name, in small letters, digits "
                "and dashes, with one of these endings: %(endings)s.",
                name=shorten(name),
                endings=", ".join(ENDINGS[kind]),
            ),
        )
        return ""
    return name


def _read_button(entries: Entries) -> str:
    text = entries.take_one("button")
    if "\n" in text or len(text) > MAX_BUTTON:
        entries.source.report(
            entries.take("button")[0].line,
            Message("This text is a button: one line of at most %(most)s characters.", most=MAX_BUTTON),
        )
    return text
