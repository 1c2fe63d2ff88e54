"""Who opened whose certificate, and who was given one together with others: kept a year, then forgotten."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from certification.models import Award, AwardAccess, Batch
from people.models import User

KEPT = timedelta(days=365)


def note_access(*, award: Award, by: User, what: AwardAccess.What, now: datetime) -> None:
    """Note that somebody opened a certificate."""
    note_accesses(awards=[award], by=by, what=what, now=now)


def note_accesses(*, awards: Iterable[Award], by: User, what: AwardAccess.What, now: datetime) -> None:
    """Note that somebody opened several at once. One query."""
    AwardAccess.objects.bulk_create(AwardAccess(award=award, by=by, what=what, at=now) for award in awards)


def clear_old_accesses(*, now: datetime) -> int:
    """For the clock, once a night: forget what was noted over a year ago. How many."""
    return AwardAccess.objects.filter(at__lt=now - KEPT).delete()[0]


def clear_old_batches(*, now: datetime) -> int:
    """For the clock, once a night: forget batches of over a year ago. What they gave stays. How many."""
    old = Batch.objects.filter(begun_at__lt=now - KEPT, bundle__isnull=True)
    count = old.count()
    old.delete()
    return count
