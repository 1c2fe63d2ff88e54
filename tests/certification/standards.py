"""What PDF/A-3a and PDF/UA-1 ask of the structure of a file, as far as it can be looked up without a validator of its own."""

import io
import xml.etree.ElementTree as ET
from typing import Any

import pikepdf

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"
SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"
EXTENSIONS = "{http://www.aiim.org/pdfa/ns/extension/}"
# What a reader could run, play or fetch.
FORBIDDEN = {"/JavaScript", "/JS", "/Launch", "/OpenAction", "/AA", "/RichMedia", "/Movie", "/Sound", "/XFA"}


def problems_of(data: bytes) -> list[str]:
    """What keeps a file from being both. Empty for a good one."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = [f"syntax: {each}" for each in pdf.check_pdf_syntax()]
        found += _claims(pdf) + _structure(pdf) + _fonts(pdf) + _colour(pdf) + _attachments(pdf) + _inert(pdf)
    return found


def _claims(pdf: pikepdf.Pdf) -> list[str]:
    if "/Metadata" not in pdf.Root:
        return ["no metadata"]
    packet = ET.fromstring(pdf.Root.Metadata.read_bytes())
    rdfs = packet.findall(f"{RDF}RDF")
    if len(rdfs) != 1:
        return [f"{len(rdfs)} rdf:RDF"]
    said = {
        name: value
        for description in rdfs[0].findall(f"{RDF}Description")
        for name, value in [*description.attrib.items(), *((each.tag, each.text) for each in description)]
    }
    wanted = {f"{PDFA}part": "3", f"{PDFA}conformance": "A", f"{PDFUA}part": "1"}
    found = [
        f"claim: {name.partition('}')[2]} is {said.get(name)}"
        for name in wanted
        if said.get(name) != wanted[name]
    ]
    explained = {
        (each.get(f"{SCHEMA}prefix") or each.findtext(f"{SCHEMA}prefix"))
        for extension in rdfs[0].iter(f"{EXTENSIONS}schemas")
        for each in extension.iter()
    }
    if "pdfuaid" not in explained:
        found.append("pdfuaid is not explained")
    if not pdf.docinfo.get("/Title"):
        found.append("no title")
    return found


def _structure(pdf: pikepdf.Pdf) -> list[str]:
    root = pdf.Root
    found = []
    if not bool(root.get("/MarkInfo", {}).get("/Marked", False)):
        found.append("not tagged")
    if "/StructTreeRoot" not in root:
        return [*found, "no structure"]
    if not str(root.get("/Lang", "")):
        found.append("no language")
    if not bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)):
        found.append("the title is not shown")
    kinds = [str(each["/S"]) for each in _dictionaries(pdf) if str(each.get("/Type", "")) == "/StructElem"]
    if "/H1" not in kinds:
        found.append("no heading")
    figures = [each for each in _dictionaries(pdf) if str(each.get("/S", "")) == "/Figure"]
    found += ["a figure without a description" for each in figures if not str(each.get("/Alt", ""))]
    return found


def _fonts(pdf: pikepdf.Pdf) -> list[str]:
    found = []
    for each in _dictionaries(pdf):
        if str(each.get("/Type", "")) == "/FontDescriptor" and not {
            "/FontFile",
            "/FontFile2",
            "/FontFile3",
        } & set(each.keys()):
            found.append(f"{each.FontName} is not embedded")
        if (
            str(each.get("/Type", "")) == "/Font"
            and "/ToUnicode" not in each
            and str(each.get("/Subtype")) == "/Type0"
        ):
            found.append("a font without letters")
    return found


def _colour(pdf: pikepdf.Pdf) -> list[str]:
    intents = [each for each in pdf.Root.get("/OutputIntents", []) if str(each.S) == "/GTS_PDFA1"]
    if len(intents) != 1 or not intents[0].DestOutputProfile.read_bytes():
        return ["no output intent"]
    return []


def _attachments(pdf: pikepdf.Pdf) -> list[str]:
    associated = [each.objgen for each in pdf.Root.get("/AF", [])]
    found = ["a file is associated twice"] if len(set(associated)) != len(associated) else []
    for each in _dictionaries(pdf):
        if str(each.get("/Type", "")) != "/Filespec":
            continue
        if each.objgen not in associated:
            found.append("a file is not associated")
        if "/AFRelationship" not in each or "/UF" not in each or "/Subtype" not in each.EF.F:
            found.append("a file is not described")
    return found


def _inert(pdf: pikepdf.Pdf) -> list[str]:
    found = [f"{key} in it" for each in _dictionaries(pdf) for key in FORBIDDEN & set(each.keys())]
    return found + (["encrypted"] if pdf.is_encrypted else [])


def _dictionaries(pdf: pikepdf.Pdf) -> list[Any]:
    return [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary | pikepdf.Stream)]
