"""The kinds of requirement for a certificate: pure functions over settings (what the scheme says) and evidence.

One module per kind. Each has:

`KIND`                         the name under which it is stored
`LABEL`                        what it is called for who edits a scheme
`CAN_BE_CHECKED`               whether meeting it can rest on more than the learner's word
`FIELDS`                       optional: its settings by name, as `Field`
`clean(data)`                  form data → settings; raises `RequirementError` with a sentence for the editor
`evaluate(settings, evidence)` → `Outcome`, with a sentence for the learner in the active language

A scheme holds `{kind: settings}`: each kind once, in the order of `KINDS`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from django.utils.translation import gettext_lazy as _

from . import activities, assignment, attendance, evaluation, final_test, sign_off
from .contract import Evidence, Field, Meeting, Outcome, Part, Presence, RequirementError, Settings

KINDS: dict[str, ModuleType] = {
    module.KIND: module for module in (activities, final_test, attendance, evaluation, assignment, sign_off)
}
# What a course asks that has no scheme.
DEFAULT: Mapping[str, Settings] = {activities.KIND: {}}

NOTHING_ASKED = _("Choose at least one requirement.")
NOTHING_CHECKED = _(
    "Choose at least one requirement that does not rest on somebody's own word: lessons with a test, an assignment, "
    "attendance or a trainer's word."
)

__all__ = [
    "DEFAULT",
    "KINDS",
    "Evidence",
    "Field",
    "Meeting",
    "Outcome",
    "Part",
    "Presence",
    "RequirementError",
    "Verdict",
    "clean",
    "judge",
]


@dataclass(frozen=True)
class Verdict:
    """How an enrolment stands with all that is asked, in the order of `KINDS`."""

    outcomes: Mapping[str, Outcome]

    @property
    def earned(self) -> bool:
        """All is met, and not on the learner's word alone."""
        return bool(self.outcomes) and all(each.met for each in self.outcomes.values()) and self.is_checked

    @property
    def is_checked(self) -> bool:
        return any(each.met and each.checked for each in self.outcomes.values())

    @property
    def missing(self) -> list[Outcome]:
        return [each for each in self.outcomes.values() if not each.met]


def clean(asked: Mapping[str, Mapping[str, Any]]) -> dict[str, Settings]:
    """What a scheme may hold, from form data per chosen kind. Raises `RequirementError`."""
    if not asked:
        raise RequirementError(NOTHING_ASKED)
    if unknown := set(asked) - set(KINDS):
        raise RequirementError(f"unknown: {', '.join(sorted(unknown))}")
    if not any(KINDS[kind].CAN_BE_CHECKED for kind in asked):
        raise RequirementError(NOTHING_CHECKED)
    return {kind: KINDS[kind].clean(asked[kind]) for kind in _in_order(asked)}


def judge(requirements: Mapping[str, Settings], evidence: Evidence) -> Verdict:
    """How one enrolment stands with the requirements of a scheme."""
    return Verdict(
        {kind: KINDS[kind].evaluate(requirements[kind], evidence) for kind in _in_order(requirements)}
    )


def _in_order(kinds: Iterable[str]) -> list[str]:
    return sorted(kinds, key=list(KINDS).index)
