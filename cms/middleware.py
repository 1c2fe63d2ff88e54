"""What holds for Wagtail's editor alone: its own content security policy, and one transaction per deed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

EDITOR = "/cms/"


class ContentSecurityPolicy(CSPMiddleware):
    """The strict policy everywhere; Wagtail's editor has a weaker one under its own path only."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(EDITOR) and not report_only and parts.config is None:
            parts.config = settings.EDITOR_CONTENT_SECURITY_POLICY
        return parts


class EditorTransaction:
    """What somebody does in the editor is done whole: a page whose syllabus cannot be written stays as it was.

    Wagtail's screens call its actions directly, past the transactions of `SyllabusPage`. Stands last among the
    middleware, because it calls the view itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        if request.method != "POST" or not request.path_info.startswith(EDITOR):
            return None
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except ValidationError as refused:
            # Through a door without a form: publishing many at once, approving from the list of tasks.
            for sentence in refused.messages:
                messages.error(request, sentence)
            return redirect(_where_it_was(request))


def _where_it_was(request: HttpRequest) -> str:
    before = request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
    return before if ours else reverse("wagtailadmin_home")
