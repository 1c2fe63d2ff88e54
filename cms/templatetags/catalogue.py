"""What the course pages show beside their own text."""

from typing import Any

from django import template
from django.core.cache import cache
from django.db.models import QuerySet
from wagtail.models import Locale, Page

from cms import queries
from cms.models import CataloguePage, CoursePage

register = template.Library()


@register.simple_tag
def courses_under(page: CataloguePage) -> QuerySet[CoursePage]:
    """The courses of a catalogue."""
    return queries.courses_under(page)


@register.simple_tag
def course_path(page: CoursePage, user: Any) -> dict[str, Any]:
    """Sessions with their minutes, the syllabus' course, and the visitor's enrolment."""
    return queries.path_of(page, user)


@register.simple_tag
def language_of(page: Page) -> str:
    """The language a page is written in, which may not be the interface's. No query once it is cached."""
    codes = cache.get("locales") or {}
    if page.locale_id not in codes:
        codes = dict(Locale.objects.values_list("pk", "language_code"))
        cache.set("locales", codes)
    return codes.get(page.locale_id, "")
