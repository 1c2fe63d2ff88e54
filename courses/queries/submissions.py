"""What is handed in, for who looks at it and for the clock."""

from datetime import datetime

from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When

from courses.models import ActivityState, Enrolment, Submission
from people.models import User


def for_review(trainer: User) -> QuerySet[Submission]:
    """What a trainer looks at, with all that a list or a page says of it: what waits first, the longest wait first."""
    return (
        Submission.objects.reviewed_by(trainer)
        .select_related(
            "enrolment__course",
            "enrolment__cohort",
            "feedback",
            "attempt__version__activity__lesson__session",
        )
        .annotate(answered=Case(When(feedback=None, then=Value(False)), default=Value(True)))
        .order_by("answered", "handed_in_at", "pk")
    )


def waited_long_enough(now: datetime) -> QuerySet[Submission]:
    """What waits for a trainer whose days have passed, and is not done by other means. One query."""
    done = ActivityState.objects.filter(
        enrolment=OuterRef("enrolment"), activity=OuterRef("activity"), status=ActivityState.Status.DONE
    )
    return (
        Submission.objects.waiting()
        .filter(~Exists(done), due_at__lte=now, waited_out_at=None, enrolment__closed_at=None)
        .exclude(enrolment__status=Enrolment.Status.WITHDRAWN)
        .order_by("due_at", "pk")
    )
