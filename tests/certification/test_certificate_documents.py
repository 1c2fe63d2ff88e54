import io
import os
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import time_machine
import zxingcpp
from django.utils.translation import gettext
from PIL import Image

from certification.documents import DocumentError, LetterMissing, render_sheet, sheet_of, to_pdf
from certification.letters import letter_without_type
from certification.models import Award
from tests.certification.sheets import letter_nobody_has
from tests.certification.standards import problems_of

WANG = "王小明"
with_chinese = pytest.mark.skipif(
    bool(letter_without_type(WANG)) and os.geteuid() != 0,
    reason="no font with Chinese letters here, and only as root does the set-up install one",
)
NUMBER = "7KQ4M2XDP2TH6WJ3RBOINVC5EA"
LONGEST = "Anna-Maria Wilhelmina Johanna van den Heuvel-Ravensbergen de Groot-Koolhaas"


def an_award(**fields: Any) -> Award:
    """An award as frozen in the database, without one."""
    return Award(
        **{
            "public_id": NUMBER,
            "title": "Motiverende gespreksvoering",
            "discreet_title": "Gespreksvoering",
            "neutral": False,
            "provider": "Leerhuis",
            "holder_name": "Sanne de Vries",
            "net_minutes": 335,
            "hours_label": "online deel",
            "started_on": date(2026, 9, 1),
            "completed_on": date(2026, 11, 12),
            "issued_at": datetime(2026, 11, 12, 20, 30, tzinfo=UTC),
            "language": "nl",
        }
        | fields
    )


def render_certificate(award: Award) -> bytes:
    """The document of an award before it is signed."""
    return render_sheet(sheet_of(award))


def text_of(pdf: bytes) -> str:
    """All words, one space between them."""
    result = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(result.stdout.decode().split())


def words_of(pdf: bytes) -> str:
    """All letters without spaces: set type may break a line anywhere."""
    return "".join(text_of(pdf).split())


def picture_of(pdf: bytes, tmp_path: Path, *, dpi: int) -> Image.Image:
    (tmp_path / "page.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", tmp_path / "page.pdf", tmp_path / "page"], check=True)
    return Image.open(next(tmp_path.glob("page*.png")))


def test_it_says_what_was_certified(dutch: None):
    text = text_of(render_certificate(an_award()))
    for part in (
        "Sanne de Vries",
        "Motiverende gespreksvoering",
        gettext("has completed"),
        "12 november 2026",
        "1 september 2026",
        "5 uur en 35 minuten, online deel",
        "7KQ4 M2XD P2TH 6WJ3 RBOI NVC5EA",
        "testserver/bewijs",
    ):
        assert part in text


def test_a_neutral_award_bears_the_discreet_title_only():
    text = text_of(
        render_certificate(an_award(neutral=True, title="De maatjestraining", discreet_title="Avondcursus"))
    )
    assert ("Avondcursus" in text, "maatjes" in text) == (True, False)


def test_it_is_one_tagged_page_in_a4_landscape_in_its_language_with_a_title():
    for language in ("nl", "en"):
        with pikepdf.open(io.BytesIO(render_certificate(an_award(language=language)))) as pdf:
            assert len(pdf.pages) == 1
            assert [round(float(side) / 72 * 25.4) for side in pdf.pages[0].MediaBox] == [0, 0, 297, 210]
            assert pdf.Root.MarkInfo.Marked is True or bool(pdf.Root.MarkInfo.Marked)
            assert str(pdf.Root.Lang) == language
            assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
            assert str(pdf.docinfo.Title).endswith(f"Leerhuis, {NUMBER}")
            with pdf.open_metadata() as meta:
                assert meta["pdfuaid:part"] == "1"


def test_every_font_is_embedded_and_nothing_in_it_acts():
    with pikepdf.open(io.BytesIO(render_certificate(an_award(holder_name="Ωμέγα Иванова عبد الله")))) as pdf:
        fonts = [
            each
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)
        names = {str(key) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) for key in each}
        assert (
            names & {"/JS", "/JavaScript", "/OpenAction", "/AA", "/EmbeddedFiles", "/URI", "/Launch"} == set()
        )


def test_pictures_that_mean_something_are_described():
    with pikepdf.open(io.BytesIO(render_certificate(an_award()))) as pdf:
        figures = [
            each
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"
        ]
        assert [bool(str(figure.Alt)) for figure in figures] == [True]


def test_the_square_code_leads_to_the_proof(tmp_path: Path):
    found = zxingcpp.read_barcodes(picture_of(render_certificate(an_award()), tmp_path, dpi=100))
    assert [each.text for each in found] == [f"http://testserver/bewijs/{NUMBER}/"]


def test_the_same_award_gives_the_same_bytes_whenever_it_is_made():
    with time_machine.travel("2026-11-12 20:30:00+00:00"):
        first = render_certificate(an_award())
    render_certificate(an_award(holder_name="Doğan Иванова"))
    with time_machine.travel("2031-05-05 08:00:00+00:00"):
        assert render_certificate(an_award()) == first
    assert render_certificate(an_award(holder_name="Sanne de Vrees")) != first


