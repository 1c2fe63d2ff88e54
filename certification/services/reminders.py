"""Telling holders that a certificate ends."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from certification.models import Award
from people.flows import send_message


@transaction.atomic
def remind(*, award: Award, days: int, now: datetime) -> None:
    """Once per award and reminder. Neither what it is nor what it was for: somebody may look over a shoulder."""
    with translation.override(award.language):
        text = _(
            "Hello,\n\n"
            "Something on your own page is valid until %(date)s. Log in to see what you can do:\n%(address)s\n\n"
            "You need not do anything today."
        ) % {"date": date_format(award.valid_until, "j F Y"), "address": settings.SITE_URL}
        send_message(
            recipient=award.holder,
            kind="renewal",
            cause=cause_of(award, days),
            subject=_("A date to remember"),
            text=text,
            now=now,
        )


def cause_of(award: Award, days: int) -> str:
    return f"renewal:{award.pk}:{days}"
