"""The signature under documents: real to others, and clear about its key."""

import subprocess
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest
from asn1crypto import pem, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.keys.internal import translate_pyca_cryptography_key_to_asn1
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pytest_django import Settings

from certification.documents import render_sheet
from certification.models import Award, Document, IssuerKey
from certification.services.documents import produce
from certification.signing import KeyProblem, badge_key, signing_key
from certification.signing.pades import sign_pdf
from certification.signing.reading import Reading, Seal, read_seal
from tests.certification.sheets import NUMBER, a_sheet

NOW = datetime(2026, 11, 12, 20, 30, tzinfo=UTC)
STAMPED = datetime(2026, 11, 12, 20, 31, tzinfo=UTC)
SECRET = b"achter slot"


def certificate_for(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    *,
    begins: datetime,
    ends: datetime,
    stamps: bool = False,
) -> pyca.Certificate:
    name = pyca.Name([pyca.NameAttribute(NameOID.COMMON_NAME, "Stichting De Haven")])
    builder = (
        pyca.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(begins)
        .not_valid_after(ends)
    )
    if stamps:
        usage = pyca.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(key, hashes.SHA256())


def p12(*, begins: datetime = NOW - timedelta(days=9), ends: datetime = NOW + timedelta(days=9)) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return pkcs12.serialize_key_and_certificates(
        b"x", key, certificate_for(key, begins=begins, ends=ends), None, BestAvailableEncryption(SECRET)
    )


@pytest.fixture(scope="module")
def paper() -> bytes:
    return render_sheet(a_sheet(), credential="{}")


@pytest.fixture(scope="module")
def signed(paper: bytes) -> bytes:
    return sign_pdf(paper, key=signing_key(now=NOW), provider="Leerhuis")


@pytest.fixture
def our_keys() -> dict[str, str]:
    key = signing_key(now=NOW)
    return {key.fingerprint: key.certificate_pem}


def resaved(data: bytes) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        pdf.save(out)
    return out.getvalue()


def test_poppler_finds_the_signature_valid_and_over_the_whole_document(signed: bytes, tmp_path: Path):
    (tmp_path / "paper.pdf").write_bytes(signed)
    said = subprocess.run(
        ["pdfsig", tmp_path / "paper.pdf"], capture_output=True, text=True, check=False
    ).stdout
    for part in (
        "Signature Validation: Signature is Valid.",
        "Total document signed",
        "ETSI.CAdES.detached",
        "Signer Certificate Common Name: Leerhuis (demo)",
    ):
        assert part in said


def test_poppler_finds_a_changed_document_invalid(signed: bytes, tmp_path: Path):
    changed = bytearray(signed)
    changed[200] ^= 1
    (tmp_path / "paper.pdf").write_bytes(changed)
    said = subprocess.run(
        ["pdfsig", tmp_path / "paper.pdf"], capture_output=True, text=True, check=False
    ).stdout
    assert "Signature is Valid." not in said


def test_pyhanko_trusts_it_where_our_certificate_is_trusted(signed: bytes):
    _kind, _headers, der = pem.unarmor(signing_key(now=NOW).certificate_pem.encode())
    own = x509.Certificate.load(der)
    (signature,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[own]))
    assert (status.bottom_line, status.modification_level, status.docmdp_ok) == (
        True,
        ModificationLevel.NONE,
        True,
    )


def a_time_stamper() -> DummyTimeStamper:
    key = rsa.generate_private_key(65537, 2048)
    made = certificate_for(key, begins=NOW - timedelta(days=9), ends=NOW + timedelta(days=9), stamps=True)
    certificate = x509.Certificate.load(made.public_bytes(serialization.Encoding.DER))
    return DummyTimeStamper(certificate, translate_pyca_cryptography_key_to_asn1(key), fixed_dt=STAMPED)


