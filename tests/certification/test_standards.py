"""PDF/A-3a and PDF/UA-1 in one file, and that these checks notice what is broken."""

import io
from collections.abc import Callable
from datetime import UTC, datetime

import pikepdf
import pytest
from weasyprint import HTML

from certification.documents import render_sheet
from certification.documents.wording import Template
from certification.signing import signing_key
from certification.signing.pades import sign_pdf
from tests.certification.sheets import a_sheet, everything
from tests.certification.standards import problems_of

CREDENTIAL = '{"type": "test"}'


def spoilt(data: bytes, spoil: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        spoil(pdf)
        pdf.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def paper() -> bytes:
    return render_sheet(a_sheet(**everything()), credential=CREDENTIAL)


@pytest.mark.parametrize("template", Template)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_document_keeps_both_standards(template: Template, language: str):
    sheet = a_sheet(template=template, language=language, **everything())
    assert problems_of(render_sheet(sheet, credential=CREDENTIAL)) == []


def test_a_plain_one_without_a_badge_keeps_them_too():
    assert problems_of(render_sheet(a_sheet())) == []


def test_the_signature_breaks_nothing(paper: bytes):
    now = datetime(2026, 11, 12, 20, 30, tzinfo=UTC)
    signed = sign_pdf(paper, key=signing_key(now=now), provider="Leerhuis")
    assert problems_of(signed) == []
    assert signed.startswith(paper)
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert ([int(side) for side in field.Rect], "/AP" in field) == ([0, 0, 0, 0], False)
        assert int(field.V.Reference[0].TransformParams.P) == 1


def test_the_badge_is_in_it_as_data(paper: bytes):
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        attached = pdf.attachments["credential.json"]
        assert attached.get_file().read_bytes() == CREDENTIAL.encode()
        assert attached.get_file().mime_type == "application/json"
        assert str(pdf.Root.AF[0].AFRelationship) == "/Data"


def _said(old: str, new: str) -> Callable[[pikepdf.Pdf], None]:
    def spoil(pdf: pikepdf.Pdf) -> None:
        packet = pdf.Root.Metadata.read_bytes()
        assert old.encode() in packet
        pdf.Root.Metadata.write(packet.replace(old.encode(), new.encode()))

    return spoil


def _unmark(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.MarkInfo


def _unstructure(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.StructTreeRoot


def _unembed(pdf: pikepdf.Pdf) -> None:
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and "/FontFile3" in each:
            del each["/FontFile3"]
        elif isinstance(each, pikepdf.Dictionary) and "/FontFile2" in each:
            del each["/FontFile2"]


def _uncolour(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.OutputIntents


def _undescribe(pdf: pikepdf.Pdf) -> None:
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and str(each.get("/S", "")) == "/Figure":
            each.Alt = ""


def _unlanguage(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Lang


def _unassociate(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AF


def _act(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_said('pdfaid:part="3"', 'pdfaid:part="2"'), "claim: part is 2"),
        (_said('pdfaid:conformance="A"', 'pdfaid:conformance="B"'), "claim: conformance is B"),
        (_said("<pdfuaid:part>1<", "<pdfuaid:part>2<"), "claim: part is 2"),
        (_said("prefix>pdfuaid<", "prefix>other<"), "pdfuaid is not explained"),
        (_unmark, "not tagged"),
        (_unstructure, "no structure"),
        (_unembed, "is not embedded"),
        (_uncolour, "no output intent"),
        (_undescribe, "a figure without a description"),
        (_unlanguage, "no language"),
        (_unassociate, "a file is not associated"),
        (_act, "/OpenAction in it"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_broken_is_noticed(paper: bytes, spoil: Callable[[pikepdf.Pdf], None], said: str):
    assert any(said in problem for problem in problems_of(spoilt(paper, spoil)))


def _mislead(paper: bytes) -> bytes:
    """Its table of contents is said to stand elsewhere: a reader that is not strict finds it by searching."""
    head, word, _rest = paper.rpartition(b"startxref")
    return head + word + b"\n17\n%%EOF\n"


def _undeflate(paper: bytes) -> bytes:
    """What stands on the page does not unpack."""

    def spoil(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Contents = pikepdf.Stream(pdf, b"")
        pdf.pages[0].Contents.write(b"not deflated", filter=pikepdf.Name.FlateDecode)

    return spoilt(paper, spoil)


@pytest.mark.parametrize(
    ("damage", "said"),
    [(_mislead, "xref not found"), (_undeflate, "errors while decoding content stream")],
)
def test_a_damaged_file_is_refused_by_qpdf_and_by_nothing_else_here(
    paper: bytes, damage: Callable[[bytes], bytes], said: str
):
    """Every claim and tag is still there: only qpdf, which pikepdf asks, looks at how the file is built."""
    problems = problems_of(damage(paper))
    assert any(said in problem for problem in problems)
    assert [problem for problem in problems if not problem.startswith("syntax: ")] == []


def test_a_document_as_weasyprint_makes_it_by_itself_is_neither():
    html = "<html lang=nl><title>x</title><h1>x</h1>"
    assert {"not tagged", "no structure", "no output intent"} <= set(
        problems_of(HTML(string=html).write_pdf())
    )


def test_a_claim_in_a_second_packet_is_not_taken():
    paper = render_sheet(a_sheet())

    def second(pdf: pikepdf.Pdf) -> None:
        packet = pdf.Root.Metadata.read_bytes()
        pdf.Root.Metadata.write(
            packet.replace(
                b"</x:xmpmeta>",
                b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>',
            )
        )

    assert "2 rdf:RDF" in problems_of(spoilt(paper, second))
