"""The certificate as a PDF: one A4 sheet, tagged for screen readers (PDF/UA-1) and made to last (PDF/A-3a).

Only the worker imports this: WeasyPrint takes 34 MB and a second at start, which web processes must not pay.
"""

from certification.documents.assets import DocumentError, LetterMissing, OwnAssetsOnly
from certification.documents.sheet import proof_address, sheet_html, sheet_of
from certification.documents.typesetting import render_sheet, to_pdf
from certification.documents.wording import Accreditation, Brand, Sheet, Signatory

__all__ = [
    "Accreditation",
    "Brand",
    "DocumentError",
    "LetterMissing",
    "OwnAssetsOnly",
    "Sheet",
    "Signatory",
    "proof_address",
    "render_sheet",
    "sheet_html",
    "sheet_of",
    "to_pdf",
]
