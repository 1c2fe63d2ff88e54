"""Whether a file carries our signature, without opening it as a PDF: what strangers send may be made to harm a parser.

Our signature covers a whole file but for its own place. So it is found by its marks, and checked over the bytes.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,8})\s+(\d{1,8})\s+(\d{1,8})\s*\]")
_IDENTIFIER = re.compile(rb"/ID\s*\[\s*(?:\(([A-Z2-7]{26})\)|<([0-9A-Fa-f]{52})>)")
# As we write it: capitals only.
_CONTENTS = re.compile(rb"\A<((?:[0-9A-F]{2})+)>\Z")


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
    if _is_whole(data, certificates):
        return Reading(Seal.WHOLE, _number(data))
    return Reading(Seal.BROKEN if _names_us(data, certificates) else Seal.NONE)


def _is_whole(data: bytes, certificates: Mapping[str, str]) -> bool:
    """One of our keys signed the file, and no byte of it is another than we wrote: its signature's own place included."""
    found = _RANGE.search(data)
    if found is None:
        return False
    first, second, length = map(int, found.groups())
    contents = _CONTENTS.match(data[first:second])
    if contents is None or second + length != len(data):
        return False
    covered = data[:first] + data[second : second + length]
    return _signed_by_us(bytes.fromhex(contents[1].decode()), covered, certificates)


def _signed_by_us(place: bytes, covered: bytes, certificates: Mapping[str, str]) -> bool:
    # Only the few who send a file that is not ours byte by byte need it.
    from asn1crypto import cms, pem, x509  # noqa: PLC0415 -- see above
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity  # noqa: PLC0415 -- see above

    try:
        signed = cms.ContentInfo.load(place)["content"]
        (signer,) = signed["signer_infos"]
        inside = {hashlib.sha256(each.chosen.dump()).hexdigest() for each in signed["certificates"]}
        _kind, _headers, der = pem.unarmor(
            certificates[next(each for each in inside if each in certificates)].encode()
        )
        certificate = x509.Certificate.load(der)
        algorithm = signer["digest_algorithm"]["algorithm"].native
        intact, valid = validate_sig_integrity(
            signer,
            certificate,
            expected_content_type="data",
            actual_digest=hashlib.new(algorithm, covered).digest(),
        )
        written = _as_we_write_it(signed, signer, certificate)
    except Exception:
        return False
    # What the signature does not cover of itself, and what stands behind it.
    return intact and valid and place == written + bytes(len(place) - len(written))


def _as_we_write_it(signed: Any, signer: Any, certificate: Any) -> bytes:
    """The signature built anew around what is signed in it, so that another byte in the rest shows."""
    from asn1crypto import cms  # noqa: PLC0415 -- as above

    digest = cms.DigestAlgorithm({"algorithm": signer["digest_algorithm"]["algorithm"].native})
    who = cms.IssuerAndSerialNumber(
        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    )
    later = signer["unsigned_attrs"]  # where a time-stamp service signed as well
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": who}),
            "digest_algorithm": digest,
            "signed_attrs": signer["signed_attrs"],
            "signature_algorithm": signer["signature_algorithm"],
            "signature": signer["signature"],
            **({"unsigned_attrs": later} if len(later) else {}),
        }
    )
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [digest],
            "encap_content_info": {"content_type": "data"},
            "certificates": signed["certificates"],
            "signer_infos": [info],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": content}).dump()


def _names_us(data: bytes, certificates: Mapping[str, str]) -> bool:
    """A certificate of ours lies in the file, or a signature that is said to be by it: it was signed by us once.

    They stand in different places, so that one change leaves one of them.
    """
    from asn1crypto import cms, pem, x509  # noqa: PLC0415 -- as above

    lowered = data.lower()
    for armoured in certificates.values():
        _kind, _headers, der = pem.unarmor(armoured.encode())
        ours = x509.Certificate.load(der)
        said = cms.IssuerAndSerialNumber({"issuer": ours.issuer, "serial_number": ours.serial_number}).dump()
        if any(each in data or each.hex().encode() in lowered for each in (der, said)):
            return True
    return False


def _number(data: bytes) -> str:
    found = _IDENTIFIER.findall(data)
    if not found:
        return ""
    plain, coded = found[-1]
    return plain.decode() or bytes.fromhex(coded.decode()).decode("ascii", "replace")
