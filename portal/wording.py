"""Sentences that are put together from what was found: why somebody may need attention, and how long ago something was."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.queries.care import Attention


def reasons(attention: Attention) -> list[str]:
    """Why a learner stands on the list, a sentence each. Never anything they wrote, but when a call is safe."""
    sentences = []
    if attention.call is not None:
        asked = date_format(localdate(attention.call.asked_at), "j F")
        sentences.append(_("Asked on %(date)s to be called.") % {"date": asked})
        if attention.call.moment:
            sentences.append(_("Safe: %(moment)s.") % {"moment": attention.call.moment.rstrip(".")})
    if attention.missed:
        days = [date_format(localdate(moment), "j F") for moment in attention.missed]
        sentences.append(
            ngettext("Missed the meeting of %(days)s.", "Missed the meetings of %(days)s.", len(days))
            % {"days": get_text_list(days, _("and"))}
        )
    if attention.quiet_days:
        sentences.append(
            ngettext("Not seen for %(days)s day.", "Not seen for %(days)s days.", attention.quiet_days)
            % {"days": attention.quiet_days}
        )
    if attention.stuck_times:
        sentences.append(
            _("Tried the same task %(times)s times without success, in “%(lesson)s”.")
            % {"times": attention.stuck_times, "lesson": attention.stuck_in}
        )
    return sentences


def how_long_ago(moment: datetime, now: datetime) -> str:
    """By the calendar on the wall: today, yesterday, 12 days ago."""
    days = (localdate(now) - localdate(moment)).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": days}
