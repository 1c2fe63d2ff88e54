"""What every page about a certificate has in common: nobody keeps it, and nobody finds it by searching."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LONGEST_TYPED = 60  # of a number that we do not know, shown again to who typed it


def unseen(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Neither kept by a browser nor found by a search engine."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return inner


def unknown(request: HttpRequest, typed: str = "") -> HttpResponse:
    """One page for numbers that do not exist, cannot exist or are not shown; what was typed waits in the box."""
    context = {"language_links": [], "typed": typed[:LONGEST_TYPED]}
    return render(request, "certification/unknown.html", context, status=404)


def too_fast(request: HttpRequest) -> HttpResponse:
    response = render(request, "certification/too_fast.html", status=429)
    response["Retry-After"] = "60"
    return response
