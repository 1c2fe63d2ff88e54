"""The content security policy, with the editor's exception."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class ContentSecurityPolicy(CSPMiddleware):
    """The strict policy everywhere; Wagtail's editor has a weaker one under its own path only."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith("/cms/") and not report_only and parts.config is None:
            parts.config = settings.EDITOR_CONTENT_SECURITY_POLICY
        return parts
