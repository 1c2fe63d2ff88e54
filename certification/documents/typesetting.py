"""From HTML to the bytes of a PDF: the same input gives the same bytes, whenever and wherever it is made."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from weasyprint import HTML, Attachment
from weasyprint.urls import FatalURLFetchingError

from certification.documents.archiving import finish
from certification.documents.assets import DocumentError, setting
from certification.documents.sheet import sheet_html
from certification.documents.wording import Sheet

VARIANT = "pdf/a-3a"
BADGE_NAME = "credential.json"
# fontTools writes the moment of work into every embedded font unless told another: a certificate would differ by second.
_FONT_DATE = "1767225600"
# Pango and fontconfig keep state per process that two threads must not change at once.
_one_at_a_time = threading.Lock()


@contextmanager
def _fonts_dated() -> Iterator[None]:
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = _FONT_DATE
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


def to_pdf(html: str, *, identifier: str, attachments: tuple[Attachment, ...] = ()) -> bytes:
    """Typeset a document. The same HTML, identifier and attachments give the same bytes.

    Raises `DocumentError` where it asks for something that is not ours, or for a letter that no font here has.
    """
    with _one_at_a_time, _fonts_dated():
        try:
            fetcher, fonts, sheet = setting()
            fetcher.refused.clear()
            pdf = HTML(string=html, url_fetcher=fetcher).write_pdf(
                stylesheets=[sheet],
                font_config=fonts,
                pdf_variant=VARIANT,
                pdf_identifier=identifier.encode(),
                attachments=list(attachments),
                finisher=finish,
            )
        except FatalURLFetchingError as error:  # no Exception: whoever catches those would miss it
            raise DocumentError("refused to fetch what is not ours") from error
        if fetcher.refused:
            raise DocumentError("refused to fetch what is not ours")
        return pdf


def render_sheet(sheet: Sheet, *, credential: str = "") -> bytes:
    """The unsigned PDF of a sheet, with the credential of the badge inside. Raises `DocumentError`."""
    attachments = (_credential(credential, sheet.issued_at),) if credential else ()
    return to_pdf(sheet_html(sheet), identifier=sheet.number, attachments=attachments)


def _credential(credential: str, moment: datetime) -> Attachment:
    return Attachment(
        string=credential,
        name=BADGE_NAME,
        description="Open Badges 3.0 credential",
        created=moment,
        modified=moment,
        relationship="Data",
    )
