"""`manage.py check --deploy`: packages are on another domain than the site."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def packages_have_another_domain(
    app_configs: Sequence[Any] | None, **_options: Any
) -> list[checks.CheckMessage]:
    """Of two names below one domain each can set cookies that the other is sent."""
    content, site = settings.CONTENT_HOST.partition(":")[0], urlsplit(settings.SITE_URL).hostname or ""
    if not content or _domain(content) != _domain(site):
        return []
    return [
        checks.Error(
            f"CONTENT_HOST: {content} shares a domain with the site ({site}). Packages need another one.",
            id="media.E001",
        )
    ]


def _domain(host: str) -> str:
    """The last two labels: enough to see a mistake, whatever may be registered below which ending."""
    return ".".join(host.lower().split(".")[-2:])
