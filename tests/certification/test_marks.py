"""An organisation's look: only what can be read, and nothing of what was uploaded but its picture."""

import io
import struct
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image, ImageFile, PngImagePlugin

from certification.models import Award, Document, Mark
from certification.pictures import LOGO, MOST_BYTES, PictureRefused, drawn_anew
from certification.queries import look_of
from certification.services.documents import produce
from certification.services.marks import MarkRefused, contrast, set_mark
from people.models import Organisation
from tests.certification.sheets import picture

NOW = datetime(2026, 11, 12, 20, 30, tzinfo=UTC)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def claiming(width: int, height: int) -> bytes:
    """A small PNG that says it is this large."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 9)) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    out = io.BytesIO()
    info = PngImagePlugin.PngInfo()
    info.add_text("x", "A" * 80_000_000, zip=True)
    Image.new("RGBA", (4, 4)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


@pytest.fixture
def organisation(db: None) -> Organisation:
    return Organisation.objects.create(name="De Haven", slug="de-haven")


@pytest.fixture
def as_in_a_web_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """WeasyPrint, which only the worker loads, lets pictures be half a picture."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)


@pytest.mark.usefixtures("as_in_a_web_process")
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "geen afbeelding in png"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            "geen afbeelding in png",
        ),
        (b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><svg/>", "geen afbeelding in png"),
        (b"\x89PNG\r\n\x1a\n<script>", "geen afbeelding in png"),
        (b"GIF89a" + b"\0" * 40, "geen afbeelding in png"),
        (claiming(60_000, 60_000), "te veel pixels"),
        (claiming(4_001, 4_000), "te veel pixels"),
        (claiming(3_000, 3_000), "geen afbeelding in png"),
        (picture(400, 100)[:-200], "geen afbeelding in png"),
        (text_bomb(), "geen afbeelding in png"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * MOST_BYTES, "hoogstens 2 MB"),
    ],
    ids=[
        "empty",
        "svg",
        "entities",
        "script",
        "gif",
        "flood",
        "just over",
        "hollow",
        "truncated",
        "text",
        "large",
    ],
)
def test_what_is_no_harmless_picture_is_refused_with_a_reason(data: bytes, said: str):
    with pytest.raises(PictureRefused, match=said):
        drawn_anew(data, within=LOGO)


def test_nothing_but_the_picture_is_kept():
    photo = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Kerkstraat 1"
    Image.new("RGB", (3000, 600), "#336699").save(photo, "JPEG", exif=exif)
    kept = drawn_anew(photo.getvalue() + b"<script>alert(1)</script>", within=LOGO)
    assert (b"Kerkstraat" in kept, b"script" in kept) == (False, False)
    with Image.open(io.BytesIO(kept)) as drawn:
        assert (drawn.format, drawn.size, drawn.info) == ("PNG", (1200, 240), {})


@pytest.mark.parametrize(
    ("colour", "paper", "expected"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48)]
)
def test_contrast_is_counted_as_wcag_does(colour: str, paper: str, expected: float):
    assert round(contrast(colour, paper), 2) == expected


def test_a_colour_that_is_too_pale_for_paper_is_refused(organisation: Organisation):
    with pytest.raises(MarkRefused, match="#ffcc00"):
        set_mark(organisation=organisation, action="#0e5158", warm="#ffcc00", logo=None, now=NOW)
    assert Mark.objects.count() == 0


def test_a_new_look_keeps_the_logo_unless_another_or_none_is_given(organisation: Organisation):
    def after(logo: bytes | None, minutes: int) -> bytes:
        at = NOW + timedelta(minutes=minutes)
        mark = set_mark(organisation=organisation, action="#5a2a6b", warm="#8a4b00", logo=logo, now=at)
        assert look_of(organisation.pk) == mark
        return bytes(mark.logo)

    first = after(picture(60, 20), 0)
    assert first.startswith(b"\x89PNG")
    assert after(None, 1) == first
    assert after(b"", 2) == b""


def test_a_paper_keeps_the_look_it_was_made_with(award: Award):
    def look(colour: str, at: datetime) -> Mark:
        return set_mark(organisation=award.organisation, action=colour, warm="#8a4b00", logo=None, now=at)

    first = look("#5a2a6b", NOW)
    assert produce(award_id=award.pk, now=NOW) is True
    look("#0e5158", NOW + timedelta(days=1))
    Document.objects.filter(award=award).update(state=Document.State.WAITING)
    assert produce(award_id=award.pk, now=NOW + timedelta(days=2)) is True
    assert Document.objects.get(award=award).mark == first
