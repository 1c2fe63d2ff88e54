"""Names and templates of activity kinds."""

from django import template
from django.utils.translation import gettext_lazy as _

from courses.activities import Result
from courses.presentation import tried_again

register = template.Library()

LABELS = {
    "single_choice": _("Choose one"),
    "multiple_choice": _("Choose more than one"),
    "true_false": _("True or not"),
    "order": _("Put in order"),
    "match": _("Choose on every line"),
    "sort": _("Sort into groups"),
    "fill": _("Fill in"),
    "label": _("What happens in this conversation?"),
    "open": _("In your own words"),
    "scale": _("Where are you now?"),
    "reflection": _("For yourself"),
    "worksheet": _("Worksheet, for yourself"),
    "survey": _("A few questions, without your name"),
    "read": _("Read"),
    "assignment": _("Hand in to your trainer"),
    "dialogue": _("Practise a conversation"),
    "quiz": _("Test"),
    "video": _("Watch"),
    "audio": _("Listen"),
    "download": _("To take along"),
    "h5p": _("Do it yourself"),
}


# What the button of a blank form says; the others check an answer.
BUTTONS = {
    "open": _("Compare with the example"),
    "reflection": _("Save for myself"),
    "worksheet": _("Save for myself"),
    "survey": _("Send without my name"),
    "scale": _("This is where I am"),
    "quiz": _("Check my answers"),
    "assignment": _("Hand in"),
    "h5p": _("I have done this"),
}


# The same once there is an answer.
AGAIN = {"open": _("Keep my answer"), "assignment": _("Hand in again")}


@register.filter
def lines(text: str) -> list[str]:
    """The lines of a text that say something: the first is what it is called, the others tell about it."""
    return [line for line in map(str.strip, text.splitlines()) if line]


@register.simple_tag
def button_label(kind: str, result: Result | None = None) -> str:
    """What the button under an activity says; `result` is what came of the last answer."""
    if kind in AGAIN and result:
        return AGAIN[kind]
    if kind in BUTTONS:
        return BUTTONS[kind]
    if result:
        return (
            (_("Once more") if tried_again(kind) else _("Check once more"))
            if result.passed
            else _("Try again")
        )
    return _("Check")


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
