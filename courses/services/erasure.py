"""Taking a learner's record away: the only way attempts are ever deleted."""

from datetime import datetime

from django.db import transaction

from courses.models import (
    ActivityState,
    Attempt,
    Enrolment,
    ErasureOrder,
    Reflection,
    ResumePoint,
    Statement,
    SurveyKey,
)
from courses.services.submissions import erase_submissions
from people.models import User


@transaction.atomic
def erase_record(*, learner: User, now: datetime) -> int:
    """Delete a learner's enrolments with all that hangs on them. Returns how many enrolments went.

    The order that opens the trigger is written, used and executed in this one transaction.
    """
    enrolments = list(Enrolment.objects.select_for_update().filter(learner=learner))
    orders = [ErasureOrder(enrolment_id=enrolment.pk, ordered_at=now) for enrolment in enrolments]
    # A record that retention closed had an order already: it is opened once more.
    ErasureOrder.objects.bulk_create(
        orders,
        update_conflicts=True,
        unique_fields=["enrolment_id"],
        update_fields=["ordered_at", "executed_at"],
    )
    ActivityState.objects.filter(enrolment__in=enrolments).delete()
    ResumePoint.objects.filter(enrolment__in=enrolments).delete()
    Reflection.objects.filter(enrolment__in=enrolments).delete()
    SurveyKey.objects.filter(enrolment__in=enrolments).delete()  # whose answers they were is lost for good
    Statement.objects.filter(enrolment__in=enrolments).delete()
    erase_submissions(enrolments=enrolments)
    Attempt.objects.filter(enrolment__in=enrolments).delete()
    Enrolment.objects.filter(pk__in=[enrolment.pk for enrolment in enrolments]).delete()
    ErasureOrder.objects.filter(enrolment_id__in=[order.enrolment_id for order in orders]).update(
        executed_at=now
    )
    return len(enrolments)
