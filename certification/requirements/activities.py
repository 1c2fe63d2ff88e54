"""All required activities of the course are done, those with a right answer passed."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .contract import Evidence, Outcome, Settings

KIND = "activities"
LABEL = _("All required parts of the lessons are done")
CAN_BE_CHECKED = True  # where something in the course has a right answer


def clean(data: Mapping[str, Any]) -> Settings:
    return {}


def evaluate(settings: Settings, evidence: Evidence) -> Outcome:
    found = {"done": evidence.done, "asked": evidence.asked}
    return Outcome(
        met=evidence.completed and evidence.done >= evidence.asked,
        checked=evidence.graded_here,
        sentence=gettext("Do all parts of the lessons: %(done)s of %(asked)s done.") % found,
        found=found,
        activities=evidence.open,
    )
