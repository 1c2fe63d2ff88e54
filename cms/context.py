"""Navigation shared by all pages."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cms.models import CataloguePage, CoursePage, HomePage, StandardPage
from cms.publishing import NAVIGATION_KEY

KEEP = 3600  # seconds; publishing empties it sooner


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav_links` and `footer_links` (title, url), `catalogue_url`, `home_url`. No query once it is cached."""
    key = f"{NAVIGATION_KEY}:{get_language()}"
    links = cache.get(key)
    if links is None:
        links = _links()
        cache.set(key, links, KEEP)
    return links


def _links() -> dict[str, Any]:
    home = HomePage.objects.live().first()
    catalogue = CataloguePage.objects.live().first()
    courses = CoursePage.objects.live().order_by("path")[:3]
    standard = StandardPage.objects.live().order_by("path")
    catalogue_url = catalogue.url if catalogue else "/"
    return {
        "home_url": (home.url if home else None) or "/",
        "catalogue_url": catalogue_url,
        "nav_links": [(catalogue.title if catalogue else _("Courses"), catalogue_url)] if courses else [],
        "footer_links": [(page.title, page.url) for page in standard],
    }
