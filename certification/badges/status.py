"""Which badges do not count any more: a Bitstring Status List, in the two forms that verifiers ask for.

A list holds 131,072 badges, so that asking for one says nothing about which; a full one is followed by a new one.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from certification.badges.identity import did_of_the_site, method_of, multikey_of
from certification.models import LIST_SIZE

PURPOSE = "revocation"
# A copy from before a badge was withdrawn must not serve for long.
SERVES = timedelta(days=1)
FRESH_FOR = timedelta(minutes=5)


def status_entry(list_address: str, index: int) -> dict[str, Any]:
    """What a badge says of where its status is."""
    from openbadgeslib.ob3 import status_entry as entry  # noqa: PLC0415 -- see the package

    return entry(list_address, PURPOSE, index)


def status_list(
    *, address: str, revoked: Iterable[int], private_pem: bytes, public_pem: bytes, now: datetime
) -> dict[str, Any]:
    """The signed list, with a Data Integrity proof."""
    from openbadgeslib.ob3 import add_data_integrity_proof  # noqa: PLC0415 -- see the package

    return add_data_integrity_proof(
        _unsigned(address, revoked, now), private_pem, method_of(multikey_of(public_pem)), created=now
    )


def status_list_jwt(
    *, address: str, revoked: Iterable[int], private_pem: bytes, public_pem: bytes, now: datetime
) -> str:
    """The same list as a JWT that names its key: without that, verifiers fail after the key was changed."""
    document = _unsigned(address, revoked, now)
    header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": method_of(multikey_of(public_pem))}
    payload = {
        **document,
        "iss": did_of_the_site(),
        "jti": address,
        "nbf": int(now.timestamp()),
        "exp": int((now + SERVES).timestamp()),
    }
    signed = f"{_part(header)}.{_part(payload)}"
    key = load_pem_private_key(private_pem, None)
    assert isinstance(key, Ed25519PrivateKey)
    return f"{signed}.{_base64(key.sign(signed.encode()))}"


def _unsigned(address: str, revoked: Iterable[int], now: datetime) -> dict[str, Any]:
    from openbadgeslib.ob3 import build_status_list_credential  # noqa: PLC0415 -- see the package

    return build_status_list_credential(
        did_of_the_site(),
        address,
        PURPOSE,
        revoked,
        LIST_SIZE,
        issued=now,
        valid_until=now + SERVES,
        ttl=int(FRESH_FOR.total_seconds() * 1000),
    )


def _part(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
