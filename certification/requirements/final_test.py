"""The tests of the course are passed, each by its own pass mark."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .contract import Evidence, Outcome, Settings
from .parts import outcome_of

KIND = "final_test"
LABEL = _("The test is passed (with several tests: all of them)")
CAN_BE_CHECKED = True


def clean(data: Mapping[str, Any]) -> Settings:
    return {}


def evaluate(settings: Settings, evidence: Evidence) -> Outcome:
    return outcome_of(
        evidence.tests,
        sentence=gettext("Pass the test.")
        if len(evidence.tests) == 1
        else gettext("Pass the tests: %(done)s of %(asked)s passed."),
        nothing=gettext("Pass the test. There is none in this course yet."),
    )
