"""A trainer found the assignments good enough. That time passed without an answer is not enough here."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .contract import Evidence, Outcome, Settings
from .parts import outcome_of

KIND = "assignment"
LABEL = _("A trainer found the assignment good enough")
CAN_BE_CHECKED = True


def clean(data: Mapping[str, Any]) -> Settings:
    return {}


def evaluate(settings: Settings, evidence: Evidence) -> Outcome:
    return outcome_of(
        evidence.assignments,
        sentence=gettext("Hand in the assignment; your trainer finds it good enough.")
        if len(evidence.assignments) == 1
        else gettext("Hand in the assignments; your trainer finds them good enough: %(done)s of %(asked)s."),
        nothing=gettext("Hand in the assignment. There is none in this course yet."),
    )
