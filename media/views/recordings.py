"""Handing out the files behind lessons: in parts where a player asks for parts, and never from a cache."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.contrib.auth.decorators import login_required
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.permissions import policy_registry

from media.models import Handout, Recording
from media.rules import CONTENT_TYPES
from media.services.addresses import CAPTIONS, MODELS, opened_by

CHUNK = 64 * 1024
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@require_safe
def lesson_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """The file of an address that a lesson gave out: to whom it was given, signed in. Nothing for anybody else."""
    opened = opened_by(reader=request.user, token=token) if request.user.is_authenticated else None
    if opened is None:
        raise Http404
    return _handed_out(request, *opened)


@login_required
@require_safe
def editor_file(request: HttpRequest, door: str, pk: int) -> HttpResponseBase:
    """A file for the editor's own screens: to who may choose or change it there."""
    model = MODELS.get(door)
    if model is None or not request.user.has_perm("wagtailadmin.access_admin"):
        raise Http404
    found = get_object_or_404(model, pk=pk)
    policy = policy_registry.get_by_type(model)
    if not policy.user_has_any_permission_for_instance(request.user, ["change", "delete", "choose"], found):
        raise Http404
    return _handed_out(request, door, found)


def _handed_out(request: HttpRequest, door: str, found: Recording | Handout) -> HttpResponseBase:
    if door == CAPTIONS:
        if not found.captions:
            raise Http404
        return _safe(HttpResponse(found.captions, content_type="text/vtt; charset=utf-8"))
    try:
        file = found.file.storage.open(found.file.name)
    except FileNotFoundError as gone:
        raise Http404 from gone
    if door == Handout.door:
        # As something to save, never to show. The name says nothing.
        return _safe(FileResponse(file, as_attachment=True, filename=f"blad-{found.pk}.{found.ending}"))
    return _safe(_played(request, found, file))


def _played(request: HttpRequest, recording: Recording, file: BinaryIO) -> HttpResponseBase:
    """All of it, or the one part that is asked for (RFC 9110, 14.2): several parts at once are answered with all."""
    size, first, last, status = file.size, 0, file.size - 1, 200
    tag = f'"{recording.sha256[:32]}"'
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked and any(asked.groups()) and request.headers.get("If-Range", tag) == tag:
        begin, end = asked.groups()
        first = int(begin) if begin else max(size - int(end), 0)
        last = min(int(end), size - 1) if begin and end else size - 1
        status = 206
        if first >= size or (begin and end and int(end) < first) or (not begin and not int(end)):
            file.close()
            response: HttpResponseBase = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size}"
            return response
    file.seek(first)
    parts = iter(()) if request.method == "HEAD" else _part(file, last - first + 1)
    response = StreamingHttpResponse(parts, status=status)
    response._resource_closers.append(file.close)  # also where nobody begins to read
    response["Content-Type"] = CONTENT_TYPES[recording.ending]
    response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = (
        "bytes"  # and so it is not compressed on its way: parts of that would be other parts
    )
    response["ETag"] = tag
    if status == 206:  # noqa: PLR2004 -- partial content
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _part(file: BinaryIO, length: int) -> Iterator[bytes]:
    """`length` bytes from where the file stands, a chunk at a time."""
    while length > 0 and (chunk := file.read(min(CHUNK, length))):
        length -= len(chunk)
        yield chunk


def _safe(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
