"""Where the parts of a package are found by a sandbox, which sends no cookies: whoever has the address has the file.

Libraries lie under the digest of what is in them and stay there for ever. A version's own files lie under an address that
is signed and runs out, so that a link that leaks leads nowhere tomorrow.
"""

import base64
import hashlib
import hmac
import struct
from datetime import datetime, timedelta

from django.conf import settings

# A lesson stays open for an evening, and a laptop is closed for the night.
KEPT_OPEN = timedelta(hours=12)
# The same address for everybody within an hour, so that what a browser has already is used again.
STEP = 3600
# What a ticket opens: the files of an H5P package, or a SCORM package on its own host. One does not do for the other.
FILES, HOST = b"package-files", b"package-host"
WIDTH = 16  # bytes of the signature
_HEAD = struct.Struct(">QI")  # version, hour at which it runs out


def ticket_for(version_id: int, now: datetime, *, purpose: bytes = FILES) -> str:
    """The part of an address that opens a version's files for the next `KEPT_OPEN`, at least."""
    hour = int((now + KEPT_OPEN).timestamp()) // STEP + 1
    head = _HEAD.pack(version_id, hour)
    return base64.urlsafe_b64encode(head + _signature(head, purpose)).decode().rstrip("=")


def version_of(ticket: str, now: datetime, *, purpose: bytes = FILES) -> int | None:
    """The version that a ticket opens; `None` where it ran out, was made up, or is not one."""
    try:
        told = base64.urlsafe_b64decode(ticket + "=" * (-len(ticket) % 4))
    except ValueError:
        return None
    if len(told) != _HEAD.size + WIDTH:
        return None
    head, signature = told[: _HEAD.size], told[_HEAD.size :]
    if not hmac.compare_digest(signature, _signature(head, purpose)):
        return None
    version_id, hour = _HEAD.unpack(head)
    return version_id if now.timestamp() < hour * STEP else None


def _signature(head: bytes, purpose: bytes) -> bytes:
    key = hashlib.sha256(purpose + b"\0" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, head, hashlib.sha256).digest()[:WIDTH]
