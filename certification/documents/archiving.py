"""PDF/UA-1 beside PDF/A-3a: WeasyPrint claims one standard a file, and this sheet keeps both."""

from typing import Any

from certification.documents.assets import LetterMissing

CLAIM = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
END = b"</rdf:RDF>"


def finish(document: Any, pdf: Any) -> None:
    """For `write_pdf`, when all is drawn. Raises `LetterMissing` where something is that no font has."""
    without_type = [code for font in document.fonts.values() for code in font.missing]
    if without_type:
        raise LetterMissing(chr(min(without_type)))
    claim_accessibility(pdf)


def claim_accessibility(pdf: Any) -> None:
    """Say PDF/UA-1 in the packet that says PDF/A-3a.

    PDF/A knows no such property, so the packet explains it (an extension schema), inside the same `rdf:RDF`: a second
    one is not read. Left uncompressed, so that archives find it without reading the file.
    """
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    packet = b"".join(metadata.stream)
    if packet.count(END) != 1:
        raise AssertionError("the metadata has another shape than it had")
    metadata.stream = [packet.replace(END, CLAIM + END)]
    metadata.compress = False
    if "AF" in pdf.catalog:  # WeasyPrint lists every attachment twice
        pdf.catalog["AF"] = type(pdf.catalog["AF"])(dict.fromkeys(pdf.catalog["AF"]))
