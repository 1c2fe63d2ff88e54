"""How registers write their numbers, and when somebody's period runs. Without a database."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from django.utils.translation import gettext, ngettext

from certification.months import add_months

LONGEST = 30
# The number of a run. It begins with what no spreadsheet program takes for a formula.
EDITION = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,29}")


class NumberRule(Protocol):
    name: str
    number_prefix: str
    digits_least: int
    digits_most: int


class WrongNumber(ValueError):
    """This is no number as registers write them. The message says the rule."""


def register_number(register: NumberRule, typed: str) -> str:
    """The number as the register writes it: its prefix, which may be left out, and digits. Raises `WrongNumber`."""
    number = re.sub(r"[\s.]", "", typed[: LONGEST * 2]).upper()
    prefix = register.number_prefix.upper()
    digits = number.removeprefix(prefix) if prefix else number
    right = re.fullmatch(r"[0-9]+", digits) and register.digits_least <= len(digits) <= register.digits_most
    if not right:
        raise WrongNumber(rule_in_words(register))
    return f"{register.number_prefix}{digits}"


def edition_number(typed: str) -> str:
    """The number of a run without blanks around it. Raises `WrongNumber`."""
    number = typed.strip()
    if not EDITION.fullmatch(number):
        raise WrongNumber(
            gettext(
                "A number of a run has letters, digits and dashes, begins with a letter or digit and is at most "
                "%(most)s signs long, such as 123456 or 2026-2."
            )
            % {"most": LONGEST}
        )
    return number


def rule_in_words(register: NumberRule) -> str:
    """The rule of a register's numbers, with an example."""
    least, most = register.digits_least, register.digits_most
    if least == most:
        count = ngettext("%(count)d digit", "%(count)d digits", most) % {"count": most}
    else:
        count = gettext("%(least)d to %(most)d digits") % {"least": least, "most": most}
    example = f"{register.number_prefix}{'0123456789' * 3}"[: len(register.number_prefix) + most]
    if register.number_prefix:
        words = gettext("A number of %(register)s is %(prefix)s and %(count)s, such as %(example)s.")
    else:
        words = gettext("A number of %(register)s has %(count)s, such as %(example)s.")
    return words % {
        "register": register.name,
        "prefix": register.number_prefix,
        "count": count,
        "example": example,
    }


@dataclass(frozen=True)
class Period:
    """From one day through another."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def period_on(began: date | None, months: int | None, today: date) -> Period | None:
    """The period that runs on a day, of those that follow one another since `began`; `None` where that is not known."""
    if began is None or not months:
        return None
    first, number = began, 0
    while (following := add_months(began, (number + 1) * months)) <= today:
        first, number = following, number + 1
    return Period(first, following - timedelta(days=1))
