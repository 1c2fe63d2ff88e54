"""The files of packages, for a sandbox that sends no cookies: the address says all that is needed.

Nothing here looks at the session, or sets one.
"""

from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from media.archives.policy import ending_of
from media.models import LibraryFile, PackageFile
from media.packages import addresses, policies
from media.packages.formats import IN_CONTENT, IN_LIBRARIES
from media.queries.packages import content_file_at, library_file_at
from media.serving import served

BYTES = "application/octet-stream"
FOR_EVER = "public, max-age=31536000, immutable"
# No longer than the address that leads to it is good for.
FOR_A_WHILE = f"private, max-age={int(addresses.KEPT_OPEN.total_seconds())}, immutable"


@require_safe
def library_file(request: HttpRequest, tree_hash: str, path: str) -> HttpResponseBase:
    """A file of a library, under the digest of what is in it."""
    return _sent(request, library_file_at(tree_hash, path), content=False, kept=FOR_EVER)


@require_safe
def content_file(request: HttpRequest, ticket: str, path: str) -> HttpResponseBase:
    """A file of a version's own, for as long as its address is good."""
    version_id = addresses.version_of(ticket, timezone.now())
    found = None if version_id is None else content_file_at(version_id, path)
    return _sent(request, found, content=True, kept=FOR_A_WHILE)


def _sent(
    request: HttpRequest, found: LibraryFile | PackageFile | None, *, content: bool, kept: str
) -> HttpResponseBase:
    if found is None:
        raise Http404
    blob = found.blob
    try:
        file = storages["private"].open(blob.file_name)
    except FileNotFoundError as gone:
        raise Http404 from gone
    # By what the name ends in and by our own list, whatever the row says: nothing else is sent as what it claims to be.
    content_type = (IN_CONTENT if content else IN_LIBRARIES).get(ending_of(found.path), BYTES)
    if content_type.startswith("text/"):
        content_type += "; charset=utf-8"
    response = served(request, file, size=blob.size, digest=blob.sha256, content_type=content_type)
    response["Cache-Control"] = kept
    response["Content-Security-Policy"] = policies.ASSET
    response["X-Content-Type-Options"] = "nosniff"
    # The sandbox has no origin that could be named, and typefaces ask for one.
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Referrer-Policy"] = "no-referrer"
    return response
