"""Keys that a machine makes for itself, for trying things out: real signatures under a name that nobody vouches for."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

# Long enough that nobody's own machine meets the end of it; a bought certificate runs two or three years.
DEMO_YEARS = timedelta(days=3652)
LONGEST_NAME = 64  # of X.509


def make_signing_key(path: Path, *, passphrase: bytes, organisation: str) -> None:
    """A P-256 key with a certificate signed by itself, as PKCS#12."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:LONGEST_NAME]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{organisation} (demo)"[:LONGEST_NAME]),
        ]
    )
    now = datetime.now(tz=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # Clocks differ, and demonstrations play in the past: no signature must be older than its key.
        .not_valid_before(now - DEMO_YEARS)
        .not_valid_after(now + DEMO_YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    data = pkcs12.serialize_key_and_certificates(
        b"documents", key, certificate, None, BestAvailableEncryption(passphrase)
    )
    _keep(path, data)


def make_badge_key(path: Path, *, passphrase: bytes, organisation: str) -> None:
    """An Ed25519 key, as encrypted PEM. Its public half says nothing of the organisation: the address does."""
    _keep(
        path,
        Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            BestAvailableEncryption(passphrase),
        ),
    )


def _keep(path: Path, data: bytes) -> None:
    """Write it whole or not at all; of two processes that start together, the first one's key stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_bytes(data)
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