def test_a_time_stamp_service_can_be_put_beside_it(paper: bytes):
    """The signature then says when it was made, on somebody else's word."""
    signed = sign_pdf(paper, key=signing_key(now=NOW), provider="Leerhuis", timestamper=a_time_stamper())
    (signature,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    (token,) = (
        attribute["values"][0]
        for attribute in signature.signer_info["unsigned_attrs"]
        if attribute["type"].native == "signature_time_stamp_token"
    )
    assert token["content"]["encap_content_info"]["content"].parsed["gen_time"].native == STAMPED


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SIGNING_KEY_FILE": "", "SIGNING_KEY": ""}, "SIGNING_KEY: missing"),
        ({"SIGNING_KEY_FILE": "/nowhere/key.p12", "SELF_MADE_KEYS": False}, "cannot be read"),
        ({"SIGNING_KEY": "geen base64!"}, "SIGNING_KEY: this is no base64"),
        ({"SIGNING_KEY": b64encode(b"hello").decode()}, "SIGNING_KEY: this is no PKCS#12 file"),
        (
            {"SIGNING_KEY": b64encode(p12()).decode(), "SIGNING_KEY_PASSPHRASE": "fout"},
            "SIGNING_KEY: the passphrase does not open it",
        ),
        (
            {"SIGNING_KEY": b64encode(p12(ends=NOW - timedelta(days=2))).decode()},
            "SIGNING_KEY: expired on 2026-11-10",
        ),
        (
            {"SIGNING_KEY": b64encode(p12(begins=NOW + timedelta(days=1))).decode()},
            "SIGNING_KEY: not valid before 2026-11-13 20:30 UTC",
        ),
    ],
    ids=["missing", "no file", "no base64", "no key", "passphrase", "expired", "too early"],
)
@pytest.mark.django_db
def test_what_is_wrong_with_the_key_is_named_and_nothing_is_half_issued(
    award: Award, settings: Settings, given: dict[str, object], said: str, private_files: Path
):
    settings.SIGNING_KEY_PASSPHRASE = SECRET.decode()
    for name, value in given.items():
        setattr(settings, name, value)
    with pytest.raises(KeyProblem, match=said.replace("#", ".")):
        signing_key(now=NOW)
    assert produce(award_id=award.pk, now=NOW) is False
    document = Document.objects.get(award=award)
    assert (document.state, document.file_name, said in document.last_error) == ("waiting", "", True)
    assert [path for path in private_files.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (b"", "BADGE_KEY: missing"),
        (b"hello", "BADGE_KEY: this is no private key in PEM"),
        (
            Ed25519PrivateKey.generate().private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, NoEncryption()
            ),
            "lies there unencrypted",
        ),
        (
            Ed25519PrivateKey.generate().private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                BestAvailableEncryption(b"ander"),
            ),
            "the passphrase does not open it",
        ),
        (
            ec.generate_private_key(ec.SECP256R1()).private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, BestAvailableEncryption(SECRET)
            ),
            "badges are signed with an Ed25519 key",
        ),
    ],
    ids=["missing", "no key", "unencrypted", "passphrase", "other kind"],
)
def test_what_is_wrong_with_the_badge_key_is_named(settings: Settings, key: bytes, said: str):
    settings.BADGE_KEY, settings.BADGE_KEY_FILE = b64encode(key).decode(), ""
    settings.BADGE_KEY_PASSPHRASE = SECRET.decode()
    with pytest.raises(KeyProblem, match=said):
        badge_key()


def test_a_key_from_the_environment_signs(settings: Settings, paper: bytes):
    settings.SIGNING_KEY, settings.SIGNING_KEY_PASSPHRASE = b64encode(p12()).decode(), SECRET.decode()
    key = signing_key(now=NOW)
    signed = sign_pdf(paper, key=key, provider="De Haven")
    assert read_seal(signed, {key.fingerprint: key.certificate_pem}) == Reading(Seal.WHOLE, NUMBER)


def test_a_self_made_key_is_made_once_and_for_its_owner_alone(settings: Settings, tmp_path: Path):
    settings.SIGNING_KEY_FILE = str(tmp_path / "secrets" / "key.p12")
    first = signing_key(now=NOW)
    path = Path(settings.SIGNING_KEY_FILE)
    assert path.stat().st_mode & 0o077 == 0
    assert signing_key(now=NOW).fingerprint == first.fingerprint
    assert list(path.parent.iterdir()) == [path]


def test_which_keys_signed_is_remembered(finished: Award):
    key = signing_key(now=NOW)
    noted = IssuerKey.objects.get(kind=IssuerKey.Kind.DOCUMENT)
    assert (noted.name, noted.certificate) == (key.fingerprint, key.certificate_pem)


def test_the_seal_of_our_file_is_whole_and_says_which_certificate_it_is(
    signed: bytes, our_keys: dict[str, str]
):
    assert read_seal(signed, our_keys) == Reading(Seal.WHOLE, NUMBER)


