"""Where a package plays, and the document in which an H5P package does. Who may have them is asked by whoever calls this."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from media.models import PackageVersion
from media.packages import content_host, policies
from media.services.launching import H5P, Around, launched
from media.services.player import Place, PlayerDocument, Unplayable, player_document
from media.services.scorm import is_scorm

# A SCORM player that is opened with it begins without the page around it.
ALONE = "#proef"
HTML, JSON = "text/html", "application/json"


def played(
    request: HttpRequest,
    version: PackageVersion,
    *,
    title: str,
    places: Callable[[], Iterable[Place]],
    told: dict[str, Any],
) -> HttpResponse:
    """The two answers of one address: to the page's script where it plays, to the frame the document of an H5P package.

    `places` is only asked where it is needed. A SCORM package has its document on a host of its own.
    """
    now = timezone.now()
    if is_scorm(version) and not settings.CONTENT_HOST:
        raise Http404  # it was brought in while there was one
    if request.get_preferred_type([HTML, JSON]) == JSON:
        answer = launched(
            version=version,
            document=request.path,
            places=places() if is_scorm(version) else (),
            told=told,
            around=Around(request.scheme, request.get_host()),
            now=now,
        )
        return JsonResponse(answer, headers={"Cache-Control": "no-store", "Vary": "Accept"})
    if is_scorm(version):
        raise Http404
    try:
        document = player_document(
            version=version,
            title=title,
            places=places(),
            origin=f"{request.scheme}://{request.get_host()}",
            now=now,
            told=told,
        )
    except Unplayable as error:
        raise Http404 from error
    return framed(request, document)


def framed(request: HttpRequest, document: PlayerDocument) -> HttpResponse:
    """The document in its sandbox, for a frame only. Older browsers do not say what they fetch it for."""
    if request.headers.get("Sec-Fetch-Dest", "iframe") != "iframe":
        return render(request, "media/not_framed.html", status=403)
    response = HttpResponse(document.html)
    response["Content-Security-Policy"] = document.policy
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    # A name that is looked up tells somebody that a page was read.
    response["X-DNS-Prefetch-Control"] = "off"
    return response


def tried_at(request: HttpRequest, version: PackageVersion, *, document: str) -> tuple[str, str]:
    """Where a package plays by itself, with nobody around who listens, and what its frame may. Empty where it plays nowhere."""
    if is_scorm(version) and not settings.CONTENT_HOST:
        return "", ""
    answer = launched(
        version=version,
        document=document,
        places=(),
        told={},
        around=Around(request.scheme, request.get_host()),
        now=timezone.now(),
    )
    if answer["kind"] == H5P:
        return document, "allow-scripts"
    return answer["address"] + ALONE, " ".join(policies.SCORM_SANDBOX)


def scorm_hosts(request: HttpRequest) -> list[str]:
    """Whom a page of ours may frame beside its own addresses, for its policy."""
    return content_host.every_origin(scheme=request.scheme, beside=request.get_host())
