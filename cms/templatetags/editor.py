"""What the editor's own panels show."""

from typing import Any

from django import template
from django.core.exceptions import ValidationError
from django.urls import reverse

from cms.models import LessonPage, SessionPage
from cms.publishing import affected_by
from cms.readability import Hints, hints
from courses.models import Session
from courses.queries.access import courses_in_care
from courses.queries.affected import Affected

register = template.Library()


@register.simple_tag
def readability(page: LessonPage) -> Hints:
    """Hints for a lesson as it was last saved."""
    return hints(page)


@register.simple_tag
def notes_address(page: SessionPage, reader: Any) -> str:
    """Where trainers read the notes of a session: empty before it is published, and for who reads no notes of it."""
    session = Session.objects.filter(key=page.translation_key, archived_at=None).first()
    if session is None or not courses_in_care(reader).filter(pk=session.course_id).exists():
        return ""
    return reverse("trainer_notes", args=[session.short_key])


@register.simple_tag
def who_notices(page: Any) -> Affected:
    """What learners would notice if the last draft of a page were published."""
    draft = page.get_latest_revision_as_object()
    try:
        return affected_by(draft) if isinstance(draft, LessonPage) else Affected(0)
    except ValidationError:  # it says so itself when it is published
        return Affected(0)
