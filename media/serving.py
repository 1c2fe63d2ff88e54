"""Files as a browser asks for them: whole, in part for a player that seeks, or not at all where it has them already."""

import re
from collections.abc import Iterator
from typing import IO

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

RANGE = re.compile(r"^bytes=(\d{0,15})-(\d{0,15})$")
CHUNK = 64 * 1024


def served(
    request: HttpRequest, file: IO[bytes], *, size: int, digest: str, content_type: str
) -> HttpResponseBase:
    """A file of `size` bytes whose content never changes (`digest`): 200, 206, 304 or 416. Closes the file."""
    etag = f'"{digest}"'
    if etag in request.headers.get("If-None-Match", ""):
        file.close()
        return _labelled(HttpResponse(status=304), etag)
    wanted = _part(request, size, etag)
    if wanted is None:
        first, last, status = 0, size - 1, 200
    elif wanted[0] > wanted[1]:
        file.close()
        refusal = _labelled(HttpResponse(status=416), etag)
        refusal["Content-Range"] = f"bytes */{size}"
        return refusal
    else:
        (first, last), status = wanted, 206
    length = last - first + 1
    body = _Part(file, first, length)
    if request.method == "HEAD":
        file.close()
        body = ()
    response = _labelled(StreamingHttpResponse(body, status=status, content_type=content_type), etag)
    response["Content-Length"] = str(length)
    if status == 206:  # noqa: PLR2004 -- partial content
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    if not content_type.startswith(("text/", "application/json")):
        # Packed already; and a part of a file that was packed on the way is no part that a player can use.
        response["Content-Encoding"] = "identity"
    return response


def _labelled(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    return response


def _part(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """First and last byte asked for; the first above the last for what is not there. `None`: the whole."""
    found = RANGE.match(request.headers.get("Range", ""))
    if not found or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = found.groups()
    if first:
        return int(first), min(int(last), size - 1) if last else size - 1
    if last:
        return (max(size - int(last), 0), size - 1) if int(last) else (1, 0)
    return None


class _Part:
    """A part of a file, a chunk at a time; the file is closed at the end, and where nobody reads on."""

    def __init__(self, file: IO[bytes], first: int, length: int) -> None:
        self.file, self.length = file, length
        file.seek(first)

    def __iter__(self) -> Iterator[bytes]:
        left = self.length
        while left > 0 and (chunk := self.file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk

    def close(self) -> None:
        self.file.close()
