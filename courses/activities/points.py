"""Points as a package told them, in words: of one point, of several, and of halves."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import ngettext


def in_words(raw: float, maximum: float) -> str:
    sentence = ngettext("%(raw)s of %(maximum)s point", "%(raw)s of %(maximum)s points", _plural(maximum))
    return sentence % _shown(raw, maximum)


def as_reported(raw: float, maximum: float) -> str:
    """The same, and that nobody checked it."""
    sentence = ngettext(
        "%(raw)s of %(maximum)s point, as the package reports",
        "%(raw)s of %(maximum)s points, as the package reports",
        _plural(maximum),
    )
    return sentence % _shown(raw, maximum)


def _plural(maximum: float) -> int:
    """Which form `ngettext` takes, which knows whole numbers only: one and a half are several."""
    return 1 if maximum == 1 else 2


def _shown(raw: float, maximum: float) -> Mapping[str, Any]:
    return {
        "raw": number_format(_plain(raw), use_l10n=True),
        "maximum": number_format(_plain(maximum), use_l10n=True),
    }


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else round(number, 2)
