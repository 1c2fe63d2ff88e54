"""Weighing what a browser reports of a recording, and keeping the place."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from courses.activities.playing import Stretch, cleaned, credited, is_enough, merged, per_cent, second
from courses.models import ActivityVersion, Enrolment, ResumePoint
from courses.services.resuming import PlaceConflict, keep_place


@dataclass(frozen=True)
class Weighed:
    """How much counts as played after a report, in per cents, and whether that is enough."""

    per_cent: int
    enough: bool


def weigh_report(
    *, enrolment: Enrolment, version: ActivityVersion, at: Any, played: Any, revision: int, now: datetime
) -> Weighed:
    """Add what was played since the last report, as far as the time between allows, and keep the place `at`.

    The caller holds the lock on the enrolment. The first report says that playing begins: it counts for next to
    nothing. Raises `NotPlayed`, `NoPlace`, and `PlaceConflict` where another tab was further.
    """
    duration = version.specification["seconds"]
    place, stretches = second(at, duration), cleaned(played, duration)
    before = ResumePoint.objects.filter(enrolment=enrolment, activity=version.activity_id, part="").first()
    if before is not None and before.revision >= revision:
        raise PlaceConflict(before)
    known = stretches_of(before, version)
    elapsed = (now - before.saved_at).total_seconds() if before is not None else 0.0
    counted = credited(known, stretches, elapsed)
    keep_place(
        enrolment=enrolment,
        activity=version.activity,
        version=version,
        data={
            "recording": version.specification["recording"],
            "at": round(place, 2),
            "played": [[round(first, 2), round(last, 2)] for first, last in counted],
        },
        revision=revision,
        now=now,
    )
    return Weighed(per_cent(counted, duration), is_enough(counted, duration))


def stretches_of(point: ResumePoint | None, version: ActivityVersion) -> list[Stretch]:
    """What is known to be played of this version's recording; of another recording nothing."""
    if point is None or point.state["recording"] != version.specification["recording"]:
        return []
    return merged([(first, last) for first, last in point.state["played"]])
