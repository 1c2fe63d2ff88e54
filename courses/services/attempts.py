"""Recording answers. The one door by which an attempt comes to be."""

import uuid as uuids
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courses.activities import (
    ResponseError,
    Result,
    assignment,
    draw,
    drawn_as,
    draws,
    grade,
    is_self_reported,
    kind_of,
    readable,
    respond,
    survey,
    tries_left,
)
from courses.activities.alternative import chooses, is_chosen
from courses.activities.contract import Specification
from courses.models import ActivityVersion, Attempt, Enrolment
from courses.queries.progress import tries_made
from courses.rules import next_try, payload_digest
from courses.services.handed_files import inspected
from courses.services.reflections import keep_reflection
from courses.services.submissions import hand_in
from courses.services.surveys import keep_survey


class AnswerConflict(Exception):
    """The same UUID came with another answer. `attempt` is the one that counts."""

    def __init__(self, attempt: Attempt) -> None:
        super().__init__("another answer was recorded under this form")
        self.attempt = attempt


@dataclass(frozen=True)
class Recorded:
    """An attempt, and whether this call made it; `response` is what was sent, private text included."""

    attempt: Attempt
    created: bool
    result: Result
    response: dict[str, Any]


@transaction.atomic
def record_answer(
    *,
    enrolment: Enrolment,
    version: ActivityVersion,
    data: Mapping[str, Any],
    uuid: uuids.UUID,
    now: datetime,
    file: UploadedFile | None = None,
) -> Recorded:
    """Grade what was posted and append it, once per UUID.

    Graded against `version`, the wording the learner had on screen. `data` is the posted form. `file` came along with
    it, and counts for assignments only. The caller holds the lock on the enrolment: where questions are drawn, the number
    of tries so far decides which. Raises `ResponseError` for what is no answer and `AnswerConflict` for a UUID used before
    with something else.
    """
    name = version.activity.kind
    if file is not None and name == assignment.KIND:
        data = {**data, "file": inspected(file)}
    specification = _specification_asked(enrolment=enrolment, version=version, data=data, uuid=uuid)
    response = respond(name, specification, data)
    result = grade(name, specification, response)
    private = kind_of(name).PRIVATE and not is_chosen(response)
    try:
        with transaction.atomic():
            attempt = append_attempt(
                enrolment=enrolment,
                version=version,
                response=response,
                result=result,
                words=readable(name, specification, response),
                uuid=uuid,
                now=now,
                self_reported=is_self_reported(name, specification, response),
                private=private,
            )
    except IntegrityError:  # this form was sent before
        earlier = Attempt.objects.filter(learner_id=enrolment.learner_id, uuid=uuid).first()
        if earlier is None:
            raise
        digest = payload_digest(version_id=version.pk, payload=response)
        if earlier.payload_hmac != digest or earlier.enrolment_id != enrolment.pk:
            raise AnswerConflict(earlier) from None
        return Recorded(earlier, False, result, response)
    if private:
        _keep_private(enrolment=enrolment, version=version, response=response, now=now)
    elif name == assignment.KIND and not is_chosen(response):
        hand_in(attempt=attempt, file=file, now=now)
    return Recorded(attempt, True, result, response)


def append_attempt(
    *,
    enrolment: Enrolment,
    version: ActivityVersion,
    response: dict[str, Any],
    result: Result,
    words: str,
    uuid: uuids.UUID,
    now: datetime,
    self_reported: bool = False,
    private: bool = False,
) -> Attempt:
    """Add a response to the record: as it is, as it was graded, and as it reads (`words`).

    Of a private one only that there was one, and its digest.
    """
    return Attempt.objects.create(
        uuid=uuid,
        learner_id=enrolment.learner_id,
        enrolment=enrolment,
        version=version,
        activity_id=version.activity_id,
        response={"answered": True} if private else response,
        readable=words,
        score=result.score,
        max_score=version.max_score,
        pass_score=version.pass_score,
        passed=result.passed,
        self_reported=self_reported,
        received_at=now,
        payload_hmac=payload_digest(version_id=version.pk, payload=response),
    )


def _keep_private(
    *, enrolment: Enrolment, version: ActivityVersion, response: dict[str, Any], now: datetime
) -> None:
    """What the attempt does not hold: a survey's answers without a name, somebody's own text encrypted."""
    if version.activity.kind == survey.KIND:
        keep_survey(enrolment=enrolment, version=version, answers=response["answers"], now=now)
    else:
        keep_reflection(enrolment=enrolment, version=version, text=response["text"], now=now)


def _specification_asked(
    *, enrolment: Enrolment, version: ActivityVersion, data: Mapping[str, Any], uuid: uuids.UUID
) -> Specification:
    """What this form asked: the whole wording, or what was drawn for it. Raises `ResponseError` without tries left.

    A form that was sent before is held against the questions it had then, although the next try draws others.
    """
    name, specification = version.activity.kind, version.specification
    if not draws(name) or chooses(specification, data):
        return specification
    sent_before = Attempt.objects.filter(
        learner_id=enrolment.learner_id, uuid=uuid, activity_id=version.activity_id
    ).first()
    if sent_before is not None:
        return drawn_as(name, specification, sent_before.response)
    made = tries_made(enrolment=enrolment, activity_id=version.activity_id)
    if tries_left(specification, made) == 0:
        raise ResponseError(
            _("You have used all your tries. Your trainer can look with you at what helps now.")
        )
    this_try = next_try(enrolment_id=enrolment.pk, activity_id=version.activity_id, made=made)
    return draw(name, specification, this_try.seed)
