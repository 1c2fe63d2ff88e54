"""A trainer of the group says that somebody is ready."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .contract import Evidence, Outcome, Settings

KIND = "sign_off"
LABEL = _("A trainer says that somebody is ready")
CAN_BE_CHECKED = True


def clean(data: Mapping[str, Any]) -> Settings:
    return {}


def evaluate(settings: Settings, evidence: Evidence) -> Outcome:
    return Outcome(
        met=evidence.signed_off,
        checked=evidence.signed_off,
        sentence=gettext("Your trainer says that you are ready.")
        if evidence.signed_off
        else gettext("Your trainer has yet to say that you are ready. You talk about that together."),
        found={"signed_off": evidence.signed_off},
    )
