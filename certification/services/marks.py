"""How an organisation looks on paper: kept as a new row each time, so that older paper keeps the look it had."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from certification.models import Mark
from certification.pictures import LOGO, drawn_anew
from people.models import Organisation

PAPER = "#fdf9ef"
# WCAG 2.2 AA for text.
LEAST_CONTRAST = 4.5
# Where sRGB changes its formula.
LINEAR_UP_TO = 0.04045


class MarkRefused(Exception):
    """Nobody could read what is set in this colour. The message is for who chose it."""


@transaction.atomic
def set_mark(
    *, organisation: Organisation, action: str, warm: str, logo: bytes | None, now: datetime
) -> Mark:
    """From now on papers of an organisation look like this. `logo`: the file as uploaded; `None` keeps the one it has.

    Raises `MarkRefused` for colours too pale for paper, `PictureRefused` for a logo that cannot be used.
    """
    for colour in (action, warm):
        if contrast(colour, PAPER) < LEAST_CONTRAST:
            raise MarkRefused(
                _("The colour %(colour)s is too pale to read on paper. Choose a darker one.")
                % {"colour": colour}
            )
    before = Mark.objects.filter(organisation=organisation).first()
    kept = bytes(before.logo) if before else b""
    return Mark.objects.create(
        organisation=organisation,
        action=action,
        warm=warm,
        logo=kept if logo is None else drawn_anew(logo, within=LOGO) if logo else b"",
        created_at=now,
    )


def contrast(first: str, second: str) -> float:
    """The contrast of two colours as WCAG counts it, from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= LINEAR_UP_TO else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
