"""Two sites in one process that know nothing of each other: ours, and the host on which SCORM packages play."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import resolve

from media.packages import content_host

URLS = "media.urls_content_host"


class ContentHost:
    """Answers whatever is asked of a host below CONTENT_HOST, by its own addresses and past everything that follows.

    There is no session there, no sign-in, no page and no static file of ours, and no way to any; and nothing that is there
    can be had on our own host.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not content_host.is_below(request.get_host()):
            return self.get_response(request)
        if self._is_service_worker(request):
            return self._nothing()
        request.urlconf = URLS
        try:
            found = resolve(request.path_info, URLS)
            return found.func(request, *found.args, **found.kwargs)
        except Http404:
            return self._nothing()

    @staticmethod
    def _is_service_worker(request: HttpRequest) -> bool:
        """A program that would stay behind and answer for a whole host: never."""
        return bool(request.headers.get("Service-Worker")) or (
            request.headers.get("Sec-Fetch-Dest") == "serviceworker"
        )

    @staticmethod
    def _nothing() -> HttpResponse:
        return HttpResponse("404\n", status=404, content_type="text/plain")
