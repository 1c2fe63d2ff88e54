"""What the editor's own panels show."""

from typing import Any

from django import template
from django.core.exceptions import ValidationError

from cms.models import LessonPage
from cms.publishing import affected_by
from cms.readability import Hints, hints
from courses.queries.affected import Affected

register = template.Library()


@register.simple_tag
def readability(page: LessonPage) -> Hints:
    """Hints for a lesson as it was last saved."""
    return hints(page)


@register.simple_tag
def who_notices(page: Any) -> Affected:
    """What learners would notice if the last draft of a page were published."""
    draft = page.get_latest_revision_as_object()
    try:
        return affected_by(draft) if isinstance(draft, LessonPage) else Affected(0)
    except ValidationError:  # it says so itself when it is published
        return Affected(0)
