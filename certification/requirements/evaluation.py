"""The surveys of the course are answered. What was answered is nobody's business."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .contract import Evidence, Outcome, Settings
from .parts import outcome_of

KIND = "evaluation"
LABEL = _("The evaluation is filled in")
CAN_BE_CHECKED = False


def clean(data: Mapping[str, Any]) -> Settings:
    return {}


def evaluate(settings: Settings, evidence: Evidence) -> Outcome:
    return outcome_of(
        evidence.surveys,
        sentence=gettext("Fill in the evaluation. You may skip questions.")
        if len(evidence.surveys) == 1
        else gettext("Fill in the evaluations: %(done)s of %(asked)s done. You may skip questions."),
        nothing=gettext("Fill in the evaluation. There is none in this course yet."),
    )
