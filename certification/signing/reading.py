"""Whether a file carries our signature, without opening it as a PDF: what strangers send may be made to harm a parser.

Our signature covers a whole file but for its own place. So it is found by its marks, and checked over the bytes.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,8})\s+(\d{1,8})\s+(\d{1,8})\s*\]")
_IDENTIFIER = re.compile(rb"/ID\s*\[\s*(?:\(([A-Z2-7]{26})\)|<([0-9A-Fa-f]{52})>)")
_CONTENTS = re.compile(rb"\A<([0-9A-Fa-f]+)>\Z")


class Seal(StrEnum):
    """What the signature in a file says."""

    WHOLE = "whole"  # ours, over every byte
    BROKEN = "broken"  # ours, but the file was changed after it
    NONE = "none"  # there is none of ours


@dataclass(frozen=True)
class Reading:
    """`number`: of the certificate that the file is, where the seal is whole."""

    seal: Seal
    number: str = ""


def read_seal(data: bytes, certificates: Mapping[str, str]) -> Reading:
    """What our signature in a file says. `certificates`: all that ever signed for us, as PEM by fingerprint."""
    found = _RANGE.search(data)
    if found is None:
        return Reading(Seal.NONE)
    first, second, length = map(int, found.groups())
    contents = _CONTENTS.match(data[first:second])
    if contents is None:
        # The marks are there and in the wrong place: a signed file of somebody's to which something was added or taken.
        return Reading(Seal.BROKEN if _names_us(data, certificates) else Seal.NONE)
    covered = data[:first] + data[second : second + length]
    ours, intact = _check(bytes.fromhex(_even(contents[1])), covered, certificates)
    if not ours:
        return Reading(Seal.NONE)
    if not intact or second + length != len(data):
        return Reading(Seal.BROKEN)
    return Reading(Seal.WHOLE, _number(data))


def _check(cms_bytes: bytes, covered: bytes, certificates: Mapping[str, str]) -> tuple[bool, bool]:
    """Whether one of our keys is said to have signed, and whether it did sign these bytes."""
    # Only the few who send a file that is not ours byte by byte need it.
    from asn1crypto import cms, pem, x509  # noqa: PLC0415 -- see above
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity  # noqa: PLC0415 -- see above

    try:
        signed = cms.ContentInfo.load(cms_bytes)["content"]
        (signer,) = signed["signer_infos"]
        inside = {hashlib.sha256(each.chosen.dump()).hexdigest() for each in signed["certificates"]}
        fingerprint = next((each for each in inside if each in certificates), None)
        if fingerprint is None:
            return False, False
        _kind, _headers, der = pem.unarmor(certificates[fingerprint].encode())
        algorithm = signer["digest_algorithm"]["algorithm"].native
        intact, valid = validate_sig_integrity(
            signer,
            x509.Certificate.load(der),
            expected_content_type="data",
            actual_digest=hashlib.new(algorithm, covered).digest(),
        )
    except Exception:
        return False, False
    return True, intact and valid


def _names_us(data: bytes, certificates: Mapping[str, str]) -> bool:
    """A certificate of ours lies in the file: it was signed by us once."""
    from cryptography import x509  # noqa: PLC0415 -- as above
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 -- as above

    lowered = data.lower()
    ours = [
        x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
        for pem in certificates.values()
    ]
    return any(each in data or each.hex().encode() in lowered for each in ours)


def _number(data: bytes) -> str:
    found = _IDENTIFIER.findall(data)
    if not found:
        return ""
    plain, coded = found[-1]
    return plain.decode() or bytes.fromhex(coded.decode()).decode("ascii", "replace")


def _even(digits: bytes) -> str:
    return digits.decode() if len(digits) % 2 == 0 else ""
