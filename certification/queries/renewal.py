"""Certificates that end: which ones, and how soon."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from certification.models import Award

# Days before the end on which the holder is told.
REMINDERS = (90, 30, 7)


def ending(today: date) -> QuerySet[Award]:
    """Certificates that count today, end within the first reminder's days, and are not renewed. One query."""
    return (
        Award.objects.current()
        .counting_on(today)
        .filter(
            ~Exists(Award.objects.counting_on(today).filter(renews=OuterRef("pk"))),
            holder__isnull=False,
            valid_until__lte=today + timedelta(days=REMINDERS[0]),
        )
        .select_related("holder")
        .order_by("valid_until", "pk")
    )


def reminder_due(valid_until: date, today: date) -> int | None:
    """Which reminder it is time for: the last whose day has come. `None` before the first and after the end."""
    left = (valid_until - today).days
    return min((days for days in REMINDERS if 0 <= left <= days), default=None)
