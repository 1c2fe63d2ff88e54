"""What the editor's own panels show."""

from django import template

from cms.models import LessonPage
from cms.readability import Hints, hints

register = template.Library()


@register.simple_tag
def readability(page: LessonPage) -> Hints:
    """Hints for a lesson as it was last saved."""
    return hints(page)
