"""What a package does in one go: its statements and its state enter by the same door as every other answer."""

import json
import uuid as uuids
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.activities import h5p
from courses.activities.contract import ResponseError
from courses.activities.statements import read_statement
from courses.models import ResumePoint
from courses.services.attempts import AnswerConflict
from courses.services.resuming import NoPlace, keep_place
from courses.services.statements import (
    ReportConflict,
    keep_statement,
    only_repeats,
    room_for,
    statement_before,
)
from people.models import User
from portal.flows import Answered, NotTheirs, answer_recorded, open_record

MOST_PARTS = 60


class TooManyParts(ResponseError):
    """A package keeps more states than any has parts."""


@transaction.atomic
def take_statement(
    *, learner: User, activity_id: int, version_id: int, sent: Any, uuid: uuids.UUID, now: datetime
) -> Answered | None:
    """Keep what a package reported; an answer where the whole of it is finished, `None` else and where that is
    only said again.

    Raises `NotTheirs`, `Retired`, `ReportConflict` and `ResponseError`; nothing is kept then.
    """
    reported = read_statement(sent)
    version, enrolment = open_record(learner=learner, activity_id=activity_id, version_id=version_id)
    if version.activity.kind != h5p.KIND:
        raise NotTheirs
    before = statement_before(enrolment=enrolment, uuid=uuid, sent=sent)
    keep = before is None and room_for(enrolment=enrolment, version=version, reported=reported)
    answered = None
    counts = reported.counts and version.specification["counts"] != h5p.SEEN
    if before is not None:
        counts = counts and before.attempt_id is not None
    elif counts:
        counts = not only_repeats(enrolment=enrolment, version=version, reported=reported)
    if counts:
        try:
            answered = answer_recorded(enrolment, version, data={"report": reported}, uuid=uuid, now=now)
        except AnswerConflict as conflict:
            raise ReportConflict from conflict
    if keep:
        keep_statement(
            enrolment=enrolment,
            version=version,
            reported=reported,
            sent=sent,
            attempt=answered.recorded.attempt if answered else None,
            uuid=uuid,
            now=now,
        )
    return answered


@transaction.atomic
def take_state(
    *,
    learner: User,
    activity_id: int,
    version_id: int,
    part: str,
    state: str,
    revision: int,
    now: datetime,
) -> None:
    """Keep where a learner is in a part of a package: `state` is a text of JSON.

    Raises `NotTheirs`, `Retired`, `PlaceConflict` and `ResponseError`; nothing is kept then.
    """
    version, enrolment = open_record(learner=learner, activity_id=activity_id, version_id=version_id)
    if version.activity.kind != h5p.KIND:
        raise NotTheirs
    kept = ResumePoint.objects.filter(enrolment=enrolment, activity=version.activity_id)
    if kept.exclude(part=part).count() >= MOST_PARTS:
        raise TooManyParts(_("This part of the lesson keeps more places than we can."))
    try:
        keep_place(
            enrolment=enrolment,
            activity=version.activity,
            version=version,
            part=part,
            data=json.loads(state),
            revision=revision,
            now=now,
        )
    except (NoPlace, ValueError, RecursionError) as error:
        raise ResponseError(
            _("Your place in this part could not be kept: it is too large. What counts is kept.")
        ) from error
