"""Navigation shared by all pages."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.query import PageQuerySet

from cms.models import CataloguePage, CoursePage, HomePage, StandardPage
from cms.publishing import NAVIGATION_KEY

KEEP = 60  # seconds; publishing empties it sooner, but not in the memory of another process
IN_MENU = {"leerplek", "profile", "account_login", "account_logout"}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav_links` and `footer_links` (title, url), `catalogue_url`, `home_url`, `language_links`, `menu_place`.

    No query once it is cached.
    """
    key = f"{NAVIGATION_KEY}:{get_language()}"
    links = cache.get(key)
    if links is None:
        links = _links()
        cache.set(key, links, KEEP)
    return {
        **links,
        "language_links": _language_links(request.path),
        "menu_place": _menu_place(request),
    }


def _menu_place(request: HttpRequest) -> str:
    """Which link of the menu leads here, by the name of its address; `lesson` for what lies below the learning place."""
    if request.path.startswith("/les/"):
        return "lesson"
    name = request.resolver_match.view_name if request.resolver_match else ""
    return name if name in IN_MENU else ""


def _language_links(path: str) -> list[tuple[str, str, str]]:
    """The same address in the other language (code, name, url): Dutch has no prefix. Strangers get these as links."""
    if path.startswith("/en/"):
        return [("nl", "Nederlands", path.removeprefix("/en"))]
    return [("en", "English", f"/en{path}")]


def _links() -> dict[str, Any]:
    home = _in_language(HomePage.objects.all())[:1]
    catalogue = _in_language(CataloguePage.objects.all())[:1]
    catalogue_url = catalogue[0].url if catalogue else "/"
    offered = catalogue and CoursePage.objects.child_of(catalogue[0]).live().exists()
    return {
        "home_url": (home[0].url if home else None) or "/",
        "catalogue_url": catalogue_url,
        "nav_links": [(catalogue[0].title, catalogue_url)] if offered else [],
        "footer_links": [(page.title, page.url) for page in _in_language(StandardPage.objects.all())],
    }


def _in_language(pages: PageQuerySet) -> list[Any]:
    """The live pages in the visitor's language; where there is none, those in the site's own."""
    live = list(pages.live().select_related("locale").order_by("path"))
    for language in (get_language(), settings.LANGUAGE_CODE):
        if found := [page for page in live if page.locale.language_code == language]:
            return found
    return live
