"""Rich text as it leaves the house."""

import nh3
from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

TAGS = {"h2", "h3", "h4", "p", "ul", "ol", "li", "b", "strong", "i", "em", "a", "blockquote", "br", "hr"}
SCHEMES = {"https", "http", "tel", "mailto"}


@register.filter
def only_text_markup(html: str) -> SafeString:
    """Headings, lists, links and stress, and nothing that runs: whatever way stored text came into the database.

    The editor's own form lets nothing else in; imports, translations and revisions do not all pass through it.
    """
    clean = nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel=None)
    return mark_safe(clean)  # noqa: S308 -- just cleaned
