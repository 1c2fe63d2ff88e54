"""The document in which a package plays, as an answer. Who may have it is asked by whoever calls this."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from media.services.player import PlayerDocument


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
