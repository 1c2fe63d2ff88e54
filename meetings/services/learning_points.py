"""What somebody takes along from an intervision: encrypted, theirs alone, and as anonymous as the case was."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from meetings.models import LearningPoint, Meeting
from meetings.services.anonymity import check_anonymous
from people.models import User
from people.services.sealing import reseal, seal, unseal

KEPT = timedelta(days=730)
LONGEST_POINT = 1000


@transaction.atomic
def keep_learning_point(
    *, meeting: Meeting, person: User, text: str, now: datetime, confirmed: Collection[str] = ()
) -> None:
    """Write or rewrite it; an empty text takes it away. Raises `PointsAtSomebody` and `MayNameSomebody`."""
    if not text.strip():
        LearningPoint.objects.filter(meeting=meeting, person=person).delete()
        return
    check_anonymous(text, meeting=meeting, confirmed=confirmed)
    LearningPoint.objects.update_or_create(
        meeting=meeting, person=person, defaults={"ciphertext": seal(text), "written_at": now}
    )


def read_learning_point(*, meeting: Meeting, person: Any) -> str:
    """One's own; empty where there is none."""
    point = LearningPoint.objects.filter(meeting=meeting, person=person).first()
    return "" if point is None else in_words(point)


def in_words(point: LearningPoint) -> str:
    """The text itself. Only for callers that have settled who reads it."""
    return unseal(point.ciphertext)


def clear_old_learning_points(*, now: datetime) -> int:
    """For the clock: what is older than two years goes. How many."""
    count, _rows = LearningPoint.objects.filter(written_at__lt=now - KEPT).delete()
    return count


@transaction.atomic
def rotate_learning_point_keys() -> int:
    """Write every one anew under the first key, as with reflections. How many."""
    count = 0
    for point in LearningPoint.objects.select_for_update().iterator():
        if (ciphertext := reseal(point.ciphertext)) is not None:
            point.ciphertext = ciphertext
            point.save(update_fields=["ciphertext"])
            count += 1
    return count
