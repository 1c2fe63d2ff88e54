"""Playing a SCORM package: where its player is, and the document that is there. Knows no course, no page and no person.

The document holds nothing of a learner: the page around it hands over their places, and it gives back what to keep.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse

from media.models import Package, PackageVersion
from media.packages import addresses, content_host, policies

URLS = "media.urls_content_host"
STYLES = "scorm/scorm.css"
SCRIPTS = {Package.Kind.SCORM_12: "scorm/scorm12.js", Package.Kind.SCORM_2004: "scorm/scorm2004.js"}


@dataclass(frozen=True)
class Address:
    """Where a version plays: the address for a frame, and the origin that its messages come from."""

    url: str
    origin: str


@dataclass(frozen=True)
class ScormDocument:
    html: str
    policy: str


def is_scorm(version: PackageVersion) -> bool:
    return version.package.kind in SCRIPTS


def player_address(
    *, version: PackageVersion, language: str, scheme: str, beside: str, now: datetime
) -> Address:
    """Where a version plays for the next hours; `beside` is the host of our own page, `scheme` how it is reached."""
    label = content_host.label_of(version.package_id, version.tree_hash)
    origin = content_host.origin_of(label, scheme=scheme, beside=beside)
    ticket = addresses.ticket_for(version.pk, now, purpose=addresses.HOST)
    return Address(origin + reverse("scorm_player", URLS, args=[ticket, language]), origin)


def version_at(*, host: str, ticket: str, now: datetime) -> PackageVersion | None:
    """The version that a ticket opens on this host; `None` where it is no ticket, an old one, or another host's."""
    version_id = addresses.version_of(ticket, now, purpose=addresses.HOST)
    if version_id is None:
        return None
    version = PackageVersion.objects.select_related("package").filter(pk=version_id).first()
    if version is None or not is_scorm(version):
        return None
    own = content_host.label_of(version.package_id, version.tree_hash)
    return version if content_host.label_in(host) == own else None


def document(*, version: PackageVersion, origin: str, ticket: str, language: str) -> ScormDocument:
    """The document around a package's pages, in the language that is active."""
    content = content_at(origin, ticket)
    site = site_origin()
    script, styles = (_static(site, name) for name in (SCRIPTS[version.package.kind], STYLES))
    html = render_to_string(
        "media/scorm.html",
        {
            "title": version.package.title,
            "language": language,
            "script": script,
            "styles": styles,
            "parts": version.launch["parts"],
            "settings": {
                "site": site,
                "parts": [
                    {**part, "address": content + quote(part["path"]) + part["parameters"]}
                    for part in version.launch["parts"]
                ],
            },
        },
    )
    policy = policies.scorm_player(scripts=[script], styles=[styles], content=content, framed_by=site)
    return ScormDocument(html, policy)


def content_at(origin: str, ticket: str) -> str:
    """The folder of a version's files, with a slash at its end."""
    return f"{origin}/{ticket}/"


def site_origin() -> str:
    """Our own origin, which alone frames packages."""
    site = urlsplit(settings.SITE_URL)
    return f"{site.scheme}://{site.netloc}"


def shown_languages() -> set[str]:
    return {code for code, _name in settings.LANGUAGES}


def _static(site: str, name: str) -> str:
    address = static(name)
    return address if "://" in address else site + address
