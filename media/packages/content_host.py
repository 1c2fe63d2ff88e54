"""The host of SCORM packages, apart from the site's own: under it every version has an origin that nothing else has.

A SCORM package needs an origin, or it finds neither its runtime nor its own files. On ours it would read sessions; on one
with other packages it would read what they store, or put a service worker before them.
"""

import hashlib
import re
from urllib.parse import urlsplit

from django.conf import settings

LABEL = re.compile(r"p[0-9a-f]{40}")


def label_of(package_key: object, tree_hash: str) -> str:
    """The name of a version's own host below the content host."""
    return "p" + hashlib.sha256(f"{package_key}/{tree_hash}".encode()).hexdigest()[:40]


def is_below(host: str) -> bool:
    """Whether a request's host (with or without a port) is the content host's, which the site itself never answers."""
    domain, content = _bare(host), _bare(settings.CONTENT_HOST)
    if not content:
        return False
    if domain == content:
        # On one's own machine the site is at `localhost` itself (Wagtail's previews always are), and packages are below it.
        return content not in {"localhost", urlsplit(settings.SITE_URL).hostname}
    return domain.endswith(f".{content}")


def label_in(host: str) -> str | None:
    """The label that a request's host begins with; `None` where it is no version's."""
    label, _dot, rest = _bare(host).partition(".")
    return label if LABEL.fullmatch(label) and rest == _bare(settings.CONTENT_HOST) else None


def origin_of(label: str, *, scheme: str, beside: str) -> str:
    """Scheme and host of a version; the port is that of our own host (`beside`) unless CONTENT_HOST names one."""
    host = settings.CONTENT_HOST
    port = "" if ":" in host else beside.partition(":")[2]
    return f"{scheme}://{label}.{host}" + (f":{port}" if port else "")


def every_origin(*, scheme: str, beside: str) -> list[str]:
    """All origins of packages, as a content security policy names them; none where there is no content host."""
    return [origin_of("*", scheme=scheme, beside=beside)] if settings.CONTENT_HOST else []


def _bare(host: str) -> str:
    return host.partition(":")[0].rstrip(".").lower()
