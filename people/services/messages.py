"""The outbox: a mail is written down with what caused it, leaves once, and its text is erased."""

import logging
import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q

from people.models import ContactPreference, OutboxMessage, User
from people.models.outbox import ACCOUNT_KIND
from people.queries import contact_of
from people.rules import next_safe_moment
from people.services.joining import in_html, joined, switch_off_address
from people.services.profiles import clean_line

log = logging.getLogger(__name__)

State = OutboxMessage.State
# Longer than any mail server may take to answer (EMAIL_TIMEOUT, 20 s, for each of a handful of steps).
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=1)
MOST_TOGETHER = 30
# No such mailbox, not here, a name that is not allowed: it refuses tomorrow as well.
REFUSED = {550, 551, 553}
# Kinds that ask for an answer before it is too late, or for a call.
ASKING = {"offer", "call"}


def queue_message(
    *,
    recipient: User | None,
    kind: str,
    cause: str,
    subject: str,
    text: str,
    now: datetime,
    address: str = "",
    html: str = "",
    urgent: bool = False,
    joinable: bool = False,
    optional: bool = False,
    due_at: datetime | None = None,
    useless_from: datetime | None = None,
) -> OutboxMessage:
    """Write a message down; it leaves when a worker delivers it (`people.flows.send_message` enqueues as well).

    The same `cause` again gives the message that is there. Withheld, and its text never stored, where the recipient
    asked for no mail, or where it is of the account (`kind` "account…") and somebody can read their mailbox. Unless
    `urgent` it falls due in the recipient's next safe hour after `due_at` (default `now`).
    `joinable`: what is due for the person at the same time leaves as one mail; `text` is then a few lines without greeting
    or ending. `optional`: withheld from who asked for needed messages only. `useless_from`: withheld where it could only
    leave then or later.
    Every mail has an HTML part: where none is given it is made from `text`, in the language that is active.
    `address` is for a mailbox that is not (yet) the recipient's own. Say nothing about the programme in `subject`,
    `text` and `html`: somebody may look over a shoulder.
    `ValueError` where there is neither recipient nor address.
    """
    if recipient is None and not address:
        raise ValueError("a message needs a recipient or an address")
    due_at = due_at or now
    withheld = False
    if recipient is not None:
        contact = contact_of(recipient)
        withheld = _must_not_leave(recipient, contact, kind, optional=optional)
        if not urgent:
            due_at = next_safe_moment(due_at, safe_from=contact.safe_from, safe_until=contact.safe_until)
    withheld = withheld or _is_too_late(useless_from, due_at)
    if not html and not joinable:
        html = in_html(text.strip().split("\n\n"))
    message, _created = OutboxMessage.objects.get_or_create(
        cause=cause,
        defaults={
            "recipient": recipient,
            "kind": kind,
            "address": "" if withheld else address,
            "subject": clean_line(subject)[:120],
            "text": "" if withheld else text,
            "html": "" if withheld else html,
            "urgent": urgent,
            "joinable": joinable,
            "optional": optional,
            "state": State.WITHHELD if withheld else State.WAITING,
            "due_at": due_at,
            "useless_from": useless_from,
            "created_at": now,
        },
    )
    return message


def claim_message(*, message_id: UUID | str, now: datetime) -> OutboxMessage | None:
    """Take a message for sending, for as long as the lease runs; None where it is not due, gone, or somebody else's.

    The conditional update locks the row: of two workers one gets it, on either database. Preferences may have changed
    since it was written; they are asked again.
    """
    with transaction.atomic():
        takeable = Q(state=State.WAITING, due_at__lte=now) | Q(state=State.SENDING, lease_until__lte=now)
        taken = OutboxMessage.objects.filter(takeable, pk=message_id).update(
            state=State.SENDING, lease_until=now + LEASE, attempts=F("attempts") + 1
        )
        if not taken:
            return None
        message = OutboxMessage.objects.select_related("recipient__contact").get(pk=message_id)
        if message.attempts > MOST_ATTEMPTS:
            # Workers died over it without saying why.
            _finish(message, state=State.DEAD)
            return None
        if _is_too_late(message.useless_from, now) or not _may_still_have(message):
            _finish(message, state=State.WITHHELD)
            return None
        if message.recipient is None:
            return message
        contact = contact_of(message.recipient)
        safe_at = _safe_moment(message, contact, now)
        if safe_at > now:
            # It was due in a safe hour that has passed while no worker was there.
            OutboxMessage.objects.filter(pk=message_id).update(
                state=State.WAITING, lease_until=None, due_at=safe_at, attempts=F("attempts") - 1
            )
            return None
        return message


def withdraw_messages(*, causes: str) -> int:
    """What still waits under causes that begin so is not sent after all: it no longer holds. How many.

    Nor may an operator send it again, where it could not be delivered.
    """
    return _withdraw(Q(cause__startswith=causes))


def withdraw_message(*, cause: str) -> bool:
    """The same of what waits under this very cause. False where nothing does: it left already, or was withheld."""
    return bool(_withdraw(Q(cause=cause)))


def _withdraw(which: Q) -> int:
    waiting = OutboxMessage.objects.filter(which, state__in=[State.WAITING, State.DEAD])
    return waiting.update(state=State.WITHHELD, text="", html="", address="", lease_until=None)


