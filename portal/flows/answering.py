"""Answering, and playing a recording: the record, progress, awards and what follows, in one transaction."""

import uuid as uuids
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from certification.flows import award_and_queue
from certification.models import Award
from certification.queries.evidence import PARTS
from courses.activities import respond
from courses.activities.recording import Played
from courses.models import ActivityVersion, Enrolment
from courses.presentation import tried_again
from courses.queries.access import asked_of, is_taught
from courses.queries.progress import is_done
from courses.rules import payload_digest
from courses.services.attempts import Recorded, record_answer
from courses.services.playing import weigh_report
from courses.services.progress import refresh
from people.models import User


class NotTheirs(Exception):
    """There is no such activity for this learner: none at all, retired, or in a course they are not in."""


class Retired(Exception):
    """The activity was taken out of the lesson while the learner had it on screen."""


class TriesAgain(Exception):
    """Nothing is answered: the learner asks for one more try, with the answer of the last one still in the form."""


@dataclass(frozen=True)
class Answered:
    """What came of an answer: the record, the wording it was made on, and the enrolment after it."""

    recorded: Recorded
    version: ActivityVersion
    enrolment: Enrolment
    done: bool
    completed_now: bool
    # The certificate that came of it.
    awarded: Award | None = None

    @property
    def closes_something(self) -> bool:
        """The learner is to read how they stand with the certificate: nothing is left to do in the lessons."""
        completed = self.enrolment.status == Enrolment.Status.COMPLETED
        counts = self.done and self.version.activity.kind in PARTS
        return self.completed_now or self.awarded is not None or (completed and counts)


@transaction.atomic
def answer_activity(
    *,
    learner: User,
    activity_id: int,
    version_id: int,
    data: Mapping[str, Any],
    uuid: uuids.UUID,
    now: datetime,
    file: UploadedFile | None = None,
    before: str = "",
) -> Answered:
    """Record an answer, refresh progress, award what is earned and queue what follows.

    `before`, where the form asks for one more try: the digest of the answer that stood in it.
    Raises `NotTheirs`, `Retired`, `ResponseError`, `AnswerConflict` and `TriesAgain`; nothing is kept then.
    """
    version, enrolment = open_record(learner, activity_id, version_id)
    if before and tried_again(version.activity.kind):
        response = respond(version.activity.kind, version.specification, data)
        if payload_digest(version_id=version.pk, payload=response) == before:
            raise TriesAgain
    return answer_recorded(enrolment, version, data=data, file=file, uuid=uuid, now=now)


@dataclass(frozen=True)
class Reported:
    """What came of a report: how much counts as played, in per cents, and whether the activity is done."""

    per_cent: int
    done: bool


@transaction.atomic
def report_playing(
    *, learner: User, activity_id: int, version_id: int, at: Any, played: Any, revision: int, now: datetime
) -> Reported:
    """Keep the place in a recording; once enough of it was played, that is an answer like any other.

    Raises `NotTheirs`, `Retired`, `NotPlayed`, `NoPlace` and `PlaceConflict`; nothing is kept then.
    """
    version, enrolment = open_record(learner, activity_id, version_id)
    if version.recording_id is None:
        raise NotTheirs
    weighed = weigh_report(
        enrolment=enrolment, version=version, at=at, played=played, revision=revision, now=now
    )
    done = is_done(enrolment=enrolment, activity_id=activity_id)
    if weighed.enough and not done:
        data = {"played": Played(weighed.per_cent)}
        done = answer_recorded(enrolment, version, data=data, uuid=uuids.uuid4(), now=now).done
    return Reported(weighed.per_cent, done)


def open_record(learner: User, activity_id: int, version_id: int) -> tuple[ActivityVersion, Enrolment]:
    """What a learner is asked, and their enrolment, locked. Raises `NotTheirs` and `Retired`."""
    enrolment = (
        asked_of(learner=learner, version_id=version_id)
        .select_for_update(of=("self",))
        .select_related("course__programme", "course__scheme", "course_version", "learner")
        .first()
    )
    # Compared here: a number that no column holds is an error of the database, and it comes from the address.
    if enrolment is None or enrolment.asked.activity_id != activity_id:
        raise NotTheirs
    version = enrolment.asked
    version.activity.lesson.session.course = enrolment.course
    if version.activity.retired_at or not is_taught(version.activity.lesson):
        raise Retired
    return version, enrolment


def answer_recorded(
    enrolment: Enrolment,
    version: ActivityVersion,
    *,
    data: Mapping[str, Any],
    uuid: uuids.UUID,
    now: datetime,
    file: UploadedFile | None = None,
) -> Answered:
    """An answer with all that follows from it. The caller holds the lock on the enrolment."""
    was_completed = enrolment.status == Enrolment.Status.COMPLETED
    recorded = record_answer(enrolment=enrolment, version=version, data=data, uuid=uuid, now=now, file=file)
    if not recorded.created:
        return Answered(recorded, version, enrolment, recorded.attempt.passed, completed_now=False)
    state = refresh(enrolment=enrolment, activity_id=version.activity_id, now=now)
    completed_now = enrolment.status == Enrolment.Status.COMPLETED and not was_completed
    award = None
    if completed_now or version.activity.kind in PARTS:
        award = award_and_queue(enrolment=enrolment, now=now)
    done = state is not None and state.status == "done"
    awarded = award if award is not None and award.issued_at == now else None
    return Answered(recorded, version, enrolment, done, completed_now, awarded)
