"""Remembering which keys signed: what a retired key signed must stay checkable."""

from datetime import datetime

from certification.badges.identity import multikey_of
from certification.models import IssuerKey
from certification.signing import SigningKey, badge_key, signing_key


def document_key_for_use(*, now: datetime) -> SigningKey:
    """The key that signs documents today, written down. Raises `KeyProblem`."""
    key = signing_key(now=now)
    _note(IssuerKey.Kind.DOCUMENT, key.fingerprint, now, certificate=key.certificate_pem)
    return key


def note_badge_key(*, now: datetime) -> None:
    """Write down the key that signs badges. Raises `KeyProblem`."""
    _note(IssuerKey.Kind.BADGE, multikey_of(badge_key().public_pem), now)


def _note(kind: str, name: str, now: datetime, **fields: str) -> None:
    if not IssuerKey.objects.filter(kind=kind, name=name).exists():
        IssuerKey.objects.get_or_create(kind=kind, name=name, defaults={"first_used_at": now, **fields})
