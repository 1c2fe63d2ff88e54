import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models

# Codes and resets: what would let the reader of a mailbox into the account.
ACCOUNT_KIND = "account"
# Before the note of who put an undelivered message aside; the reason it did not leave stood there until then.
PUT_ASIDE = "put aside: "


class OutboxMessageQuerySet(models.QuerySet["OutboxMessage"]):
    def undelivered(self) -> Self:
        """What could not be delivered and somebody can do something about: a code asked for by nobody's address is not."""
        return self.filter(state=OutboxMessage.State.DEAD).exclude(
            recipient=None, kind__startswith=ACCOUNT_KIND
        )

    def put_aside(self) -> Self:
        """What an operator left unsent, with a note."""
        return self.filter(state=OutboxMessage.State.WITHHELD, last_error__startswith=PUT_ASIDE)

    def worth_sending(self, now: datetime) -> Self:
        """What still says something: its text is there, it is no code that ran out, and not too late."""
        in_time = models.Q(useless_from=None) | models.Q(useless_from__gt=now)
        return self.filter(in_time).exclude(text="").exclude(kind__startswith=ACCOUNT_KIND)


class OutboxMessage(models.Model):
    """A mail that has to leave once.

    Written in the transaction of what caused it, sent by the worker, which holds it by a lease. Never send mail from a
    request; never edit a message that has been sent. Text and address are erased once it has left. `last_error` names
    the kind of failure only: what a mail server says holds the address. Where an operator put it aside their note stands
    there.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        # Tried too often, or the address refuses: an operator looks at it.
        DEAD = "dead"
        # Not sent on purpose: the person asked for no mail or was erased, or it would have come too late.
        WITHHELD = "withheld"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="messages"
    )
    kind = models.CharField(max_length=40)
    # What caused it; the same cause twice is one message.
    cause = models.CharField(max_length=200, unique=True)
    address = models.EmailField(max_length=254, blank=True)
    subject = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    # Codes must not wait for safe hours: somebody is looking at the sign-in screen.
    urgent = models.BooleanField(default=False)
    # May leave together with others that are due for the same person: `text` is then without greeting and ending.
    joinable = models.BooleanField(default=False)
    # Nice to have: withheld from who asked for needed messages only.
    optional = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    # From then on it helps nobody, such as a reminder of what has begun: it is withheld, however late a worker comes.
    useless_from = models.DateTimeField(null=True, blank=True)
    # The row of the worker's queue that will send it: the clock enqueues again only when that one is gone or finished.
    task_id = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = OutboxMessageQuerySet.as_manager()

    # No row of Wagtail's reference index names a person.
    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="people_outbox_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def note(self) -> str:
        """Why an operator put it aside."""
        return self.last_error.removeprefix(PUT_ASIDE) if self.last_error.startswith(PUT_ASIDE) else ""
