"""What a new lesson begins with, per part of the session: blocks whose sentences say what to write there."""

import uuid
from typing import Any

from cms.blocks.starters import starters
from cms.models import LessonPage, SessionPage
from courses.models import Lesson


def begin_lesson(*, session: SessionPage, title: str, part: str, author: Any) -> LessonPage:
    """A draft of a new lesson for a part of the session. Raises `ValueError` for a part that does not exist."""
    starter = starters()[Lesson.Part(part).value]
    page = LessonPage(
        title=title, part=part, minutes=starter["minutes"], owner=author, locale=session.locale, live=False
    )
    page.body = page._meta.get_field("body").to_python([_block(each) for each in starter["body"]])
    session.add_child(instance=page)
    page.save_revision(user=author, log_action=True)
    return page


def _block(given: dict[str, Any]) -> dict[str, Any]:
    """A block as a stream holds it, with an identity of its own; lists of parts likewise."""
    ((name, value),) = given.items()
    if isinstance(value, dict):
        value = {field: _parts(inner) if isinstance(inner, list) else inner for field, inner in value.items()}
    return {"type": name, "id": str(uuid.uuid4()), "value": value}


def _parts(values: list[Any]) -> list[dict[str, Any]]:
    return [_block({"item": value}) for value in values]
