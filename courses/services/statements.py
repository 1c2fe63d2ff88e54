"""Keeping what packages report."""

import uuid as uuids
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from courses.activities import h5p, respond
from courses.activities.statements import (
    CHATTY,
    TOUCHES,
    Interaction,
    Reported,
    StatementError,
    interaction_of,
    kept_text,
    was_asked_for,
)
from courses.models import ActivityVersion, Attempt, Enrolment, Statement
from media.models import Package

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


def only_repeats(*, enrolment: Enrolment, version: ActivityVersion, reported: Reported) -> bool:
    """Whether an H5P package says once more how its last attempt ended, though nothing was done in it since.

    Some do each time they are opened where somebody left them finished. SCORM's player says by itself nothing twice. Two queries at
    most.
    """
    if reported.verb in TOUCHES:
        return False
    of_this = Statement.objects.filter(enrolment=enrolment, activity=version.activity_id)
    last = (
        of_this.exclude(attempt=None)
        .select_related("attempt", "version__package_version__package")
        .order_by("pk")
        .last()
    )
    if last is None or last.version_id != version.pk:
        return False
    played = last.version.package_version
    if played is None or played.package.kind != Package.Kind.H5P:
        return False
    response = respond(h5p.KIND, version.specification, {"report": reported})
    return last.attempt.response == response and not _touched_since(last, of_this)


def _touched_since(last: Statement, of_this: QuerySet[Statement]) -> bool:
    """Whether anything was answered after a statement. What the page asked for and was told before is no touch."""
    told: dict[tuple[str, str], Interaction | None] = {}
    for statement in of_this.filter(verb__in=TOUCHES).order_by("pk"):
        content = statement.content
        answer = interaction_of(content)
        key = statement.part, answer.question if answer and statement.part == "?" else ""
        asked_again = was_asked_for(content) and key in told and told[key] == answer
        if statement.pk > last.pk and not asked_again:
            return True
        if statement.verb != "interacted":
            told[key] = answer
    return False


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
