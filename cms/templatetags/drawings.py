"""The house's own drawings."""

import hashlib

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cms.programmes.notation import DRAWINGS

register = template.Library()


@register.simple_tag
def drawing(name: str, text: str) -> SafeString | str:
    """A drawing by name with the same in words; nothing for a name that does not exist."""
    if name not in DRAWINGS:
        return ""
    text = text.replace("\r\n", "\n")  # as a browser posts it; as text files have it
    identity = hashlib.sha256(f"{name}{text}".encode()).hexdigest()[:8]
    return render_to_string(f"cms/drawings/{name}.html", {"text": text, "drawing_id": f"d-{identity}"})
