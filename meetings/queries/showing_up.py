"""Who came to the meetings of groups, and who missed one lately: for the trainers' desk, over all of them at once."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from courses.models import Cohort
from meetings.models import Attendance

# What was missed longer ago, the trainer knows.
LATELY = timedelta(days=21)


@dataclass(frozen=True)
class ShowingUp:
    """Of one person in one group: at how many of the meetings that were written down they were, and what they missed lately."""

    there: int
    held: int
    missed: tuple[datetime, ...] = ()


def showing_up(cohorts: QuerySet[Cohort], *, now: datetime) -> Mapping[tuple[int, UUID], ShowingUp]:
    """By group and person. What was caught up is not missed, and not attended either. One query."""
    rows: dict[tuple[int, UUID], list[tuple[str, datetime]]] = defaultdict(list)
    written: QuerySet[Attendance, Any] = (
        Attendance.objects.current()
        .filter(
            meeting__cohort__in=cohorts,
            meeting__cancelled_at=None,
            meeting__starts_at__lte=now,
            person__isnull=False,
        )
        .order_by("meeting__starts_at")
        .values_list("meeting__cohort", "person", "status", "meeting__starts_at")
    )
    for cohort, person, status, starts_at in written:
        rows[cohort, person].append((status, starts_at))
    return {
        key: ShowingUp(
            there=sum(status in Attendance.THERE for status, _starts_at in of),
            held=len(of),
            missed=tuple(
                starts_at
                for status, starts_at in of
                if status in Attendance.MISSED and starts_at >= now - LATELY
            ),
        )
        for key, of in rows.items()
    }
