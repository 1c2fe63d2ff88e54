"""Enough live meetings attended: a share of them, or all but so many. What was caught up counts where the scheme says so."""

from collections.abc import Mapping
from math import ceil
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from .contract import Evidence, Field, Outcome, Presence, RequirementError, Settings

KIND = "attendance"
LABEL = _("Somebody was at enough of the meetings")
CAN_BE_CHECKED = True
FIELDS = {
    "least": Field(_("At least so many percent of the meetings"), number=True),
    "may_miss": Field(_("Or: all of them but so many"), number=True),
    "caught_up": Field(_("What was caught up counts as attended")),
}
ALL = 100  # percent


def clean(data: Mapping[str, Any]) -> Settings:
    least, may_miss = data.get("least"), data.get("may_miss")
    if (least is None) == (may_miss is None):
        raise RequirementError(
            _("Attendance: fill in a percentage, or how many may be missed; one of the two.")
        )
    if least is not None and not 1 <= least <= ALL:
        raise RequirementError(_("Attendance: a percentage is a number from 1 to 100."))
    if may_miss is not None and may_miss < 0:
        raise RequirementError(_("Attendance: how many may be missed is a number from 0."))
    return {"least": least, "may_miss": may_miss, "caught_up": bool(data.get("caught_up"))}


def evaluate(settings: Settings, evidence: Evidence) -> Outcome:
    counting = {Presence.ATTENDED, *([Presence.CAUGHT_UP] if settings["caught_up"] else [])}
    planned = len(evidence.meetings)
    attended = sum(meeting.presence in counting for meeting in evidence.meetings)
    needed = _needed(settings, planned)
    # Catching up is on somebody's own word.
    checked = any(meeting.presence == Presence.ATTENDED for meeting in evidence.meetings)
    found = {"attended": attended, "needed": needed, "planned": planned}
    if not evidence.in_group:
        sentence = gettext(
            "Come to the meetings of a group. You follow this course without one: ask the coordinator for a place."
        )
    elif not planned:
        sentence = gettext("Come to the meetings of your group. None is planned yet.")
    elif attended >= needed:
        sentence = ngettext(
            "You were at %(attended)s meeting; that is enough.",
            "You were at %(attended)s meetings; that is enough.",
            attended,
        )
    else:
        sentence = gettext(
            "Come to at least %(needed)s of the %(planned)s meetings; you were at %(attended)s."
        )
    return Outcome(
        met=bool(planned) and attended >= needed, checked=checked, sentence=sentence % found, found=found
    )


def _needed(settings: Settings, planned: int) -> int:
    if settings["least"] is not None:
        return ceil(planned * settings["least"] / ALL)
    return max(planned - settings["may_miss"], 0)
