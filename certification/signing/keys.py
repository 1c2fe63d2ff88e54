"""The organisation's two keys: one signs documents (a certificate, in a PKCS#12 file), one signs badges (Ed25519).

Both lie encrypted in a file or a setting, with the passphrase apart. What is wrong with one is said by name and cause,
and never what is in it.
"""

import binascii
import re
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings

from certification.signing.demo import make_badge_key, make_signing_key

# SEQUENCE { INTEGER 3 …: how every PKCS#12 file begins. Tells a wrong passphrase from a wrong file.
_PKCS12 = re.compile(rb"\A\x30[\x80-\x84].{0,4}?\x02\x01\x03", re.DOTALL)


class KeyProblem(Exception):
    """A key cannot be used. The message names the setting and the cause, for whoever looks after the server."""


@dataclass(frozen=True)
class SigningKey:
    """A key for documents with the certificate that says whose it is."""

    private: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def certificate_pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


@dataclass(frozen=True)
class BadgeKey:
    """A key for badges, as PEM: what the proof's library takes."""

    private_pem: bytes
    public_pem: bytes


def signing_key(*, now: datetime) -> SigningKey:
    """The key that signs documents today. Raises `KeyProblem` where it is missing, locked, or out of its dates."""
    key = _signing_key(*_source("SIGNING_KEY", make_signing_key))
    if now < key.certificate.not_valid_before_utc:
        raise KeyProblem(
            f"SIGNING_KEY: not valid before {key.certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC"
        )
    if now >= key.certificate.not_valid_after_utc:
        raise KeyProblem(f"SIGNING_KEY: expired on {key.certificate.not_valid_after_utc:%Y-%m-%d}")
    return key


def badge_key() -> BadgeKey:
    """The key that signs badges. Raises `KeyProblem`."""
    return _badge_key(*_source("BADGE_KEY", make_badge_key))


@lru_cache(maxsize=4)
def _signing_key(data: bytes, passphrase: bytes) -> SigningKey:
    if not _PKCS12.match(data):
        raise KeyProblem("SIGNING_KEY: this is no PKCS#12 file")
    try:
        private, certificate, others = pkcs12.load_key_and_certificates(data, passphrase)
    except ValueError as error:
        raise KeyProblem("SIGNING_KEY: the passphrase does not open it") from error
    if private is None or certificate is None:
        raise KeyProblem("SIGNING_KEY: the file lacks the key or its certificate")
    if not isinstance(private, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise KeyProblem("SIGNING_KEY: only EC (P-256) and RSA keys sign documents that readers check")
    return SigningKey(private, certificate, tuple(others))


@lru_cache(maxsize=4)
def _badge_key(data: bytes, passphrase: bytes) -> BadgeKey:
    if b"PRIVATE KEY-----" not in data:
        raise KeyProblem("BADGE_KEY: this is no private key in PEM")
    if b"ENCRYPTED" not in data:
        raise KeyProblem("BADGE_KEY: the key lies there unencrypted; encrypt it with a passphrase")
    try:
        key = serialization.load_pem_private_key(data, passphrase or None)
    except (ValueError, TypeError) as error:
        raise KeyProblem("BADGE_KEY: the passphrase does not open it") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyProblem("BADGE_KEY: badges are signed with an Ed25519 key")
    return BadgeKey(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
    )


def _source(name: str, make: object) -> tuple[bytes, bytes]:
    """The encrypted key and its passphrase: from `<name>` (base64) or the file that `<name>_FILE` names."""
    passphrase = getattr(settings, f"{name}_PASSPHRASE").encode()
    text, path = getattr(settings, name), getattr(settings, f"{name}_FILE")
    if text:
        try:
            return b64decode("".join(text.split()), validate=True), passphrase
        except binascii.Error as error:
            raise KeyProblem(f"{name}: this is no base64") from error
    if not path:
        raise KeyProblem(f"{name}: missing; set {name}_FILE or {name}, and {name}_PASSPHRASE")
    if settings.SELF_MADE_KEYS and not Path(path).exists():
        make(Path(path), passphrase=passphrase, organisation=settings.ORGANISATION_NAME)
    try:
        return Path(path).read_bytes(), passphrase
    except OSError as error:
        raise KeyProblem(f"{name}: the file that {name}_FILE names cannot be read") from error
