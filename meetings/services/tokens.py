"""Secrets in addresses: of invitations, calendars, and the codes on a trainer's screen."""

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction

from meetings.models import CalendarFeed, Meeting
from people.models import User

# A code on the screen is another one every so many seconds, and is good for this one and the one before.
TURN = 30
# From scanning to pressing the button: somebody may have to sign in, with a code from their mailbox.
RECEIPT_STANDS = timedelta(minutes=15)
_SCREEN, _RECEIPT = "meetings.screen", "meetings.receipt"


def new_secret() -> tuple[str, str]:
    """A secret for an address (256 bits), and the digest under which it is kept."""
    secret = secrets.token_urlsafe(32)
    return secret, digest(secret)


def digest(secret: str) -> str:
    """SHA-256 is enough for what nobody can guess."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


@transaction.atomic
def make_feed(*, person: User, now: datetime, full_titles: bool = False) -> str:
    """An address for somebody's calendar; an earlier one stops. The secret is told once, here."""
    secret, kept = new_secret()
    CalendarFeed.objects.update_or_create(
        person=person, defaults={"token_digest": kept, "full_titles": full_titles, "created_at": now}
    )
    return secret


def end_feed(*, person: User) -> bool:
    """Take somebody's calendar address back. Whether there was one."""
    return bool(CalendarFeed.objects.filter(person=person).delete()[0])


def feed_of(secret: str) -> CalendarFeed | None:
    """The feed of an address. Who asks is not signed in."""
    return CalendarFeed.objects.select_related("person").filter(token_digest=digest(secret)).first()


def screen_code(meeting: Meeting, *, now: datetime) -> str:
    """What the trainer's screen shows now: says which meeting and when, and cannot be made by others."""
    turn = int(now.timestamp()) // TURN
    return f"{meeting.pk.hex}-{turn}-{_signature(meeting.pk, turn)}"


def read_screen_code(code: str, *, now: datetime) -> UUID | None:
    """The meeting of a code that is on the screen now, or was a moment ago; None for anything else."""
    parts = code.split("-")
    if len(parts) != 3 or not parts[1].isdecimal() or len(parts[1]) > 12:  # noqa: PLR2004 -- meeting, turn, signature
        return None
    try:
        meeting_id = UUID(hex=parts[0])
    except ValueError:
        return None
    turn, current = int(parts[1]), int(now.timestamp()) // TURN
    if turn not in {current, current - 1}:
        return None
    right = hmac.compare_digest(parts[2].encode(), _signature(meeting_id, turn).encode())
    return meeting_id if right else None


def _signature(meeting_id: UUID, turn: int) -> str:
    words = f"{_SCREEN}:{meeting_id.hex}:{turn}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), words, hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True)
class Receipt:
    """That somebody scanned the screen in time. `person_id` is empty where they still had to sign in."""

    meeting_id: UUID
    nonce: UUID
    person_id: str


def make_receipt(meeting_id: UUID, *, person: User | None) -> str:
    """Outlives the code on the screen, so that signing in costs nobody their check-in."""
    value = [meeting_id.hex, uuid.uuid4().hex, str(person.pk) if person else ""]
    return signing.dumps(value, salt=_RECEIPT)


def read_receipt(text: str) -> Receipt | None:
    """What was scanned; None where it is too long ago or not ours."""
    try:
        meeting, nonce, person = signing.loads(text, salt=_RECEIPT, max_age=RECEIPT_STANDS)
    except (signing.BadSignature, ValueError):
        return None
    return Receipt(UUID(hex=meeting), UUID(hex=nonce), person)
