"""What a person does in one go: one transaction, with the tasks and messages that follow from it."""

import uuid as uuids
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from certification.flows import award_and_queue, award_pending
from courses.models import ActivityVersion, Course, Enrolment
from courses.queries.access import is_taught, open_cohort, version_for
from courses.queries.progress import finished_but_open
from courses.services import enrolments
from courses.services.attempts import Recorded, record_answer
from courses.services.progress import complete_if_finished, refresh
from people.models import User
from people.services.profiles import save_profile

# As many as one round of the clock completes; the next round takes the next ones.
ONE_ROUND = 500


class NotTheirs(Exception):
    """There is no such activity for this learner: none at all, retired, or in a course they are not in."""


class Retired(Exception):
    """The activity was taken out of the lesson while the learner had it on screen."""


@dataclass(frozen=True)
class Answered:
    """What came of an answer: the record, the wording it was made on, and the enrolment after it."""

    recorded: Recorded
    version: ActivityVersion
    enrolment: Enrolment
    done: bool
    completed_now: bool


@transaction.atomic
def answer_activity(
    *,
    learner: User,
    activity_id: int,
    version_id: int,
    data: Mapping[str, Any],
    uuid: uuids.UUID,
    now: datetime,
) -> Answered:
    """Record an answer, refresh progress, award what is earned and queue what follows.

    Raises `NotTheirs`, `Retired`, `ResponseError` and `AnswerConflict`; nothing is kept then.
    """
    version = version_for(activity_id=activity_id, version_id=version_id)
    if version is None:
        raise NotTheirs
    course = version.activity.lesson.session.course
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("course_version", "learner")
        .filter(learner=learner, course=course)
        .exclude(status=Enrolment.Status.WITHDRAWN)
        .first()
    )
    if enrolment is None:
        raise NotTheirs
    enrolment.course = course
    if version.activity.retired_at or not is_taught(version.activity.lesson):
        raise Retired
    was_completed = enrolment.status == Enrolment.Status.COMPLETED
    recorded = record_answer(enrolment=enrolment, version=version, data=data, uuid=uuid, now=now)
    if not recorded.created:
        return Answered(recorded, version, enrolment, recorded.attempt.passed, completed_now=False)
    state = refresh(enrolment=enrolment, activity_id=activity_id, now=now)
    completed_now = enrolment.status == Enrolment.Status.COMPLETED and not was_completed
    if completed_now:
        award_and_queue(enrolment=enrolment, now=now)
    return Answered(recorded, version, enrolment, state is not None and state.status == "done", completed_now)


def complete_finished(*, now: datetime) -> int:
    """For the clock: complete, and award, where the last open activity was taken out of the course. How many."""
    return sum(_complete_and_award(enrolment, now) for enrolment in finished_but_open()[:ONE_ROUND])


@transaction.atomic
def _complete_and_award(enrolment: Enrolment, now: datetime) -> bool:
    completed = complete_if_finished(enrolment=enrolment, now=now)
    award_and_queue(enrolment=completed, now=now)
    return completed.status == Enrolment.Status.COMPLETED


@transaction.atomic
def start_course(*, learner: User, course: Course, alias: str, now: datetime, code: str = "") -> Enrolment:
    """Enrol; without a code in the course's open group, so that its trainers see them. Raises `EnrolmentRefused`."""
    cohort = None if code.strip() else open_cohort(course=course, today=timezone.localdate(now))
    return enrolments.enrol(learner=learner, course=course, cohort=cohort, alias=alias, code=code, now=now)


@transaction.atomic
def give_legal_name(*, learner: User, legal_name: str, now: datetime) -> int:
    """Keep the name for certificates and award what was waiting for it. Returns how many awards."""
    return keep_profile(person=learner, legal_name=legal_name, now=now)


@transaction.atomic
def keep_profile(*, person: User, now: datetime, **changes: Any) -> int:
    """Change what is given (arguments of `save_profile`), and award what waited for a name. Returns how many awards."""
    save_profile(user=person, **changes)
    return len(award_pending(learner=person, now=now)) if person.legal_name else 0
