"""Keeps personal pages out of every cache."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class KeepPersonalPagesOutOfCaches:
    """`no-store` on all that is answered to somebody with a session, and on all that sets one.

    Public pages for strangers may be kept, but have to be asked for again: they show whether somebody is signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(settings.STATIC_URL) or "Cache-Control" in response:
            return response
        personal = settings.SESSION_COOKIE_NAME in request.COOKIES or bool(response.cookies)
        response["Cache-Control"] = "no-store" if personal else "no-cache"
        return response
