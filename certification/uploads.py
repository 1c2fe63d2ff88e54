"""Comparing a file without keeping it: it is looked at in memory while the request lasts, and never written anywhere."""

import hashlib
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MOST_BYTES = 5 * 1024 * 1024
# A request larger than this is not read at all.
MOST_READ = 4 * MOST_BYTES
PDF_MARK = b"%PDF-"


class SeenFile(UploadedFile):
    """What is known of an upload: its size, its SHA-256, whether it begins as a PDF does, and its bytes if not too many."""

    def __init__(self, *, name: str, size: int, sha256: str, is_pdf: bool, data: bytes = b"") -> None:
        super().__init__(file=BytesIO(), name=name, size=size)
        self.sha256 = sha256
        self.is_pdf = is_pdf
        self.data = data

    @property
    def is_too_large(self) -> bool:
        return self.size > MOST_BYTES


class SeeAndForget(FileUploadHandler):
    """Takes the first file and its digest, in memory up to the size of a certificate; other files are passed over."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._taken = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self._taken:
            raise SkipFile
        self._taken = True
        self._digest = hashlib.sha256()
        self._data = bytearray()
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._data += raw_data[: MOST_BYTES - len(self._data)]
        self._size += len(raw_data)
        self._digest.update(raw_data)

    def file_complete(self, file_size: int) -> SeenFile:
        return SeenFile(
            name=self.file_name,
            size=self._size,
            sha256=self._digest.hexdigest(),
            is_pdf=self._data.startswith(PDF_MARK),
            data=bytes(self._data) if self._size <= MOST_BYTES else b"",
        )
