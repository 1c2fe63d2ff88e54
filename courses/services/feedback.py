"""What happens to a hand-in: a trainer answers, or the time for answering passes. Either is an attempt of its own."""

import uuid as uuids
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from courses.activities import grade, readable
from courses.activities.assignment import clean_feedback
from courses.models import Attempt, Feedback, Submission
from courses.services.attempts import append_attempt
from people.models import User


@transaction.atomic
def give_feedback(
    *, submission: Submission, trainer: User, levels: Mapping[str, Any], words: str, now: datetime
) -> Attempt | None:
    """Keep a trainer's answer and append what follows from it. `None` where the same was said already.

    The caller holds the lock on the enrolment. Raises `ResponseError` for what is no feedback by this rubric.
    """
    version = submission.attempt.version
    said = clean_feedback(version.specification, levels, words)
    before = Feedback.objects.filter(submission=submission).first()
    if before is not None and {"levels": before.levels, "words": before.words} == said:
        return None
    Feedback.objects.update_or_create(
        submission=submission, defaults={"trainer": trainer, "given_at": now, **said}
    )
    return _append(submission, {"feedback": said}, now=now)


@transaction.atomic
def wait_out(*, submission: Submission, now: datetime) -> Attempt:
    """The trainer's days have passed: from now on it counts as it is. The caller holds the lock on the enrolment."""
    submission.waited_out_at = now
    submission.save(update_fields=["waited_out_at"])
    return _append(submission, {"waited": True}, now=now, self_reported=True)


def _append(
    submission: Submission, more: Mapping[str, Any], *, now: datetime, self_reported: bool = False
) -> Attempt:
    version = submission.attempt.version
    kind, specification = version.activity.kind, version.specification
    handed_in_at = submission.handed_in_at.isoformat()
    response = {**submission.attempt.response, "handed_in_at": handed_in_at, **more}
    return append_attempt(
        enrolment=submission.enrolment,
        version=version,
        response=response,
        result=grade(kind, specification, response),
        words=readable(kind, specification, response),
        uuid=uuids.uuid4(),
        now=now,
        self_reported=self_reported,
    )
