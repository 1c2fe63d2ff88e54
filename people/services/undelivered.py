"""What an operator does with messages that could not be delivered: send again, or put aside with a note."""

import logging
from datetime import datetime

from django.db.models import QuerySet

from people.models import OutboxMessage, User
from people.models.outbox import PUT_ASIDE
from people.services.profiles import clean_line

log = logging.getLogger(__name__)

State = OutboxMessage.State
LONGEST_NOTE = OutboxMessage._meta.get_field("last_error").max_length - len(PUT_ASIDE)


def send_again(*, messages: QuerySet[OutboxMessage], now: datetime) -> int:
    """Let those of these that could not be delivered, and still say something, wait anew. How many.

    One statement: what somebody else sent again or put aside a moment ago is left alone. The clock enqueues them within
    a minute; safe hours and preferences are asked again when they leave.
    """
    return (
        messages.undelivered()
        .worth_sending(now)
        .update(state=State.WAITING, attempts=0, due_at=now, task_id=None, lease_until=None, last_error="")
    )


def put_aside(*, message: OutboxMessage, note: str, by: User) -> bool:
    """Leave an undelivered message unsent; its text and address go, the note stays. False where it is not undelivered."""
    mine = OutboxMessage.objects.filter(pk=message.pk).undelivered()
    done = mine.update(
        state=State.WITHHELD,
        text="",
        html="",
        address="",
        last_error=f"{PUT_ASIDE}{clean_line(note)[:LONGEST_NOTE]}",
    )
    if done:
        log.info("message %s put aside by %s", message.pk, by.pk)
    return bool(done)
