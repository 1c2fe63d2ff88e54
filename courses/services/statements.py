"""Keeping what packages report."""

import uuid as uuids
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from courses.activities.statements import CHATTY, Reported, StatementError, kept_text
from courses.models import ActivityVersion, Attempt, Enrolment, Statement

# Of one learner at one activity. A package that says more than this is out of order; what it says by habit stops sooner, so that
# there is room for what matters.
MOST, MOST_CHATTY = 2000, 1000


class TooMuch(StatementError):
    """More was reported than anybody could have done."""


class ReportConflict(Exception):
    """The same UUID came with another statement."""


def statement_before(*, enrolment: Enrolment, uuid: uuids.UUID, sent: Any) -> Statement | None:
    """What was kept of this very statement before. Raises `ReportConflict` where another was kept under its UUID."""
    earlier = Statement.objects.filter(enrolment=enrolment, uuid=uuid).select_related("attempt").first()
    if earlier is not None and earlier.original != kept_text(sent):
        raise ReportConflict
    return earlier


def room_for(*, enrolment: Enrolment, version: ActivityVersion, reported: Reported) -> bool:
    """Whether this is still kept. Raises `TooMuch` where nothing more is."""
    kept = Statement.objects.filter(enrolment=enrolment, activity=version.activity_id).count()
    if kept >= MOST:
        raise TooMuch(_("This part of the lesson has sent more than we keep. What counts so far stays."))
    return kept < MOST_CHATTY or reported.verb not in CHATTY


def keep_statement(
    *,
    enrolment: Enrolment,
    version: ActivityVersion,
    reported: Reported,
    sent: Any,
    attempt: Attempt | None,
    uuid: uuids.UUID,
    now: datetime,
) -> Statement:
    """Add a statement as it was sent, with what the server knows of it. The caller holds the lock on the enrolment."""
    return Statement.objects.create(
        uuid=uuid,
        enrolment=enrolment,
        activity_id=version.activity_id,
        version=version,
        attempt=attempt,
        verb=reported.verb,
        part=reported.part,
        original=kept_text(sent),
        received_at=now,
    )
