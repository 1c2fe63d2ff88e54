"""Giving certificates to many: line by line, each in a transaction of its own with the award it gives.

A worker that is killed leaves a line that waits, or one that is done with its award; there is nothing in between.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from certification.models import Award, Batch, BatchLine, Document
from certification.queries import standings
from certification.services.awards import award_if_earned
from certification.services.documents import note_task, produce
from courses.models import Cohort, Course, Enrolment
from people.models import User

log = logging.getLogger(__name__)

State, Reason = BatchLine.State, BatchLine.Reason
# More than an organisation has in one course; a page of this many names can still be read.
MOST = 2_000


@transaction.atomic
def begin_batch(
    *,
    batch_id: UUID,
    course: Course,
    cohort: Cohort | None,
    enrolments: Sequence[Enrolment],
    by: User,
    now: datetime,
) -> tuple[Batch, bool]:
    """Write a batch down, with a line per enrolment. Whether it is new: the same form sent twice begins one."""
    batch, is_new = Batch.objects.get_or_create(
        pk=batch_id,
        defaults={
            "organisation_id": course.programme.organisation_id,
            "course": course,
            "cohort": cohort,
            "by": by,
            "begun_at": now,
        },
    )
    if is_new:
        BatchLine.objects.bulk_create(BatchLine(batch=batch, enrolment=each) for each in enrolments)
    return batch, is_new


def pause_batch(*, batch: Batch, now: datetime) -> None:
    """Give nothing more for the time being. Who has a line under the worker's hands gets theirs still."""
    Batch.objects.filter(pk=batch.pk, paused_at=None).update(paused_at=now)


@transaction.atomic
def take_on(*, batch: Batch, by: User) -> None:
    """Go on with a batch: from now on it is this person's yes."""
    Batch.objects.filter(pk=batch.pk).update(paused_at=None, by=by)


@transaction.atomic
def let_failed_wait(*, batch: Batch, now: datetime) -> int:
    """Put back in line who was not given one, and nobody else; PDFs that could not be made are due at once. How many."""
    papers = Document.objects.filter(award__batch_lines__batch=batch).exclude(last_error="")
    papers.exclude(state__in=[Document.State.READY, Document.State.RENDERING]).update(due_at=now, attempts=0)
    return BatchLine.objects.filter(batch=batch, state=State.FAILED).update(
        state=State.WAITING, reason="", task_id=None
    )


def note_line_task(*, lines: Sequence[BatchLine], task_id: str) -> None:
    """Remember which row of the worker's queue will see to these lines."""
    BatchLine.objects.filter(pk__in=[line.pk for line in lines]).update(task_id=task_id)


def give_line(*, line_id: int, now: datetime) -> None:
    """See to one line, if it waits and its batch is not paused: the award, then its PDF.

    Safe to run twice, by two workers at once, and again after a crash at any point: one award, one document.
    """
    try:
        award = _settle(line_id, now)
    except Exception as error:  # whatever it was: this line alone failed, and can be tried again
        log.warning("line %s of a batch was not given: %s", line_id, type(error).__name__)
        BatchLine.objects.filter(pk=line_id, state=State.WAITING).update(
            state=State.FAILED, reason=Reason.ERROR
        )
        return
    if award is not None:
        produce(award_id=award.pk, now=now)


@transaction.atomic
def _settle(line_id: int, now: datetime) -> Award | None:
    """Write down how a line ended; the award if one was made. The enrolment is locked first, as erasure does."""
    waiting = BatchLine.objects.filter(pk=line_id, state=State.WAITING, batch__paused_at=None)
    enrolment_id = waiting.values_list("enrolment", flat=True).first()
    enrolment = _locked(enrolment_id) if enrolment_id else None
    line = waiting.select_for_update(of=("self",)).select_related("batch__by").first()
    if line is None:
        return None
    award = None
    if enrolment is None:
        line.state, line.reason = State.SKIPPED, Reason.GONE
    elif enrolment.status == Enrolment.Status.WITHDRAWN:
        line.state, line.reason = State.SKIPPED, Reason.STOPPED
    elif not _may_give(line.batch.by, enrolment):
        line.state, line.reason = State.FAILED, Reason.NOT_YOURS
    elif had := Award.objects.current().filter(enrolment=enrolment).first():
        line.state, line.award = State.HAD, had
    elif award := award_if_earned(enrolment=enrolment, now=now, confirmed_by=line.batch.by):
        line.state, line.award = State.GIVEN, award
        # The task that gives it makes its document as well; without one the clock sees to it.
        note_task(document=award.document, task_id=line.task_id)
    else:
        line.state, line.reason = State.FAILED, _why_not(enrolment, now)
    line.save(update_fields=["state", "reason", "award"])
    return award


def _locked(enrolment_id: UUID) -> Enrolment | None:
    return (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("course__programme", "course_version", "learner")
        .filter(pk=enrolment_id)
        .first()
    )


def _may_give(by: User | None, enrolment: Enrolment) -> bool:
    """Whether who said yes may say so still: a role may end between the yes and the giving."""
    if by is None or not by.is_active:
        return False
    return Enrolment.objects.coordinated_by(by).filter(pk=enrolment.pk).exists()


def _why_not(enrolment: Enrolment, now: datetime) -> Reason:
    (standing,) = standings([enrolment])
    if standing.scheme is not None and standing.scheme.is_over(timezone.localdate(now)):
        return Reason.OVER
    if standing.missing:
        return Reason.MISSING
    return Reason.CHECK if standing.lacks_check else Reason.NAME
