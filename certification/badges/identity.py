"""Who issues: `did:web` of the site's own address, and the keys that speak for it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

CONTEXT = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]


def did_of_the_site() -> str:
    """`did:web` of `SITE_URL`. It resolves to `/.well-known/did.json` there."""
    return f"did:web:{urlsplit(settings.SITE_URL).netloc.replace(':', '%3A')}"


def method_of(multikey: str) -> str:
    """The name of one key: the issuer, and the key itself. No number that could be given twice."""
    return f"{did_of_the_site()}#{multikey}"


def multikey_of(public_pem: bytes) -> str:
    """A public key as verifiers read it."""
    from openbadgeslib.ob3 import multikey_from_pem  # noqa: PLC0415 -- see the package

    return multikey_from_pem(public_pem)


def did_document(multikeys: Sequence[str]) -> dict[str, Any]:
    """All keys that ever signed: a retired one still speaks for the badges it signed."""
    did = did_of_the_site()
    methods = [
        {"id": method_of(key), "type": "Multikey", "controller": did, "publicKeyMultibase": key}
        for key in multikeys
    ]
    return {
        "@context": CONTEXT,
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
