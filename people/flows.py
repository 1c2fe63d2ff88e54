"""What is done in one go: a message and the task that sends it share one transaction."""

from datetime import datetime
from typing import Any

from django.db import transaction

from people.models import OutboxMessage, User
from people.queries import live_task_ids, overdue_messages
from people.services import messages
from people.tasks import deliver_message

# As many as one round of the clock enqueues again; the next round takes the next ones.
ONE_ROUND = 500


@transaction.atomic
def send_message(*, recipient: User | None, now: datetime, **message: Any) -> OutboxMessage:
    """Queue a message (arguments of `messages.queue_message`) and the task that sends it.

    The task's row is written in this transaction: what is rolled back is never sent, and what is committed is never
    forgotten. The same cause again changes nothing.
    """
    queued = messages.queue_message(recipient=recipient, now=now, **message)
    if queued.state == OutboxMessage.State.WAITING and queued.task_id is None:
        _enqueue(queued, now=now)
    return queued


@transaction.atomic
def redeliver_overdue(*, now: datetime) -> int:
    """For the clock: enqueue again what is due and has no task that will send it. How many."""
    due = list(overdue_messages(now)[:ONE_ROUND])
    live = live_task_ids([message.task_id for message in due if message.task_id], now)
    again = [message for message in due if message.task_id not in live]
    for message in again:
        _enqueue(message, now=now)
    return len(again)


def _enqueue(message: OutboxMessage, *, now: datetime) -> None:
    later = message.due_at if message.due_at > now else None
    result = deliver_message.using(run_after=later).enqueue(str(message.pk))
    messages.note_task(message=message, task_id=result.id)
    message.task_id = result.id
