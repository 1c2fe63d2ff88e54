"""How documents are set: one sheet, and nothing on top of anything else, however long what is on it."""

import io
import re
import subprocess
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

import pikepdf
import pytest

from certification.documents import Accreditation, Sheet, render_sheet
from certification.documents.wording import Template
from tests.certification.sheets import a_sheet, everything

LONGEST = "Anna-Maria Wilhelmina Johanna van den Heuvel-Ravensbergen de Groot-Koolhaas"
WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')
A4 = (841.89, 595.28)
POINTS = 72 / 25.4
# Where the facts end, in millimetres from the top, under an organisation's own logo.
FACTS_END = {Template.CERTIFICATE: 17 + 176 - 13, Template.PARTICIPATION: 210 - 20}


class Word(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    text: str


def words_on(sheet: Sheet) -> list[Word]:
    pdf = render_sheet(sheet)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) == 1
    said = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    return [Word(*map(float, found[:4]), found[4]) for found in WORD.findall(said.stdout.decode())]


def collisions(words: list[Word]) -> list[str]:
    """Words of which one lies on another. Boxes of neighbouring lines touch; more than a third is on top."""
    found = []
    for one, other in combinations(words, 2):
        wide = min(one.right, other.right) - max(one.left, other.left)
        high = min(one.bottom, other.bottom) - max(one.top, other.top)
        if wide > 1 and high > min(one.bottom - one.top, other.bottom - other.top) / 3:
            found.append(f"{one.text} on {other.text}")
    return found


@pytest.mark.parametrize("template", Template)
@pytest.mark.parametrize("full", [False, True], ids=["plain", "full"])
@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("W" * 120, "W" * 255),
        (
            LONGEST,
            "Ervaringsdeskundigheid inzetten in de hulpverlening bij huiselijk geweld en kindermishandeling",
        ),
        ("B", "X"),
        ("محمد عبد الله بن راشد آل مكتوم", "Motiverende gespreksvoering"),
        ("Ng " * 40, "Motiverende gespreksvoering"),
    ],
    ids=["widest", "longest real", "shortest", "right to left", "many words"],
)
def test_it_is_one_sheet_with_nothing_on_top_of_anything(
    template: Template, full: bool, name: str, title: str
):
    more = everything() if full else {}
    words = words_on(a_sheet(template=template, holder_name=name.strip(), title=title, **more))
    assert collisions(words) == []
    outside = [
        word.text
        for word in words
        if word.left < 0 or word.top < 0 or word.right > A4[0] or word.bottom > A4[1]
    ]
    assert outside == []


LONG_REGISTERS = (
    Accreditation("V&VN Kwaliteitsregister", "ID-4711234", Decimal(8), "vakinhoudelijk"),
    Accreditation("Registerplein", "RP 2026-114", Decimal("5.5"), "bij- en nascholing"),
    Accreditation("Kwaliteitsregister Paramedici", "KP-2026", Decimal(4)),
)


@pytest.mark.parametrize("template", Template)
def test_a_register_with_a_long_name_keeps_to_its_row(template: Template):
    """Its name takes two lines where what it counts takes one."""
    words = words_on(a_sheet(template=template, **everything() | {"accreditations": LONG_REGISTERS}))
    assert collisions(words) == []
    at = {word.text: word for word in words}
    names = ("Begonnen", "V&amp;VN", "Registerplein", "Paramedici")
    assert len({round(at[name].left) for name in names}) == 1
    assert at["V&amp;VN"].bottom <= at["Registerplein"].top
    assert at["Paramedici"].bottom <= FACTS_END[template] * POINTS


def test_study_time_that_is_nothing_has_no_row():
    words = {word.text for word in words_on(a_sheet(net_time="", attended_time="22 uur"))}
    assert ("Bijeenkomsten" in words, "Studietijd," in words, "Begonnen" in words) == (True, False, True)


def test_collisions_are_noticed():
    words = [Word(0, 0, 20, 10, "a"), Word(10, 5, 40, 15, "b"), Word(0, 12, 9, 20, "c")]
    assert collisions(words) == ["a on b"]


def test_a_document_of_an_organisation_says_all_that_a_register_asks():
    text = " ".join(word.text for word in words_on(a_sheet(**everything())))
    for part in (
        "8 punten, scholing",
        "nr. SKJ-123456",
        "5,5 punten",
        "nr. RP 2026-114",
        "12 november 2031",
        "22 uur en 30 minuten",
        "2026-00042",
        "Marleen Hoekstra",
        "Opleidingscoördinator",
    ):
        assert part in text


def test_a_proof_of_participation_says_that_and_not_more():
    text = " ".join(word.text for word in words_on(a_sheet(template=Template.PARTICIPATION)))
    assert ("Bewijs van deelname" in text, "nam deel aan" in text, "Certificaat" in text) == (
        True,
        True,
        False,
    )
