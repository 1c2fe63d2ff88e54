"""Keeping the place where somebody stopped."""

import json
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from courses.models import Activity, ActivityVersion, Enrolment, ResumePoint

LONGEST = 500_000  # characters of JSON for one part
LONGEST_PART = 100
LAST_REVISION = 2**31 - 1


class PlaceConflict(Exception):
    """Another tab kept a later place. `stored` is that one."""

    def __init__(self, stored: ResumePoint) -> None:
        super().__init__("a later place is kept already")
        self.stored = stored


class NoPlace(ValueError):
    """What was sent is no place that can be kept: too long, no JSON, or a revision out of range."""


def keep_place(
    *,
    enrolment: Enrolment,
    activity: Activity,
    version: ActivityVersion,
    data: Any,
    revision: int,
    now: datetime,
    part: str = "",
) -> None:
    """Keep the place under its `revision`, which is higher than the one that the page started from.

    `data` is anything JSON can hold. One statement where there is a place already. Raises `PlaceConflict` where an equal
    or later revision is kept, and `NoPlace`; nothing changes then.
    """
    if version.activity_id != activity.pk:
        raise ValueError("the version belongs to another activity")
    kept = {
        "version": version,
        "data": _as_text(data),
        "revision": _checked(revision, part),
        "saved_at": now,
    }
    where = {"enrolment": enrolment, "activity": activity, "part": part}
    earlier = ResumePoint.objects.filter(**where, revision__lt=revision)
    if earlier.update(**kept):
        return
    try:
        with transaction.atomic():
            ResumePoint.objects.create(**where, **kept)
    except IntegrityError:  # another tab was there: a moment ago, or with a later revision
        if not earlier.update(**kept):
            raise PlaceConflict(ResumePoint.objects.get(**where)) from None


def _as_text(data: Any) -> str:
    try:
        text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise NoPlace("no JSON") from error
    if len(text) > LONGEST:
        raise NoPlace(f"longer than {LONGEST} characters")
    return text


def _checked(revision: int, part: str) -> int:
    if not 1 <= revision <= LAST_REVISION:
        raise NoPlace("the revision is out of range")
    if len(part) > LONGEST_PART or not part.isprintable():
        raise NoPlace("the part has no such name")
    return revision
