"""Names and templates of activity kinds."""

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()

LABELS = {
    "single_choice": _("Choose one"),
    "multiple_choice": _("Choose more than one"),
    "true_false": _("True or not"),
    "order": _("Put in order"),
    "match": _("Choose on every line"),
    "scale": _("Where are you now?"),
    "reflection": _("For yourself"),
    "read": _("Read"),
    "dialogue": _("Practise a conversation"),
}


@register.simple_tag
def kind_label(kind: str) -> str:
    """What a learner reads above an activity."""
    return LABELS[kind]


@register.simple_tag
def kind_template(kind: str) -> str:
    """The template of a kind: one file per kind."""
    return f"cms/activities/{kind}.html"


@register.filter
def place_of_ratio(ratio: float) -> int:
    """Where a ratio stands on the drawn line: 0 at 12, every 1 is 88 further, and the line ends at 268."""
    return min(round(12 + 88 * ratio), 268)
