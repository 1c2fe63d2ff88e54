"""Uploads to the editor: to disk, never into memory, and no more of them than may be kept."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

# What is larger still is not read to its end: a browser that sends it sees the connection close.
FAR_TOO_LARGE = 10


class UpToTheLimit(TemporaryFileUploadHandler):
    """Keeps a file up to the largest that any form takes; of a larger one only its size, which the form refuses."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        most = settings.RECORDING_MOST_BYTES
        if self._size > FAR_TOO_LARGE * most:
            raise StopUpload(connection_reset=True)
        if self._size <= most:
            super().receive_data_chunk(raw_data, start)
        elif self.file.tell():
            self.file.seek(0)
            self.file.truncate()  # it is refused anyhow: the disk need not hold it
