"""What the course pages show beside their own text."""

from typing import Any

from django import template
from django.db.models import QuerySet

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