@pytest.mark.parametrize(
    "name",
    [
        LONGEST,
        "Jarosław Doğan-Şimşek Čapek",
        "Nguyễn Thị Ánh",
        "Παπαδόπουλος Ωμέγα",
        "Иванова Шевченко",
        "ß ø å ñ ç ő ű ĳ ’ -",
    ],
)
def test_names_are_set_in_full_in_the_letters_they_have(name: str):
    pdf = render_certificate(an_award(holder_name=name))
    assert "".join(name.split()) in words_of(pdf)


@with_chinese
def test_a_chinese_name_is_set_in_letters_that_are_embedded_and_always_the_same():
    first = render_certificate(an_award(holder_name=WANG))
    assert WANG in words_of(first)
    assert problems_of(first) == []
    with pikepdf.open(io.BytesIO(first)) as pdf:
        fonts = [
            str(each.get("/FontName", "")) for each in pdf.objects if isinstance(each, pikepdf.Dictionary)
        ]
    assert [name.partition("+")[2] for name in fonts if "CJK" in name] == ["Noto-Serif-CJK-SC"]
    assert render_certificate(an_award(holder_name=WANG)) == first


@pytest.mark.parametrize("field", ["holder_name", "title"])
def test_a_letter_that_no_font_has_is_named_and_no_empty_box_is_set(field: str):
    letter = letter_nobody_has()
    with pytest.raises(LetterMissing) as refused:
        render_certificate(an_award(**{field: f"Sanne {letter} de Vries"}))
    assert refused.value.letter == letter
    assert render_certificate(an_award()).startswith(b"%PDF")


def test_letters_with_type_are_told_from_those_without():
    letter = letter_nobody_has()
    for text in ("", "Zoë O’Brien-Ngũ", "Παπαδόπουλος Иванова", "محمد\u200c عبد الله", "a\u0301"):
        assert letter_without_type(text) == ""
    assert letter_without_type(f"Anna {letter} x") == letter


def test_every_subset_of_letters_keeps_its_own_outlines():
    with pikepdf.open(io.BytesIO(render_certificate(an_award(holder_name="Doğan Иванова")))) as pdf:
        names = sorted(
            str(each.FontName).partition("+")[2]
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary)
            and "/FontName" in each
            and "literata" in str(each.FontName)
        )
    assert names == [
        "literata-Medium",
        "literata-Semi-Bold",
        "literata-cyrillic-Medium",
        "literata-latin-ext-Medium",
    ]


@pytest.mark.parametrize(
    "name", ["W" * 120, "م" * 120, pytest.param("王" * 120, marks=with_chinese), "a\u0301" * 60, "x \u202e y"]
)
@pytest.mark.parametrize("title", ["Titel", "W" * 255])
def test_no_name_makes_it_fail_or_run_over_to_a_second_page(name: str, title: str):
    with pikepdf.open(io.BytesIO(render_certificate(an_award(holder_name=name, title=title)))) as pdf:
        assert len(pdf.pages) == 1


@pytest.mark.parametrize(
    "name",
    [
        '<img src="http://127.0.0.1:9/x.png">',
        "<script>alert(1)</script>",
        "</p><style>@import url(file:///etc/passwd)</style>",
        "{{ award.salt }}{% now 'Y' %}",
        '&lt;b&gt; & "quotes"',
    ],
)
def test_markup_in_a_name_is_printed_and_not_obeyed(name: str):
    assert "".join(name.split()) in words_of(render_certificate(an_award(holder_name=name)))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/x.png",
        "https://example.org/x.png",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "asset:../models.py",
        "asset:/etc/passwd",
        "FILE:///etc/passwd",
    ],
)
@pytest.mark.parametrize(
    "page",
    [
        '<img src="{}" alt="x">',
        '<link rel="stylesheet" href="{}">',
        "<style>@import url('{}');</style>",
        "<style>p {{ background: url('{}') }}</style><p>x",
        "<style>@font-face {{ font-family: x; src: url('{}') }}</style><p>x",
        '<object data="{}" type="image/png"></object>',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="{}" width="9" height="9"/></svg>',
        '<link rel="attachment" href="{}">',
    ],
)
def test_whatever_a_page_asks_for_that_is_not_ours_is_refused(page: str, address: str):
    with pytest.raises(DocumentError):
        to_pdf(f"<html lang=nl><title>x</title>{page.format(address)}", identifier="x")


def test_an_address_without_a_scheme_leads_nowhere():
    html = "<html lang=nl><title>x</title><img alt=x src=//example.org/x.png><img alt=y src=../settings.py>"
    assert to_pdf(html, identifier="x").startswith(b"%PDF-1.7")


def test_pictures_that_the_page_brings_along_are_given():
    html = '<html lang=nl><title>x</title><img alt="y" src="data:image/svg+xml,<svg xmlns=\'http://www.w3.org/2000/svg\'/>">'
    assert to_pdf(html, identifier="x").startswith(b"%PDF-1.7")


def test_missing_fonts_are_said_by_name(monkeypatch: pytest.MonkeyPatch):
    from certification.documents import assets

    def nothing(name: str) -> None:
        return None

    cleared: list[Callable[[], None]] = [assets.own_assets.cache_clear, assets.setting.cache_clear]
    for clear in cleared:
        clear()
    monkeypatch.setattr(assets.finders, "find", nothing)
    with pytest.raises(DocumentError, match=r"literata\.woff2 is missing"):
        render_certificate(an_award())
    for clear in cleared:
        clear()
