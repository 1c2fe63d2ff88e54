"""Files of learners: looked into before they are kept, kept under a random name, never under an address of their own."""

import contextlib
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from courses.activities import ResponseError
from courses.activities.assignment import HandedFile
from courses.activities.contract import plain_text
from courses.models import Submission
from courses.services.photos import FORMATS as PHOTOS
from courses.services.photos import without_metadata

MOST_BYTES = 20 * 1024 * 1024
FOLDER = "opdrachten"
HEAD = 128  # bytes
LONGEST_NAME = 100
CONTROLS = bytes(set(range(32)) - set(b"\t\n\f\r")) + b"\x7f"
WORD, MACROS = b"word/document.xml", b"vbaProject.bin"
ZIPPED = b"PK\x03\x04"
ODT = b"mimetypeapplication/vnd.oasis.opendocument.text"
SYNC = 0xE0  # the eleven bits with which a frame of MP3 begins, without the first eight


@dataclass
class Seen:
    """What is known of a file's bytes after reading through it once, a chunk at a time."""

    head: bytes = b""
    plain: bool = True
    names: set[bytes] = field(default_factory=set)
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256)
    _tail: bytes = b""

    def take(self, chunk: bytes) -> None:
        self.head = (self.head + chunk[:HEAD])[:HEAD]
        self.plain = self.plain and chunk.translate(None, CONTROLS) == chunk
        both = self._tail + chunk  # a name may lie over the border of two chunks
        self.names |= {name for name in (WORD, MACROS) if name in both}
        self._tail = both[-len(WORD) :]
        self.size += len(chunk)
        self.digest.update(chunk)


# By the ending of the name, what the content has to look like. Nothing here opens a file: it is only handed on.
FORMATS: Mapping[str, Callable[[Seen], bool]] = {
    "pdf": lambda seen: seen.head.startswith(b"%PDF-"),
    "docx": lambda seen: seen.head.startswith(ZIPPED) and WORD in seen.names and MACROS not in seen.names,
    "odt": lambda seen: seen.head.startswith(ZIPPED) and seen.head[30:].startswith(ODT),
    "txt": lambda seen: seen.plain,
    "mp3": lambda seen: (
        seen.head.startswith(b"ID3") or (seen.head[:1] == b"\xff" and seen.head[1:2] >= bytes([SYNC]))
    ),
    "m4a": lambda seen: seen.head[4:8] == b"ftyp",
    "jpg": lambda seen: seen.head.startswith(b"\xff\xd8\xff"),
    "png": lambda seen: seen.head.startswith(b"\x89PNG\r\n\x1a\n"),
}
ALSO = {"jpeg": "jpg"}


def private_storage() -> Storage:
    return storages["private"]


def inspected(upload: UploadedFile) -> HandedFile:
    """What a file is, by its name and its content. Raises `ResponseError` for one that we do not take."""
    if upload.size > MOST_BYTES:
        raise ResponseError(
            _("This file is larger than %(most)s MB. Choose a smaller one. Your text is still here.")
            % {"most": MOST_BYTES // 1024**2}
        )
    if not upload.size:
        raise ResponseError(_("This file is empty. Choose another one. Your text is still here."))
    ending = PurePath(upload.name).suffix.lower().removeprefix(".")
    wanted = ALSO.get(ending, ending)
    seen = Seen()
    for chunk in upload.chunks():
        seen.take(chunk)
    if wanted not in FORMATS or not FORMATS[wanted](seen):
        raise ResponseError(
            _("We cannot take this file. You can send: %(endings)s. Your text is still here.")
            % {"endings": ", ".join(FORMATS)}
        )
    name = plain_text(PurePath(upload.name).name)[-LONGEST_NAME:]
    return HandedFile(name, wanted, seen.size, seen.digest.hexdigest())


def keep_file(upload: UploadedFile, file_format: str) -> str:
    """Write a file that was looked into; of a photo the picture alone. Returns the name it has in the storage.

    Raises `ResponseError` for a picture that cannot be opened.
    """
    upload.seek(0)
    kept = without_metadata(upload, file_format) if file_format in PHOTOS else upload
    return private_storage().save(f"{FOLDER}/{secrets.token_hex(16)}.{file_format}", kept)


def remove_file(name: str) -> None:
    """Delete a file that is no longer needed; a storage that is away is left to `sweep_handed_files`."""
    if name:
        with contextlib.suppress(OSError):
            private_storage().delete(name)


def sweep_handed_files(*, now: datetime) -> int:
    """For the clock: delete files that no hand-in names and that have been there for a day. How many."""
    storage = private_storage()
    try:
        _folders, files = storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    known = set(Submission.objects.exclude(file_name="").values_list("file_name", flat=True))
    lost = [
        name
        for name in (f"{FOLDER}/{file}" for file in files)
        if name not in known and storage.get_modified_time(name) < now - timedelta(days=1)
    ]
    for name in lost:
        storage.delete(name)
    return len(lost)
