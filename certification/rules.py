"""When a certificate is earned, what it counts, and how numbers and names on it are read. Without a database."""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext

from certification.models import Accreditation, Award, Scheme
from certification.months import add_months
from certification.queries import Required
from courses.rules import canonical

PUBLIC_ID = re.compile(r"^[A-Z2-7]{26}$")
# Not in the alphabet, so who reads them off paper means the letter beside them.
_MISREAD = str.maketrans({"0": "O", "1": "I", "8": "B"})
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015._]+")
_LONGEST_TYPED = 80
_JOINERS = "\u200c\u200d"


def meets_requirement(required: Sequence[Required]) -> bool:
    """All that is asked is done, scored activities passed, and at least one of them was graded by the server."""
    if any(item.asked and item.passed is None for item in required):
        return False
    return any(item.passed is not None and item.passed.graded_here for item in required)


def net_minutes(required: Sequence[Required]) -> int:
    """Minutes of the lessons in which something required was done, each lesson once; live meetings left out."""
    minutes = {item.lesson_id: item.lesson_minutes for item in required if item.passed and not item.live}
    return sum(minutes.values())


def earned_points(accreditation: Accreditation, minutes: int) -> Decimal:
    """Points for so many net minutes taken part: all of them, or one per hour, in halves rounded down."""
    if accreditation.counting == Accreditation.Counting.WHOLE:
        return accreditation.points
    halves = min(minutes, accreditation.net_minutes or minutes) // 30
    return min(accreditation.points, Decimal(halves) / 2)


def freeze_accreditations(
    accreditations: Iterable[Accreditation], *, day: date, minutes: int
) -> list[dict[str, Any]]:
    """What an award of a day keeps of its accreditations: those that count then, with the points that were earned."""
    return [
        each.frozen(earned=earned_points(each, minutes)) for each in accreditations if each.counts_on(day)
    ]


def last_day(scheme: Scheme | None, today: date, renewed: Award | None) -> date | None:
    """Through which day counts what is issued today. A renewal goes on from the end of what it renews: who is in time
    loses no days. `None`: for good.
    """
    if scheme is None or not scheme.valid_months:
        return scheme.valid_until if scheme else None
    begins = max(today, renewed.valid_until) if renewed and renewed.valid_until else today
    return add_months(begins, scheme.valid_months)


def evidence(required: Sequence[Required]) -> list[dict[str, object]]:
    """What the award rests on, as ids and scores, in the order of the activities. No text."""
    return [
        {
            "required": item.version_id,
            "version": item.passed.version_id,
            "attempt": item.passed.attempt_id,
            "score": item.passed.score,
            "max_score": item.passed.max_score,
            "self_reported": item.passed.self_reported,
        }
        for item in required
        if item.passed
    ]


def normalise_public_id(typed: str) -> str | None:
    """The number somebody meant: capitals, without spaces and dashes, O for 0, I for 1, B for 8. `None` for no number."""
    if len(typed) > _LONGEST_TYPED:
        return None
    number = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed)).upper().translate(_MISREAD)
    return number if PUBLIC_ID.match(number) else None


def printable_name(name: str) -> str:
    """A name as it can be set in type: composed, without pictures and signs that no typeface for text has.

    Empty where nothing is left that could be read as a name.
    """
    kept = "".join(
        mark
        for mark in name
        # So: emoji and symbols; Sk: skin tones; Cs, Co, Cn: halves, private and unassigned; variation selectors.
        if unicodedata.category(mark) not in {"So", "Sk", "Cs", "Co", "Cn", "Cc"}
        and not "\ufe00" <= mark <= "\ufe0f"
        and mark != "\u20e3"
    )
    words = (_without_loose_joiners(word) for word in unicodedata.normalize("NFC", kept).split())
    line = " ".join(filter(None, words))
    return line if any(unicodedata.category(mark).startswith("L") for mark in line) else ""


def _without_loose_joiners(word: str) -> str:
    """A word whose joiners join something: emoji leave theirs behind. At its end they may shape an Indic letter."""
    begun = word.lstrip(_JOINERS)
    bare = begun.rstrip(_JOINERS)
    return begun if bare and unicodedata.category(bare[-1]).startswith("M") else bare


def name_digest(*, name: str, salt: str) -> str:
    """Keyed, salted digest of the name on an award. Without the salt it cannot be compared with anything."""
    return hmac.new(settings.RECORD_KEY.encode(), canonical([salt, name]), hashlib.sha256).hexdigest()


def attestation(award: Award) -> str:
    """What the organisation declares, in one sentence in the active language."""
    if award.way == Award.Way.POINTS:
        told = award.requirements[0]
        return gettext("Renewed with %(points)s study points in %(register)s.") % {
            "points": number_format(Decimal(told["found"]["points"]).normalize(), use_l10n=True),
            "register": told["settings"]["register"],
        }
    if award.requirements:
        return gettext("All that is asked for this document was met.")
    return gettext("All required parts are done and the questions that count were passed.")
