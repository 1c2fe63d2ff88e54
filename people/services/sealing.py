"""Text that is kept encrypted: what people write for themselves, or for a few others for a while.

Who may read it is for the caller to settle; here is only the lock.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def _cipher() -> MultiFernet:
    """The first key of `REFLECTION_KEYS` writes, all of them read: put a new one in front to rotate."""
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))
        for key in settings.REFLECTION_KEYS
    )


def seal(text: str) -> bytes:
    """The text encrypted under the first key."""
    return _cipher().encrypt(text.encode())


def unseal(ciphertext: bytes | memoryview) -> str:
    """The text; empty where the key it was written under is lost."""
    try:
        return _cipher().decrypt(bytes(ciphertext)).decode()
    except InvalidToken:
        return ""


def reseal(ciphertext: bytes | memoryview) -> bytes | None:
    """The same text under the first key; None where the key it was written under is lost."""
    try:
        return _cipher().rotate(bytes(ciphertext))
    except InvalidToken:
        return None
