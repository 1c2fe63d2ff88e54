"""Parts of a page that are the same for everybody: drawn once per language, and kept for as long as the process runs."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def kept(template_name: str, **given: object) -> SafeString:
    """A template that sees nothing but what is given here: no user, no request, no token, no messages.

    So what is kept can hold nothing of a person, unless it is given: never give what is personal, nor what a visitor
    can choose freely (an address), because each value given is kept apart.
    """
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    draw = _draw if settings.DEBUG else _draw_once  # who writes templates wants to see them change
    return draw(template_name, get_language(), **values)


def _draw(template_name: str, _language: str | None, **given: object) -> SafeString:
    html = render_to_string(template_name, given).strip()
    return mark_safe(html)  # noqa: S308 -- rendered by our own templates, which escape


_draw_once = lru_cache(maxsize=256)(_draw)
