"""Being asked once more, three months after: only who agreed, and once."""

import calendar
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.models import ActivityVersion, Enrolment, LaterQuestions
from courses.services.surveys import keep_survey

MONTHS = 3


def three_months_after(day: date) -> date:
    """The same day of the month, or the last one there is."""
    year, month = divmod(day.year * 12 + day.month - 1 + MONTHS, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def agree_to_later(*, enrolment: Enrolment, now: datetime) -> LaterQuestions:
    """Agree to be asked, three months after the last day of the group or today, whichever is later."""
    last_day = enrolment.cohort.ends_on if enrolment.cohort else None
    today = timezone.localdate(now)
    due_on = three_months_after(max(last_day or today, today))
    agreed, _created = LaterQuestions.objects.get_or_create(
        enrolment=enrolment, defaults={"agreed_at": now, "due_on": due_on}
    )
    return agreed


def take_back_later(*, enrolment: Enrolment) -> None:
    """Not to be asked after all. Who answered already has answered."""
    LaterQuestions.objects.filter(enrolment=enrolment, answered_at=None).delete()


def note_invited(*, questions: LaterQuestions, now: datetime) -> bool:
    """Whether this call is the one that asks them."""
    return bool(LaterQuestions.objects.filter(pk=questions.pk, invited_at=None).update(invited_at=now))


@transaction.atomic
def answer_later(
    *, enrolment: Enrolment, version: ActivityVersion, answers: Mapping[str, Any], now: datetime
) -> None:
    """Keep the answers under the enrolment's code, beside those of the start and the end. Again takes their place."""
    if keep_survey(enrolment=enrolment, version=version, answers=answers, now=now, later=True) is not None:
        LaterQuestions.objects.filter(enrolment=enrolment).update(answered_at=now)