def claim_companions(*, message: OutboxMessage, now: datetime) -> list[OutboxMessage]:
    """What leaves together with a joinable message: all that is due for the same person now, oldest first.

    Each is taken as `claim_message` takes one, so none is in two mails.
    """
    if not message.joinable or message.recipient_id is None:
        return []
    due = OutboxMessage.objects.filter(
        recipient=message.recipient_id, joinable=True, state=State.WAITING, due_at__lte=now
    ).exclude(pk=message.pk)
    ids = due.order_by("created_at", "pk").values_list("pk", flat=True)[:MOST_TOGETHER]
    taken = [claim_message(message_id=pk, now=now) for pk in list(ids)]
    return [companion for companion in taken if companion is not None]


def mark_sent(*, message: OutboxMessage, now: datetime) -> None:
    """The mail server took it. Text and address go; what, when and to whom stays."""
    _finish(message, state=State.SENT, sent_at=now, last_error="")


def mark_failed(*, message: OutboxMessage, error: Exception, now: datetime) -> None:
    """It did not leave: try again after 1, 2, 4 … minutes, and give up after eight attempts.

    A mailbox that refuses for good is given up at once: somebody is to ask for another address, and soon. Only the kind
    of error is kept: a mail server repeats the address in what it says.
    """
    codes = _codes(error)
    failure = {"lease_until": None, "last_error": " ".join([type(error).__name__, *map(str, codes[:1])])}
    refuses = isinstance(error, smtplib.SMTPRecipientsRefused) and bool(codes) and set(codes) <= REFUSED
    if refuses or message.attempts >= MOST_ATTEMPTS:
        failure |= {"state": State.DEAD}
    else:
        again_at = now + FIRST_WAIT * 2 ** (message.attempts - 1)
        if message.recipient is not None:
            again_at = _safe_moment(message, contact_of(message.recipient), again_at)
        failure |= {"state": State.WAITING, "due_at": again_at}
    OutboxMessage.objects.filter(pk=message.pk, state=State.SENDING).update(**failure)


def deliver(*, message_id: UUID | str, now: datetime) -> bool:
    """Send one message if it is due and nobody else is at it. True where it left.

    Between the mail server's yes and `mark_sent` lies the one moment in which a crash makes a message leave twice;
    nothing else happens there. No transaction is open while the mail server is spoken to.
    """
    message = claim_message(message_id=message_id, now=now)
    if message is None:
        return False
    together = [message, *claim_companions(message=message, now=now)]
    mail = _mail_of(together)
    try:
        mail.send()
    except (
        OSError,
        smtplib.SMTPException,
        ValueError,
    ) as error:  # ValueError: an address no mail can be sent to
        log.warning("message %s did not leave: %s", message.pk, type(error).__name__)
        for each in together:
            mark_failed(message=each, error=error, now=now)
        return False
    with transaction.atomic():
        for each in together:
            mark_sent(message=each, now=now)
    return True


def _mail_of(together: Sequence[OutboxMessage]) -> EmailMultiAlternatives:
    first = together[0]
    to = first.address or (first.recipient.email if first.recipient else "")
    subject, text, html = first.subject, first.text, first.html
    # Says to mail programs that nobody wants an out-of-office reply about this.
    headers = {"Auto-Submitted": "auto-generated", "Message-ID": f"<{first.pk}@{_own_domain()}>"}
    if first.joinable:
        off = (
            switch_off_address(first.recipient)
            if first.recipient and any(each.optional for each in together)
            else ""
        )
        in_order = sorted(together, key=_soonest_first)
        asks = any(each.kind in ASKING for each in together)
        subject, text, html = joined([(each.subject, each.text) for each in in_order], off, asks=asks)
        if off:
            headers |= {"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    mail = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [to])
    mail.extra_headers = headers
    if html:
        mail.attach_alternative(html, "text/html")
    return mail


def _soonest_first(message: OutboxMessage) -> tuple[bool, datetime, datetime]:
    """What is of use the shortest stands first, so that appointments come by their dates; the rest follows as it was written."""
    lasts = message.useless_from is None
    return lasts, message.useless_from or message.created_at, message.created_at


def _codes(error: Exception) -> list[int]:
    """What the mail server answered, as numbers; none where it did not come to that."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _words in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def note_task(*, message: OutboxMessage, task_id: UUID | str) -> None:
    """Remember which row of the worker's queue will send a message."""
    OutboxMessage.objects.filter(pk=message.pk).update(task_id=task_id)


def _may_still_have(message: OutboxMessage) -> bool:
    """As their preferences are now."""
    person = message.recipient
    if person is None:
        return True
    withheld = _must_not_leave(person, contact_of(person), message.kind, optional=message.optional)
    return person.is_active and not withheld


def _is_too_late(useless_from: datetime | None, at: datetime) -> bool:
    return useless_from is not None and at >= useless_from


def _must_not_leave(person: User, contact: ContactPreference, kind: str, *, optional: bool) -> bool:
    if contact.channel == ContactPreference.Channel.NONE or (optional and contact.only_needed):
        return True
    return person.mailbox_unsafe and kind.startswith(ACCOUNT_KIND)


def _safe_moment(message: OutboxMessage, contact: ContactPreference, at: datetime) -> datetime:
    return (
        at
        if message.urgent
        else next_safe_moment(at, safe_from=contact.safe_from, safe_until=contact.safe_until)
    )


def _finish(message: OutboxMessage, **fields: object) -> None:
    OutboxMessage.objects.filter(pk=message.pk).update(
        text="", html="", address="", lease_until=None, **fields
    )


def _own_domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ") or "localhost"
