"""What is on the host of SCORM packages: the player, and the files of the version that the host belongs to.

No cookie is read or set here, and no learner is known.
"""

from typing import Any

from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from media.archives.policy import ending_of
from media.models import PackageVersion
from media.packages import addresses, policies
from media.packages.formats import IN_SCORM
from media.packages.scorm import BYTES
from media.queries.packages import content_file_at
from media.services import scorm
from media.serving import served

FOR_A_WHILE = f"private, max-age={int(addresses.KEPT_OPEN.total_seconds())}, immutable"


@require_safe
def player(request: HttpRequest, ticket: str, language: str) -> HttpResponseBase:
    """The document that starts a package's parts and is their runtime. For a frame on our own page only."""
    version = _version(request, ticket)
    if language not in scorm.shown_languages() or _asked_as(request) != "iframe":
        raise Http404
    with translation.override(language):
        document = scorm.document(version=version, origin=_origin(request), ticket=ticket, language=language)
    response = HttpResponse(document.html)
    response["Content-Security-Policy"] = document.policy
    response["Cache-Control"] = "no-store"
    # Whoever learned here before on this device leaves nothing behind: places are kept with the learner, not in the browser.
    response["Clear-Site-Data"] = '"storage"'
    return _closed(response)


@require_safe
def file(request: HttpRequest, ticket: str, path: str) -> HttpResponseBase:
    """A file of a package, on its own host."""
    version = _version(request, ticket)
    found = content_file_at(version.pk, path)
    if found is None:
        raise Http404
    try:
        opened = storages["private"].open(found.blob.file_name)
    except FileNotFoundError as gone:
        raise Http404 from gone
    # By what the name ends in and by our own list, whatever the row says.
    content_type = IN_SCORM.get(ending_of(found.path), BYTES)
    if content_type in {"text/javascript", "text/css"}:
        content_type += "; charset=utf-8"  # pages say it themselves, in whatever they were written in
    response = served(
        request, opened, size=found.blob.size, digest=found.blob.sha256, content_type=content_type
    )
    response["Cache-Control"] = FOR_A_WHILE
    response["Content-Security-Policy"] = policies.scorm_file(
        content=scorm.content_at(_origin(request), ticket), framed_by=scorm.site_origin()
    )
    return _closed(response)


def _version(request: HttpRequest, ticket: str) -> PackageVersion:
    version = scorm.version_at(host=request.get_host(), ticket=ticket, now=timezone.now())
    if version is None:
        raise Http404
    return version


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _asked_as(request: HttpRequest) -> str:
    """Older browsers do not say what they fetch something for."""
    return request.headers.get("Sec-Fetch-Dest", "iframe")


def _closed(response: Any) -> HttpResponseBase:
    """What holds for everything on this host."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Permissions-Policy"] = policies.NO_DEVICES
    response["Cross-Origin-Opener-Policy"] = "same-origin"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Origin-Agent-Cluster"] = "?1"
    response["X-DNS-Prefetch-Control"] = "off"
    response["X-Robots-Tag"] = "noindex"
    return response
