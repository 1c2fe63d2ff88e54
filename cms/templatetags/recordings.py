"""Addresses of files, and places, that are each reader's own."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from cms.rendering import FILE_MARK, PLACE_MARK
from media.services.addresses import address

register = template.Library()


@register.simple_tag(takes_context=True)
def file_address(context: Mapping[str, Any], door: str, pk: int) -> SafeString | str:
    """Where the reader finds a file. In what is kept for everybody a mark, which is filled in for each of them."""
    request = context.get("request")
    if request is not None and request.user.is_authenticated:
        return address(reader=request.user, door=door, pk=pk)
    return mark_safe(FILE_MARK.format(door=door, pk=pk))  # noqa: S308 -- a word and a number


@register.simple_tag(takes_context=True)
def place(context: Mapping[str, Any], activity_id: int) -> SafeString | str:
    """A mark for the place where the reader stopped; nothing where the page has the player already."""
    if context.get("request") is not None:
        return ""
    return mark_safe(PLACE_MARK.format(pk=activity_id))  # noqa: S308 -- a number
