"""Whether what is live says something else than the text, and whether a person changed it."""

from collections.abc import Iterable, Mapping
from typing import Any

from wagtail.blocks import StreamValue
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from cms.models import (
    QuestionBank,
)

UPLOADED = "leerhuis.uploaded"  # somebody's deed, but no change of theirs to the page


def touched(pages: Iterable[int], *actions: str) -> bool:
    """Whether a person did something (one of `actions`, where given) to one of these pages in Wagtail."""
    deeds = PageLogEntry.objects.filter(page__in=pages, user__isnull=False).exclude(action=UPLOADED)
    return (deeds.filter(action__in=actions) if actions else deeds).exists()


def edited_bank(bank: QuestionBank) -> bool:
    """Whether a person did something to this bank in Wagtail."""
    return ModelLogEntry.objects.for_instance(bank).filter(user__isnull=False).exists()


def assign(thing: Page | QuestionBank, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        field_ = thing._meta.get_field(name)
        setattr(thing, name, field_.to_python(value) if hasattr(field_, "stream_block") else value)
    if isinstance(thing, Page):
        thing.draft_title = thing.title


def differs(thing: Page | QuestionBank, values: Mapping[str, Any]) -> bool:
    """Whether what is live says something else than the text."""
    for name, value in values.items():
        field_ = thing._meta.get_field(name)
        if hasattr(field_, "stream_block"):
            if _plain(getattr(thing, name)) != _plain(field_.to_python(value)):
                return True
        elif getattr(thing, name) != value:
            return True
    return False


def _plain(stream: StreamValue) -> list[dict[str, Any]]:
    """A stream as plain data, with the defaults of fields that its raw data does not name."""
    return [child.get_prep_value() for child in stream]
