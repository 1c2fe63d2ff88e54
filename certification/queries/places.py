"""Where a learner finds what a certificate still asks of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from certification.queries.standing import Place, Standing
from certification.requirements import activities, attendance
from courses.models import Activity
from meetings.models import Meeting


def with_places(standings: Sequence[Standing], *, now: datetime) -> list[Standing]:
    """Standings with the pages on which something missing can be done. Two queries, none where nothing is.

    Of what all lessons ask it is the first that is open; of meetings the next training session of the group.
    """
    wanted = {pk for each in standings for outcome in each.missing for pk in outcome.activities}
    found = (
        Activity.objects.filter(pk__in=wanted)
        .select_related("lesson")
        .order_by("lesson__session__position", "lesson__position", "position", "pk")
        if wanted
        else ()
    )
    groups = {each.enrolment.cohort_id for each in standings if _misses_meetings(each)}
    coming = (
        Meeting.objects.standing()
        .filter(cohort__in=groups, kind=Meeting.Kind.TRAINING, ends_at__gt=now)
        .order_by("-starts_at", "-pk")
    )
    # The latest first, so that of one group the next remains.
    next_of = {meeting.cohort_id: meeting for meeting in coming} if groups else {}
    return [
        replace(each, places=_places(each, list(found), next_of.get(each.enrolment.cohort_id)))
        for each in standings
    ]


def _misses_meetings(standing: Standing) -> bool:
    outcome = standing.verdict.outcomes.get(attendance.KIND)
    return outcome is not None and not outcome.met and standing.enrolment.cohort_id is not None


def _places(standing: Standing, found: Sequence[Activity], meeting: Meeting | None) -> dict[str, list[Place]]:
    places = {
        kind: [Place(activity=each) for each in found if each.pk in outcome.activities]
        for kind, outcome in standing.verdict.outcomes.items()
        if not outcome.met
    }
    if activities.KIND in places:
        del places[activities.KIND][1:]
    if meeting is not None and _misses_meetings(standing):
        places[attendance.KIND] = [Place(meeting=meeting)]
    return places
