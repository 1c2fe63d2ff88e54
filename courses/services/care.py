"""Asking to be called, and being called after a heavy session. That and when; never why, and never what was said."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from courses.models import AnswerSeen, Attempt, CallRequest, CheckIn, Enrolment, Session
from people.models import User
from people.services.profiles import clean_line

# A request says where somebody can be reached: it goes soon after the call, and when nobody ever took it.
KEPT_AFTER_CALL = timedelta(days=30)
KEPT_UNTAKEN = timedelta(days=90)


@transaction.atomic
def ask_for_call(*, enrolment: Enrolment, moment: str, phone: str, now: datetime) -> tuple[CallRequest, bool]:
    """Ask the trainers of one's group to call. Asked again, the open request changes. The request, and whether it is new."""
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)  # a double click finds what the first one made
    return CallRequest.objects.update_or_create(
        enrolment=enrolment,
        taken_at=None,
        defaults={"moment": clean_line(moment)[:120], "phone": clean_line(phone)[:30]},
        create_defaults={
            "moment": clean_line(moment)[:120],
            "phone": clean_line(phone)[:30],
            "asked_at": now,
        },
    )


def take_back_call(*, enrolment: Enrolment) -> bool:
    """No need to call any more. What somebody already took stays as it is. Whether there was one."""
    return bool(CallRequest.objects.filter(enrolment=enrolment, taken_at=None).delete()[0])


def take_call(*, request: CallRequest, trainer: User, now: datetime) -> bool:
    """A trainer takes a request on. Of two trainers the first one has it. Whether it is this one's now."""
    taken = CallRequest.objects.filter(pk=request.pk, taken_at=None).update(taken_at=now, taken_by=trainer)
    return bool(taken)


def clear_call_requests(*, now: datetime) -> int:
    """Delete requests some time after the call, and those that nobody took. For the clock, daily. How many."""
    over = Q(taken_at__lt=now - KEPT_AFTER_CALL) | Q(taken_at=None, asked_at__lt=now - KEPT_UNTAKEN)
    return CallRequest.objects.filter(over).delete()[0]


def note_check_in(*, enrolment: Enrolment, session: Session, trainer: User, now: datetime) -> CheckIn:
    """Somebody was called after a heavy session. Noted twice, the first one stands."""
    check_in, _created = CheckIn.objects.get_or_create(
        enrolment=enrolment, session=session, defaults={"called_at": now, "called_by": trainer}
    )
    return check_in


def take_back_check_in(*, enrolment: Enrolment, session: Session) -> None:
    """It was ticked by mistake."""
    CheckIn.objects.filter(enrolment=enrolment, session=session).delete()


def note_seen(*, attempt: Attempt, trainer: User, now: datetime) -> None:
    """A trainer read an answer in own words. The first who did is noted."""
    AnswerSeen.objects.get_or_create(attempt=attempt, defaults={"seen_by": trainer, "seen_at": now})
