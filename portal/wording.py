"""Sentences that are put together from what was found: why somebody may need attention, how long ago something was, and
what became of a message."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.queries.care import Attention
from people.models import OutboxMessage
from people.models.outbox import ACCOUNT_KIND
from people.services.messages import REFUSED


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


# What a message was about, by the kind it was queued with.
KINDS_OF_MESSAGES = {
    "call": gettext_lazy("Somebody asked to be called"),
    "cancelled": gettext_lazy("A meeting is off"),
    "catch_up": gettext_lazy("A meeting to catch up"),
    "document_ready": gettext_lazy("A certificate is ready"),
    "feedback": gettext_lazy("A trainer wrote back"),
    "intake": gettext_lazy("Welcome after a talk"),
    "invitation": gettext_lazy("An invitation"),
    "later": gettext_lazy("Questions some months later"),
    "moved": gettext_lazy("A meeting was changed"),
    "offer": gettext_lazy("A place is free"),
    "planned": gettext_lazy("A meeting was planned"),
    "reminder": gettext_lazy("A meeting is coming"),
    "renewal": gettext_lazy("A certificate runs out"),
}


def kind_of_message(message: OutboxMessage) -> str:
    """What a message was about, without what it said."""
    if message.kind.startswith(ACCOUNT_KIND):
        return _("Signing in or the account")
    return str(KINDS_OF_MESSAGES.get(message.kind, gettext_lazy("A message")))


def recipient_of(message: OutboxMessage) -> str:
    """To whom, as the house shows people: by alias, never by address."""
    return message.recipient.alias if message.recipient else _("somebody without an account")


# Why a message did not leave, by the kind of error that was kept; the mail server was out of reach otherwise.
UNWRITABLE = gettext_lazy("No mail can be sent to an address that is written like this.")
NOT_LET_IN = gettext_lazy("The mail server did not let us send. Its settings need a look.")
REASONS = {
    "": gettext_lazy("Sending broke off each time. Whether it arrived is not known."),
    "SMTPRecipientsRefused": gettext_lazy("The mailbox did not take it. It may be full."),
    "ValueError": UNWRITABLE,
    "UnicodeEncodeError": UNWRITABLE,
    "SMTPAuthenticationError": NOT_LET_IN,
    "SMTPSenderRefused": NOT_LET_IN,
    "SMTPNotSupportedError": NOT_LET_IN,
    "SMTPDataError": gettext_lazy("The mail server refused the message."),
}
OF_ADDRESS = {"SMTPRecipientsRefused", "ValueError", "UnicodeEncodeError"}


def why_undelivered(message: OutboxMessage) -> str:
    """Why a message did not leave, in words."""
    kind, _blank, code = message.last_error.partition(" ")
    if kind == "SMTPRecipientsRefused" and code in map(str, REFUSED):
        return _("The mailbox does not exist or refuses our mail.")
    return str(REASONS.get(kind, gettext_lazy("The mail server could not be reached.")))


def lies_with_address(message: OutboxMessage) -> bool:
    """Whether it is the person's address that did not take it, and not our mail that failed."""
    return message.last_error.partition(" ")[0] in OF_ADDRESS
