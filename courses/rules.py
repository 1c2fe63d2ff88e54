"""How the record is computed, without a database: the projection of attempts, and the digests that freeze things."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings


class AttemptLike(Protocol):
    pk: Any
    score: float
    passed: bool
    received_at: datetime


@dataclass(frozen=True)
class Projection:
    """What `ActivityState` holds for one enrolment and activity."""

    status: str
    best_score: float
    attempts_count: int
    last_attempt_id: int
    completed_at: datetime | None


def project(attempts: Iterable[AttemptLike]) -> Projection | None:
    """The state that follows from the attempts on one activity, oldest first; `None` without attempts.

    Done at the first attempt that passed by the mark it was made against, and done for good.
    """
    made = list(attempts)
    if not made:
        return None
    first_pass = next((attempt for attempt in made if attempt.passed), None)
    return Projection(
        status="done" if first_pass else "tried",
        best_score=max(attempt.score for attempt in made),
        attempts_count=len(made),
        last_attempt_id=made[-1].pk,
        completed_at=first_pass.received_at if first_pass else None,
    )


@dataclass(frozen=True)
class NextTry:
    """The try at an activity that comes now: `seed` decides what it draws, `made` says how many came before it."""

    seed: str
    made: int


def next_try(*, enrolment_id: Any, activity_id: int, made: int) -> NextTry:
    """The same for as long as nothing is answered, another after it. Keyed: nobody can work out or choose their questions."""
    words = canonical(["draw", str(enrolment_id), activity_id, made])
    return NextTry(hmac.new(settings.RECORD_KEY.encode(), words, hashlib.sha256).hexdigest(), made)


BEFORE, AFTER, LATER = "T0", "T1", "T2"


def ask_of(moment: str, activity_id: int) -> str:
    """What is closed together: before and after are one, three months later is one, and a lesson's own survey is one."""
    return {BEFORE: AFTER, AFTER: AFTER, LATER: LATER}.get(moment, f"les-{activity_id}")


def canonical(value: object) -> bytes:
    """One spelling of a JSON value: what digests are taken of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def fingerprint(value: object) -> str:
    """SHA-256 of a JSON value, hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def payload_digest(*, version_id: int, payload: object) -> str:
    """Keyed digest of an answer. Keyed, so that a private text cannot be guessed from it; see `RECORD_KEY`."""
    return hmac.new(
        settings.RECORD_KEY.encode(), canonical([version_id, payload]), hashlib.sha256
    ).hexdigest()
