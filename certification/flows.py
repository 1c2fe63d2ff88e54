"""What is done in one go: an award, its document and the task that makes it share one transaction."""

from datetime import datetime

from django.db import transaction

from certification.models import Award, Document
from certification.queries import overdue_documents, pending_names
from certification.services import documents
from certification.services.awards import award_if_earned
from certification.tasks import render_document
from courses.models import Enrolment
from people.models import User
from people.queries import live_task_ids

# As many as one round of the clock enqueues again; the next round takes the next ones.
ONE_ROUND = 500


@transaction.atomic(savepoint=False)  # part of the answer's transaction: it stands or falls with it
def award_and_queue(*, enrolment: Enrolment, now: datetime) -> Award | None:
    """Award what an enrolment has earned and queue its document, in the transaction of the last answer.

    The award is the one made now or the one that was there; see `award_if_earned` for when there is none. No query
    while the course is not completed.
    """
    award = award_if_earned(enrolment=enrolment, now=now)
    if (
        award is not None
        and award.document.state == Document.State.WAITING
        and award.document.task_id is None
    ):
        _enqueue(award.document)
    return award


@transaction.atomic
def award_pending(*, learner: User, now: datetime) -> list[Award]:
    """Award what waited for a name, now that the learner gave one. Returns the new awards."""
    waiting = pending_names(learner).select_for_update(of=("self",))
    awards = [award_and_queue(enrolment=enrolment, now=now) for enrolment in waiting]
    return [award for award in awards if award is not None]


@transaction.atomic
def remake_document(*, award: Award, now: datetime) -> None:
    """The file of a ready document is gone: make it again."""
    if documents.note_lost_file(document=award.document, now=now):
        _enqueue(award.document)


@transaction.atomic
def requeue_overdue_documents(*, now: datetime) -> int:
    """For the clock: enqueue again what is due and has no task that will make it. How many."""
    due = list(overdue_documents(now)[:ONE_ROUND])
    live = live_task_ids([document.task_id for document in due if document.task_id], now)
    again = [document for document in due if document.task_id not in live]
    for document in again:
        _enqueue(document)
    return len(again)


def sweep_document_files(*, now: datetime) -> int:
    """For the clock, once a night: delete files that no document names. How many."""
    return documents.sweep_files(now=now)


def _enqueue(document: Document) -> None:
    result = render_document.enqueue(document.award_id)
    documents.note_task(document=document, task_id=result.id)
