"""A document's signature: PAdES, certifying, and invisible: a visible one would break PDF/A and PDF/UA.

It forbids every later change. Only the worker imports this, as it does WeasyPrint.
"""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.requests_client import HTTPTimeStamper

from certification.signing.keys import SigningKey

FIELD = "Signature"
TIMESTAMP_PATIENCE = 15  # seconds


def sign_pdf(pdf: bytes, *, key: SigningKey, provider: str, timestamper: TimeStamper | None = None) -> bytes:
    """The same document with the organisation's signature added behind it: what was there is not touched.

    With a time-stamp service the signature can be checked after its certificate has run out (PAdES B-T).
    """
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        name=provider,
    )
    signer = PdfSigner(
        metadata, _signer(key), timestamper=timestamper, new_field_spec=SigFieldSpec(FIELD, box=None)
    )

    def sign() -> bytes:
        out = BytesIO()
        signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=out)
        return out.getvalue()

    # pyHanko starts an event loop, which must not be inside another one: a thread has none.
    with ThreadPoolExecutor(max_workers=1) as alone:
        return alone.submit(sign).result()


def timestamper_of_the_site() -> TimeStamper | None:
    """The time-stamp service that `TIMESTAMP_URL` names, or none."""
    url = settings.TIMESTAMP_URL
    return HTTPTimeStamper(url, timeout=TIMESTAMP_PATIENCE) if url else None


def _signer(key: SigningKey) -> SimpleSigner:
    data = pkcs12.serialize_key_and_certificates(
        None, key.private, key.certificate, key.chain, NoEncryption()
    )
    return SimpleSigner.load_pkcs12_data(data, other_certs=[])