def test_a_signature_with_a_chain_and_a_time_stamp_is_whole_too(paper: bytes, settings: Settings):
    """Of such a one not everything is ours to build anew."""
    key, other = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    begins, ends = NOW - timedelta(days=9), NOW + timedelta(days=9)
    chain = [certificate_for(other, begins=begins, ends=ends)]
    bundle = pkcs12.serialize_key_and_certificates(
        b"x",
        key,
        certificate_for(key, begins=begins, ends=ends),
        chain,
        BestAvailableEncryption(SECRET),
    )
    settings.SIGNING_KEY, settings.SIGNING_KEY_PASSPHRASE = b64encode(bundle).decode(), SECRET.decode()
    ours = signing_key(now=NOW)
    assert len(ours.chain) == 1
    signed = sign_pdf(paper, key=ours, provider="De Haven", timestamper=a_time_stamper())
    known = {ours.fingerprint: ours.certificate_pem}
    assert read_seal(signed, known) == Reading(Seal.WHOLE, NUMBER)
    assert read_seal(_one_byte(signed), known) == Reading(Seal.BROKEN)


def _one_byte(data: bytes) -> bytes:
    at = len(data) // 3
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize(
    "change",
    [
        _one_byte,
        lambda data: data + b"\n",
        lambda data: data + b"1 0 obj<</Type/Catalog>>endobj\n%%EOF\n",
        lambda data: b"%" + data,
        lambda data: data[1:],
        resaved,
    ],
    ids=["one byte", "a line more", "another revision", "a byte before", "a byte less", "saved anew"],
)
def test_whatever_is_done_to_it_breaks_the_seal(
    signed: bytes, our_keys: dict[str, str], change: Callable[[bytes], bytes]
):
    assert read_seal(change(signed), our_keys) == Reading(Seal.BROKEN)


def test_no_digit_of_the_signature_itself_can_be_another(signed: bytes, our_keys: dict[str, str]):
    """Neither in what it does not cover of itself, nor in the zeros behind it, nor by writing a digit small."""
    begin = signed.rindex(b"/Contents <") + len(b"/Contents <")
    end = signed.index(b">", begin)
    digits = signed[begin:end]
    assert digits.endswith(b"0" * 100)
    for at in [*range(0, len(digits), 7), *range(len(digits) - 50, len(digits))]:
        for other in (b"%X" % (int(digits[at : at + 1], 16) ^ 1), digits[at : at + 1].lower(), b"x"):
            if other != digits[at : at + 1]:
                changed = signed[: begin + at] + other + signed[begin + at + 1 :]
                assert read_seal(changed, our_keys) == Reading(Seal.BROKEN), (at, other)


def test_marks_that_were_changed_do_not_hide_whose_signature_it_was(signed: bytes, our_keys: dict[str, str]):
    at = signed.rindex(b"/ByteRange")
    for shift in range(0, 30, 3):
        place = at + shift
        changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
        assert read_seal(changed, our_keys) == Reading(Seal.BROKEN), shift


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"%PDF-1.7 /ByteRange [0 9 99 9]",
        b"%PDF-1.7 /ByteRange [0 38 42 1] /Contents    <00> ",
        b"%PDF-1.7 /ByteRange [0 99999999 99999999 99999999]",
        b"/ByteRange [ 0 1 " * 10_000,
    ],
)
def test_made_up_marks_are_no_seal(data: bytes, our_keys: dict[str, str]):
    assert read_seal(data, our_keys) == Reading(Seal.NONE)


def test_the_signature_of_somebody_else_is_none_of_ours(signed: bytes, settings: Settings):
    settings.SIGNING_KEY, settings.SIGNING_KEY_PASSPHRASE = b64encode(p12()).decode(), SECRET.decode()
    other = signing_key(now=NOW)
    assert read_seal(signed, {other.fingerprint: other.certificate_pem}) == Reading(Seal.NONE)


def test_a_truncated_file_has_no_whole_seal(signed: bytes, our_keys: dict[str, str]):
    assert read_seal(signed[:-10], our_keys).seal is not Seal.WHOLE
    assert read_seal(signed[: len(signed) // 2], our_keys) == Reading(Seal.NONE)


def test_a_lost_file_is_made_again_whole_under_our_signature(
    finished: Award, private_files: Path, record: SimpleNamespace, our_keys: dict[str, str]
):
    from certification.flows import remake_document

    path = private_files / Document.objects.get(award=finished).file_name
    before = path.read_bytes()
    path.unlink()
    remake_document(award=finished, now=record.end)
    assert produce(award_id=finished.pk, now=record.end) is True
    after = (private_files / Document.objects.get(award=finished).file_name).read_bytes()
    assert [read_seal(data, our_keys) for data in (before, after)] == [
        Reading(Seal.WHOLE, finished.public_id)
    ] * 2
    end = before.index(b"%%EOF")
    assert after[:end] == before[:end]
