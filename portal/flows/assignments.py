"""A trainer's feedback on what was handed in, and what counts without it in time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from certification.flows import award_and_queue
from courses.models import Enrolment, Submission
from courses.queries.submissions import waited_long_enough
from courses.services.feedback import give_feedback, wait_out
from courses.services.progress import refresh
from people.flows import send_message
from people.models import User
from people.rules import next_whole_hour
from portal.flows.answering import NotTheirs
from portal.flows.rounds import ONE_ROUND


@transaction.atomic
def answer_submission(
    *, submission_id: int, trainer: User, levels: Mapping[str, Any], words: str, now: datetime
) -> None:
    """A trainer's feedback: kept, counted, and the learner told. The same again changes nothing.

    Raises `NotTheirs` for a hand-in that is not (any more) this trainer's to look at, and `ResponseError`.
    """
    submission = _locked_submission(Submission.objects.reviewed_by(trainer), submission_id)
    if submission is None:
        raise NotTheirs
    attempt = give_feedback(submission=submission, trainer=trainer, levels=levels, words=words, now=now)
    if attempt is not None:
        _count(submission, now)
        _tell_of_feedback(submission, now)


def wait_out_assignments(*, now: datetime) -> int:
    """For the clock: let count what trainers did not answer in time. How many."""
    due = list(waited_long_enough(now).values_list("pk", flat=True)[:ONE_ROUND])
    return sum(_wait_out(pk, now) for pk in due)


@transaction.atomic
def _wait_out(submission_id: int, now: datetime) -> bool:
    submission = _locked_submission(waited_long_enough(now), submission_id)
    if submission is None:  # answered, or handed in anew, a moment ago
        return False
    wait_out(submission=submission, now=now)
    _count(submission, now)
    return True


def _locked_submission(of: QuerySet[Submission], pk: int) -> Submission | None:
    """A hand-in as it is once its enrolment is locked: learner, trainer and clock wait for one another."""
    known = of.filter(pk=pk).first()
    if known is None:
        return None
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("learner", "course__programme__organisation", "course_version")
        .get(pk=known.enrolment_id)
    )
    submission = of.select_related("attempt__version__activity__lesson").filter(pk=pk).first()
    if submission is not None:
        submission.enrolment = enrolment
    return submission


def _count(submission: Submission, now: datetime) -> None:
    """Progress, completion and awards after an attempt that no learner made."""
    enrolment = submission.enrolment
    refresh(enrolment=enrolment, activity_id=submission.activity_id, now=now)
    award_and_queue(enrolment=enrolment, now=now)


def _tell_of_feedback(submission: Submission, now: datetime) -> None:
    """Once per hand-in; what is answered within the hour is one mail. Nothing of the course: the address is a neutral one."""
    version = submission.attempt.version
    with translation.override(version.locale):
        place = reverse("lesson", args=[version.activity.lesson.short_key])
        text = _("Somebody answered you. Log in to read it:\n%(address)s") % {
            "address": f"{settings.SITE_URL}{place}#a-{version.activity_id}"
        }
        send_message(
            recipient=submission.enrolment.learner,
            kind="feedback",
            cause=f"feedback:{submission.pk}",
            subject=_("There is an answer for you"),
            text=text,
            joinable=True,
            due_at=next_whole_hour(now),
            now=now,
        )
