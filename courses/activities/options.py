"""Options with feedback, as single choice, multiple choice and true/false have them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from .contract import Choice, Specification, SpecificationError, distinct_keys, letter, option_key


def options_of(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The author's options with stable keys. Raises `SpecificationError` naming the option that lacks something."""
    options = []
    for number, option in enumerate(fields.get("options") or (), start=1):
        text, feedback = str(option.get("text") or "").strip(), str(option.get("feedback") or "").strip()
        if not text:
            raise SpecificationError(_("Option %(number)s has no text.") % {"number": number})
        if not feedback:
            raise SpecificationError(_("Option %(number)s has no feedback.") % {"number": number})
        options.append(
            {
                "key": option_key(option.get("id") or f"{number}"),
                "text": text,
                "right": bool(option.get("right")),
                "feedback": feedback,
            }
        )
    if len(options) < 2:  # noqa: PLR2004 -- one option is no choice
        raise SpecificationError(_("Give at least two options."))
    distinct_keys(options, _("Two options share one identity. Delete one and write it anew."))
    return options


def with_wording(options: Sequence[Specification], words: Sequence[Specification]) -> list[Specification]:
    """The source's options with a translation's text and feedback, matched by key; untranslated ones stay as they are."""
    by_key = {option["key"]: option for option in words}
    return [
        {**option, **{name: by_key.get(option["key"], option)[name] for name in ("text", "feedback")}}
        for option in options
    ]


def choices(options: Sequence[Specification], chosen: Sequence[str] | None) -> list[Choice]:
    """The lines of the form. Only a chosen option shows its feedback and whether it is right."""
    picked = set(chosen or ())
    return [
        Choice(
            key=option["key"],
            text=option["text"],
            chosen=option["key"] in picked,
            feedback=option["feedback"] if option["key"] in picked else "",
            right=option["right"] if option["key"] in picked else None,
        )
        for option in options
    ]


def named(options: Sequence[Specification], keys: Sequence[str]) -> str:
    """Such as "B: luisteren; C: doorvragen", in the order of the options."""
    return "; ".join(
        f"{letter(index)}: {option['text']}"
        for index, option in enumerate(options)
        if option["key"] in set(keys)
    )
