"""What Wagtail needs around it: its editor's own content security policy and one transaction per deed, approval by
those who may write, a short way to public pages, and a quicker compression."""

import gzip
import hashlib
import io
import secrets
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from wagtail.admin.auth import permission_denied, require_admin_access
from wagtail.models import Page, Site
from wagtail.url_routing import RouteResult
from wagtail.views import serve

EDITOR = "/cms/"
SCREENS_OF_APPROVAL = f"{EDITOR}pages/workflow/"
REMEMBERED = 60  # seconds
# Django's is 6: a third of what a long lesson costs. This takes half of that time for 6 % more bytes.
COMPRESSION = 4
PAGE = 1000  # bytes; whatever is shorter costs nothing either way


class ContentSecurityPolicy(CSPMiddleware):
    """The strict policy everywhere; Wagtail's editor has a weaker one under its own path only."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(EDITOR) and not report_only and parts.config is None:
            parts.config = settings.EDITOR_CONTENT_SECURITY_POLICY
        return parts


class Compression(GZipMiddleware):
    """Django's compression of pages at another level, which it does not let one choose; what is no page is left to it.

    As there, a file name of random length pads the answer, so that a secret in it cannot be guessed by its length (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.has_header("Accept-Ranges"):
            return response  # a recording, of which players ask for parts
        accepted = "gzip" in request.headers.get("Accept-Encoding", "")
        special = response.streaming or response.has_header("Content-Encoding") or response.has_header("ETag")
        if not accepted or special or len(response.content) < PAGE:
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Encoding",))
        padding, sent = "a" * secrets.randbelow(self.max_random_bytes), io.BytesIO()
        with gzip.GzipFile(padding, "wb", COMPRESSION, sent, mtime=0) as compressed:
            compressed.write(response.content)
        if len(sent.getvalue()) < len(response.content):
            response.content = sent.getvalue()
            response.headers["Content-Length"] = str(len(response.content))
            response.headers["Content-Encoding"] = "gzip"
        return response


class EditorTransaction:
    """What somebody does in the editor is done whole: a page whose syllabus cannot be written stays as it was.

    Wagtail's screens call its actions directly, past the transactions of `SyllabusPage`. Stands last among the
    middleware, because it calls the view itself. A view that has to keep its own says so as it would to Django
    (`transaction.non_atomic_requests`).

    Deeds on one page come one after another: saving a draft by itself while somebody presses *publish* would otherwise
    write the page as it was before, no longer live.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        if DEFAULT_DB_ALIAS in getattr(view, "_non_atomic_requests", ()):
            return None
        if request.method != "POST" or not request.path_info.startswith(EDITOR):
            return None
        try:
            with transaction.atomic():
                if "page_id" in kwargs:
                    Page.objects.select_for_update().filter(pk=kwargs["page_id"]).first()
                return view(request, *args, **kwargs)
        except ValidationError as refused:
            # Through a door without a form: publishing many at once, approving from the list of tasks.
            for sentence in refused.messages:
                messages.error(request, sentence)
            return redirect(_where_it_was(request))


class ApprovalByWriters:
    """Wagtail tells whoever asks to approve a page what its draft is called, if only to say that there is nothing to
    approve; here that is for who may write that page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        if not request.path_info.startswith(SCREENS_OF_APPROVAL):
            return None
        page = Page.objects.filter(id=kwargs["page_id"]).first()
        if page is None or page.permissions_for_user(request.user).can_edit():
            return None
        return require_admin_access(permission_denied)(request)


class SayWhatIsNoPage:
    """Where only a form leads: who comes by address, after signing in again or by reloading, gets a page, not nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method != "GET" or response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        if response.streaming or response.content or not request.accepts("text/html"):
            return response
        page = render(request, "405.html", status=response.status_code)
        page.headers["Allow"] = response.headers["Allow"]
        return page


class ShortWayToPages:
    """Remembers which page lies at a public address: finding the site and walking down the tree is a third of the work.

    Publishing, moving and unpublishing hold at once, because the page is read anew and has to be live at that address;
    who may see it is asked after that, as ever. Only a change of the site's own settings waits until it is forgotten.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> None:
        if view is not serve:
            return
        address = f"{request.get_host()} {get_language()} {request.path_info}"
        key = f"place:{hashlib.sha256(address.encode()).hexdigest()}"
        if known := cache.get(key):
            site, model, pk, url_path = known
            page = model.objects.filter(pk=pk, url_path=url_path, live=True).first()
            if page is not None:
                # Where Wagtail itself keeps what it found, for the rest of the request.
                request._wagtail_site = site
                request._wagtail_route_for_request = RouteResult(page)
                return
        route = Page.route_for_request(request, *args, **kwargs)
        if route is not None and not route.args and not route.kwargs:
            site, page = Site.find_for_request(request), route.page
            cache.set(key, (site, type(page), page.pk, page.url_path), REMEMBERED)


def _where_it_was(request: HttpRequest) -> str:
    before = request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
    return before if ours else reverse("wagtailadmin_home")
