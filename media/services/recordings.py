"""Files behind lessons: looked into before they are kept, and kept once."""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Collection

from media.models import Handout, Recording
from media.recordings import duration_of
from media.rules import DOCUMENTS, HEAD, RECORDINGS, document_format, ending_of, recording_format
from people.models import User

Kept = TypeVar("Kept", Recording, Handout)
CHUNK = 64 * 1024
WORD, MACROS = b"word/document.xml", b"vbaProject.bin"


class NotTaken(ValueError):
    """This file is none that lessons can use. The message is for who sends it."""


@dataclass(frozen=True)
class Inspected:
    """What a file is: the ending that fits its content, its bytes, their SHA-256, and of a recording the seconds."""

    ending: str
    size: int
    sha256: str
    duration: float | None = None


def megabytes(size: int) -> int:
    return size // 1024**2


def inspected_recording(*, file: BinaryIO, name: str, size: int, kind: str) -> Inspected:
    """Look into a video or audio file (`kind`). Reads it once, in chunks. Raises `NotTaken`."""
    _check_size(size, settings.RECORDING_MOST_BYTES)
    file.seek(0)
    found = recording_format(file.read(HEAD))
    endings = [each.ending for each in RECORDINGS[kind]]
    if ending_of(name) not in endings or found != ending_of(name):
        raise NotTaken(
            _("This is none of the files that fit here: %(endings)s.") % {"endings": ", ".join(endings)}
        )
    digest, length, _seen = _read_through(file)
    return Inspected(found, length, digest, duration_of(file, found))


def inspected_document(*, file: BinaryIO, name: str, size: int) -> Inspected:
    """Look into a document. Reads it once, in chunks. Raises `NotTaken`."""
    _check_size(size, settings.DOCUMENT_MOST_BYTES)
    file.seek(0)
    head = file.read(HEAD)
    digest, length, seen = _read_through(file)
    found = document_format(head)
    is_word = found != "docx" or (WORD in seen and MACROS not in seen)
    if not found or found != ending_of(name) or not is_word:
        raise NotTaken(
            _("This is none of the files that fit here: %(endings)s.")
            % {"endings": ", ".join(each.ending for each in DOCUMENTS)}
        )
    return Inspected(found, length, digest)


@transaction.atomic
def add_recording(
    *,
    file: BinaryIO,
    found: Inspected,
    kind: str,
    title: str,
    language: str,
    duration: float,
    captions: str = "",
    transcript: str = "",
    text_name: str = "",
    uploaded_by: User | None = None,
) -> Recording:
    """Keep a recording that was looked into. Nothing of it is left in the storage where the row is not kept."""
    recording = Recording(
        title=title,
        type=kind,
        language=language,
        duration=duration,
        captions=captions,
        transcript=transcript,
        sha256=found.sha256,
        size=found.size,
        text_name=text_name,
        uploaded_by_user=uploaded_by,
        collection=Collection.get_first_root_node(),
    )
    return _kept(recording, file, found)


@transaction.atomic
def add_document(
    *,
    file: BinaryIO,
    found: Inspected,
    title: str,
    text_name: str = "",
    uploaded_by: User | None = None,
) -> Handout:
    """Keep a document that was looked into; as `add_recording`."""
    document = Handout(
        title=title,
        sha256=found.sha256,
        size=found.size,
        file_size=found.size,
        text_name=text_name,
        uploaded_by_user=uploaded_by,
        collection=Collection.get_first_root_node(),
    )
    return _kept(document, file, found)


def _kept(thing: Kept, file: BinaryIO, found: Inspected) -> Kept:
    file.seek(0)
    thing.file.save(f"bestand.{found.ending}", File(file), save=False)
    try:
        thing.save()
    except BaseException:
        thing.file.delete(save=False)
        raise
    return thing


def _check_size(size: int, most: int) -> None:
    if not size:
        raise NotTaken(_("This file is empty."))
    if size > most:
        raise NotTaken(
            _("This file is larger than %(most)s MB. Make it smaller, or cut it into parts.")
            % {"most": megabytes(most)}
        )


def _read_through(file: BinaryIO) -> tuple[str, int, set[bytes]]:
    """SHA-256, length, and which telling names were met, a chunk at a time."""
    file.seek(0)
    digest, length, seen, tail = hashlib.sha256(), 0, set(), b""
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        length += len(chunk)
        both = tail + chunk  # a name may lie over the border of two chunks
        seen |= {name for name in (WORD, MACROS) if name in both}
        tail = both[-len(WORD) :]
    file.seek(0)
    return digest.hexdigest(), length, seen
