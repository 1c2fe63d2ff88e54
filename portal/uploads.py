"""A file that comes with an answer: one, to disk and never into memory, and no more of it than we keep."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

from courses.services.handed_files import MOST_BYTES

FIELD = "file"
# What is larger is not read to its end: a browser that sends it sees the connection close.
MOST_READ = 5 * MOST_BYTES


class OneFile(TemporaryFileUploadHandler):
    """Keeps the first file called `file` up to `MOST_BYTES`; of a larger one only its size. Others are passed over."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._size = 0
        self._taken = False

    @property
    def is_far_too_large(self) -> bool:
        return self._size > MOST_READ

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        if self._taken or field_name != FIELD:
            raise SkipFile
        self._taken = True
        super().new_file(field_name, *args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        if self.is_far_too_large:
            raise StopUpload(connection_reset=True)
        if self._size <= MOST_BYTES:
            super().receive_data_chunk(raw_data, start)


def uploaded(request: HttpRequest) -> UploadedFile | None:
    """The file that came along, as large as it was; of one that is too large the content is cut off."""
    file = request.FILES.get(FIELD)
    if file is None and any(getattr(each, "is_far_too_large", False) for each in request.upload_handlers):
        return UploadedFile(file=BytesIO(), name=FIELD, size=MOST_READ + 1)
    return file
