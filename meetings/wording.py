"""What messages say. Somebody may read along: no programme, no course, no word of why people meet. A test looks.

All of it in the site's own language: call these within `in_our_language`.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from meetings.models import Meeting


@dataclass(frozen=True)
class Wording:
    subject: str
    text: str


def in_our_language() -> translation.override:
    """The language in which the site writes: nobody has told us theirs."""
    return translation.override(settings.LANGUAGE_CODE)


def address_of(name: str, *args: object) -> str:
    """The full address of one of our pages."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def when(moment: datetime) -> str:
    """The like of "donderdag 25 maart, 19.00 uur", on the clock at home."""
    local = localtime(moment)
    return _("%(day)s at %(time)s") % {
        "day": date_format(local, "l j F"),
        "time": time_format(local, "H.i"),
    }


def invitation(secret: str) -> Wording:
    """Whole, with greeting: it may go to somebody without an account, and never joins another message.

    It keeps no place for anybody, and is read days later: it must not promise one.
    """
    text = _(
        "Hello,\n\n"
        "Somebody invites you. After logging in, or making an account, you see what for:\n"
        "%(address)s\n\n"
        "Is every place taken by then? You read so at once, and you can go on the waiting list.\n\n"
        "The link works once and is for you alone. If you do not want it, you need not do anything."
    ) % {"address": address_of("invitation", secret)}
    return Wording(_("An invitation for you"), text)


def reminder(meeting: Meeting) -> Wording:
    text = _(
        "You have an appointment: %(when)s. You find the place, and whether you can come, here:\n%(address)s"
    )
    return Wording(_("Your appointment"), text % _of(meeting))


def planned(meeting: Meeting) -> Wording:
    text = _("There is a new appointment: %(when)s. You find everything here:\n%(address)s")
    return Wording(_("A new appointment"), text % _of(meeting))


def moved(meeting: Meeting) -> Wording:
    text = _("An appointment has changed. It is now %(when)s. You find everything here:\n%(address)s")
    return Wording(_("An appointment has changed"), text % _of(meeting))


def cancelled(meeting: Meeting) -> Wording:
    text = _("The appointment of %(when)s is off. You need not come.\n%(address)s")
    return Wording(_("An appointment is off"), text % _of(meeting))


def place_free(answer_before: datetime, address: str) -> Wording:
    text = _("A place has come free for you. Say yes or no before %(when)s:\n%(address)s")
    return Wording(_("There is a place for you"), text % {"when": when(answer_before), "address": address})


def welcome() -> Wording:
    text = _("There is an answer to your question for a place. You find it here:\n%(address)s")
    return Wording(_("There is an answer for you"), text % {"address": address_of("leerplek")})


def catch_up(meeting: Meeting) -> Wording:
    assert meeting.session is not None
    text = _("You were not there on %(when)s. When it suits you, you can look at it yourself:\n%(address)s")
    place = {"when": when(meeting.starts_at), "address": address_of("session", meeting.session.short_key)}
    return Wording(_("Something is waiting for you"), text % place)


def _of(meeting: Meeting) -> dict[str, str]:
    return {"when": when(meeting.starts_at), "address": address_of("meeting", meeting.pk)}
