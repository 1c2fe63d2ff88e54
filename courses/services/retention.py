"""What is kept for a while after a course and then goes. The clock calls this once a day."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from courses.models import (
    Attempt,
    CheckIn,
    Enrolment,
    ErasureOrder,
    LaterQuestions,
    Reflection,
    ResumePoint,
    Statement,
    SurveyKey,
)
from courses.services.submissions import erase_submissions


def _ended_before(moment: datetime) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(
        Q(completed_at__lt=moment) | Q(status=Enrolment.Status.WITHDRAWN, withdrawn_at__lt=moment)
    )


def clear_old_reflections(*, now: datetime) -> int:
    """Delete what learners wrote for themselves, `REFLECTION_DAYS` after their course ended. How many."""
    ended = _ended_before(now - timedelta(days=settings.REFLECTION_DAYS))
    return Reflection.objects.filter(enrolment__in=ended).delete()[0]


def close_old_records(*, now: datetime) -> int:
    """Delete the attempts of courses that ended `RECORD_DAYS` ago; how far somebody came stays. How many records.

    A closed record cannot be rebuilt any more, and `rebuild_progress` leaves it alone.
    """
    due = _ended_before(now - timedelta(days=settings.RECORD_DAYS)).filter(closed_at=None)
    closed = 0
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            enrolment = Enrolment.objects.select_for_update().get(pk=pk)
            order, _created = ErasureOrder.objects.update_or_create(
                enrolment_id=pk, defaults={"ordered_at": now, "executed_at": None}
            )
            erase_submissions(enrolments=[enrolment])
            ResumePoint.objects.filter(enrolment=enrolment).delete()
            Statement.objects.filter(enrolment=enrolment).delete()
            Attempt.objects.filter(enrolment=enrolment).delete()
            SurveyKey.objects.filter(enrolment=enrolment).delete()
            CheckIn.objects.filter(enrolment=enrolment).delete()
            LaterQuestions.objects.filter(enrolment=enrolment).delete()
            enrolment.closed_at = now
            enrolment.save(update_fields=["closed_at"])
            order.executed_at = now
            order.save(update_fields=["executed_at"])
            closed += 1
    return closed
