"""Starting a course, the name on its certificate, and finishing it when nothing is open any more."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from certification.flows import award_and_queue, award_pending
from courses.models import Course, Enrolment
from courses.queries.access import open_cohort
from courses.queries.progress import finished_but_open
from courses.services import enrolments
from courses.services.enrolments import GroupFull
from courses.services.progress import complete_if_finished
from meetings.flows import wait_for_group
from people.models import User
from people.services.profiles import save_profile
from portal.flows.rounds import ONE_ROUND


def complete_finished(*, now: datetime) -> int:
    """For the clock: complete, and award, where the last open activity was taken out of the course. How many."""
    return sum(_complete_and_award(enrolment, now) for enrolment in finished_but_open()[:ONE_ROUND])


@transaction.atomic
def _complete_and_award(enrolment: Enrolment, now: datetime) -> bool:
    completed = complete_if_finished(enrolment=enrolment, now=now)
    award_and_queue(enrolment=completed, now=now)
    return completed.status == Enrolment.Status.COMPLETED


@transaction.atomic
def start_course(
    *,
    learner: User,
    course: Course,
    alias: str,
    now: datetime,
    code: str = "",
    again: Enrolment | None = None,
) -> Enrolment | None:
    """Enrol; without a code in the course's open group, so that its trainers see them. Raises `EnrolmentRefused`.

    `again`: the enrolment that is left behind by doing it once more, completed as it is; nothing of that where they are refused.

    None where the code is right and the group full: they wait for a place in it.
    """
    today = timezone.localdate(now)
    cohort = None if code.strip() else open_cohort(course=course, learner=learner, today=today)
    if again is not None:
        enrolments.complete_as_it_is(enrolment=again, now=now)
    try:
        return enrolments.enrol(
            learner=learner,
            course=course,
            cohort=cohort,
            alias=alias,
            code=code,
            again=again is not None,
            now=now,
        )
    except GroupFull as full:
        wait_for_group(cohort=full.cohort, person=learner, alias=alias, now=now)
        return None


@transaction.atomic
def give_legal_name(*, learner: User, legal_name: str, now: datetime) -> int:
    """Keep the name for certificates and award what was waiting for it. Returns how many awards."""
    return keep_profile(person=learner, legal_name=legal_name, now=now)


@transaction.atomic
def keep_profile(*, person: User, now: datetime, **changes: Any) -> int:
    """Change what is given (arguments of `save_profile`), and award what waited for a name. Returns how many awards."""
    save_profile(user=person, **changes)
    return len(award_pending(learner=person, now=now)) if person.legal_name else 0
