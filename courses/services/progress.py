"""The projection of attempts: refreshed after every answer, rebuilt from the record on request."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import Exists

from courses.models import ActivityState, Attempt, CourseVersionItem, Enrolment
from courses.queries.progress import unfinished_required
from courses.rules import project

FIELDS = ("status", "best_score", "attempts_count", "last_attempt_id", "completed_at")


@transaction.atomic
def refresh(*, enrolment: Enrolment, activity_id: int, now: datetime) -> ActivityState | None:
    """Bring one activity's state, and the enrolment's completion, in line with the record.

    The caller holds the lock on the enrolment. Completing happens once and is never taken back.
    """
    attempts = Attempt.objects.filter(enrolment=enrolment, activity_id=activity_id).only(
        "pk", "score", "passed", "received_at"
    )
    projection = project(attempts)
    if projection is None:
        return None
    state = ActivityState(enrolment=enrolment, activity_id=activity_id, **asdict(projection))
    ActivityState.objects.bulk_create(
        [state],
        update_conflicts=True,
        unique_fields=["enrolment", "activity"],
        update_fields=[name.removesuffix("_id") for name in FIELDS],
    )
    if projection.status == ActivityState.Status.DONE and enrolment.status == Enrolment.Status.ACTIVE:
        _complete_if_finished(enrolment, now)
    return state


def _complete_if_finished(enrolment: Enrolment, now: datetime) -> None:
    # Where nothing was required, or all of it was withdrawn from the course, there is no achievement to record.
    done = CourseVersionItem.objects.filter(
        course_version=enrolment.course_version_id,
        activity__states__enrolment=enrolment,
        activity__states__status=ActivityState.Status.DONE,
    )
    completed = {"status": Enrolment.Status.COMPLETED, "completed_at": now}
    finished = Enrolment.objects.filter(
        ~Exists(unfinished_required(enrolment)), Exists(done), pk=enrolment.pk
    )
    if finished.update(**completed):
        enrolment.status, enrolment.completed_at = Enrolment.Status.COMPLETED, now


@transaction.atomic
def complete_if_finished(*, enrolment: Enrolment, now: datetime) -> Enrolment:
    """Complete an enrolment whose last open activity was taken out of the course. Returns it as it is then, locked."""
    locked = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("learner", "course__programme__organisation", "course_version")
        .get(pk=enrolment.pk)
    )
    if locked.status == Enrolment.Status.ACTIVE:
        _complete_if_finished(locked, now)
    return locked


@transaction.atomic
def rebuild_enrolment(*, enrolment: Enrolment) -> int:
    """Compute all states of an enrolment from its attempts. Returns how many rows had to change.

    Enrolments closed by retention keep what they have: their attempts are gone, and replay would empty them.
    """
    if enrolment.closed_at is not None:
        return 0
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    by_activity = defaultdict(list)
    for attempt in Attempt.objects.filter(enrolment=enrolment).only(
        "pk", "activity_id", "score", "passed", "received_at"
    ):
        by_activity[attempt.activity_id].append(attempt)
    states = {state.activity_id: state for state in ActivityState.objects.filter(enrolment=enrolment)}
    changed = 0
    for activity_id, attempts in by_activity.items():
        wanted = asdict(project(attempts))
        state = states.pop(activity_id, None)
        if state is None:
            ActivityState.objects.create(enrolment=enrolment, activity_id=activity_id, **wanted)
            changed += 1
        elif any(getattr(state, name) != wanted[name] for name in FIELDS):
            ActivityState.objects.filter(pk=state.pk).update(**wanted)
            changed += 1
    if states:
        changed += len(states)
        ActivityState.objects.filter(pk__in=[state.pk for state in states.values()]).delete()
    return changed


def rebuild_progress(*, enrolments: Iterable[Enrolment]) -> int:
    """Rebuild many enrolments, each in a transaction of its own. Returns how many rows changed."""
    return sum(rebuild_enrolment(enrolment=enrolment) for enrolment in enrolments)
