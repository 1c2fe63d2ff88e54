"""What the editor's browser posts for a page: Wagtail's form fields made from plain data."""

from collections.abc import Iterator
from typing import Any

from wagtail.test.utils.form_data import rich_text

from cms.models import LessonPage


def lesson_form(*body: dict[str, Any], title: str = "Les", **more: Any) -> dict[str, Any]:
    """The form of a lesson page with these raw blocks; `more` are other fields and the button that was pressed."""
    posted = {
        "title": title,
        "slug": "les",
        "part": "whole",
        "minutes": "10",
        "note": "",
        "comment_notifications": "",
    }
    for name in ("comments-TOTAL_FORMS", "comments-INITIAL_FORMS"):
        posted[name] = "0"
    posted |= {name: str(value) for name, value in more.items()}
    return posted | dict(_stream("body", body))


def as_posted(page: LessonPage, *body: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The form of an existing page, with another stream."""
    values = {
        "title": page.title,
        "slug": page.slug,
        "part": page.part,
        "minutes": page.minutes,
        "note": page.note,
    }
    return lesson_form(*body, **{**values, **more})


PUBLISH = {"action-publish": "action-publish"}


def _stream(prefix: str, blocks: tuple[dict[str, Any], ...]) -> Iterator[tuple[str, Any]]:
    yield f"{prefix}-count", str(len(blocks))
    for number, block in enumerate(blocks):
        yield from _head(f"{prefix}-{number}", number, block)
        yield f"{prefix}-{number}-type", block["type"]
        value = block["value"]
        if isinstance(value, str):
            yield f"{prefix}-{number}-value", rich_text(value)
        else:
            yield from _struct(f"{prefix}-{number}-value", value)


def _struct(prefix: str, value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, inner in value.items():
        if inner and isinstance(inner, list) and isinstance(inner[0], str):
            yield f"{prefix}-{name}", inner  # boxes that are ticked
        elif isinstance(inner, list):
            yield f"{prefix}-{name}-count", str(len(inner))
            for number, item in enumerate(inner):
                yield from _head(f"{prefix}-{name}-{number}", number, item)
                yield from _struct(f"{prefix}-{name}-{number}-value", item["value"])
        elif inner is True:
            yield f"{prefix}-{name}", "on"
        elif inner is not False:
            yield f"{prefix}-{name}", "" if inner is None else str(inner)


def _head(prefix: str, number: int, block: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield f"{prefix}-deleted", ""
    yield f"{prefix}-order", str(number)
    yield f"{prefix}-id", block["id"] or ""
