"""The words and measures of a sheet: from an award to HTML."""

import unicodedata
from base64 import b64encode
from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from certification.documents.assets import FOLDER
from certification.documents.wording import INK, PAPER, Accreditation, Brand, Sheet, Signatory, Template
from certification.models import Award
from certification.rules import attestation

# Printed name and title shrink by steps: (runs at most this wide in average letters, class).
NAME_SIZES = ((23, "size-1"), (31, "size-2"), (42, "size-3"), (62, "size-4"), (100, "size-5"))
TITLE_SIZES = ((34, "size-1"), (46, "size-2"), (70, "size-3"), (140, "size-4"), (200, "size-5"))
# The participation sheet is narrower: a band takes its left side.
NARROW = 0.74
SMALLEST = "size-6"
# More rows than this are set closer.
MOST_ROOMY_ROWS = 6
MOST_SIGNATORIES = 2


def proof_address(award: Award) -> str:
    """The address in the QR code."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.SITE_URL.rstrip("/") + reverse("proof", args=[award.public_id])


def sheet_of(
    award: Award, *, brand: Brand | None = None, pictures: Mapping[str, bytes] | None = None
) -> Sheet:
    """What the document of an award says, in the award's language. `pictures` are the signatories', by file name."""
    images = pictures or {}
    with translation.override(award.language):
        return Sheet(
            number=award.public_id,
            grouped_number=award.grouped_id,
            address=proof_address(award),
            language=award.language,
            provider=award.provider,
            holder_name=award.holder_name,
            title=award.shown_title,
            started_on=award.started_on,
            completed_on=award.completed_on,
            issued_at=award.issued_at,
            net_time=award.net_time,
            template=Template(award.paper),
            attended_time=award.attended_time,
            serial=award.serial if award.serial_number else "",
            valid_until=award.valid_until,
            attest=attestation(award),
            brand=brand or Brand(),
            signatories=tuple(
                Signatory(each["name"], each["function"], images.get(each["image"]))
                for each in award.signatories
            ),
            accreditations=tuple(
                Accreditation(each["register"], each["number"], Decimal(each["points"]), each["category"])
                for each in award.accreditations
            ),
        )


def sheet_html(sheet: Sheet) -> str:
    """A sheet as HTML, in its own language."""
    participation = sheet.template == Template.PARTICIPATION
    measure = NARROW if participation else 1
    name_size = size_class(sheet.holder_name, NAME_SIZES, measure)
    title_size = size_class(sheet.title, TITLE_SIZES, measure)
    with translation.override(sheet.language):
        return render_to_string(
            f"certification/sheets/{sheet.template}.html",
            {
                "sheet": sheet,
                "signatories": [
                    (signatory, as_png(signatory.image)) for signatory in sheet.signatories[:MOST_SIGNATORIES]
                ],
                "logo": as_png(sheet.brand.logo),
                "crest": crest(sheet.brand, inverted=participation),
                "qr": qr_code(sheet.address),
                "host": urlsplit(settings.SITE_URL).netloc,
                "dense": _rows(sheet) > MOST_ROOMY_ROWS,
                "name_size": name_size,
                "title_size": title_size,
                "crowded": name_size == title_size == SMALLEST,
            },
        )


def _rows(sheet: Sheet) -> int:
    asked = (sheet.valid_until, sheet.net_time, sheet.attended_time, sheet.serial)
    return 2 + sum(map(bool, asked)) + len(sheet.accreditations)


def qr_code(address: str) -> str:
    """A QR code as a `data:` address of an SVG. One fixed mask: always the same picture, in half the time."""
    return segno.make(address, error="m", mask=3, micro=False, boost_error=False).svg_data_uri(
        dark=INK, border=0, scale=4, svgclass=None, lineclass=None, omitsize=True, encode_minimal=True
    )


def crest(brand: Brand, *, inverted: bool) -> str:
    """The fanlight in the organisation's colours, as a `data:` address. Page CSS does not reach into an SVG."""
    ground, line, leaf = (brand.action, PAPER, PAPER) if inverted else (PAPER, brand.action, brand.warm)
    drawing = (FOLDER / "crest.svg").read_text()
    for name, colour in (("ground", ground), ("line", line), ("leaf", leaf)):
        drawing = drawing.replace(f"{{{name}}}", colour)
    return f"data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}"


def as_png(image: bytes | None) -> str:
    return f"data:image/png;base64,{b64encode(image).decode()}" if image else ""


def set_width(text: str) -> float:
    """How wide a line of text runs in type, counted in average small letters."""
    return sum(_letter_width(mark) for mark in text)


def _letter_width(mark: str) -> float:
    if unicodedata.combining(mark):
        return 0.0
    if unicodedata.east_asian_width(mark) in "WF":
        return 1.9
    return 1.35 if mark.isupper() else 1.0


def size_class(text: str, sizes: tuple[tuple[int, str], ...], measure: float = 1) -> str:
    """The class under which a text fits its line, or at the smallest size a few."""
    width = set_width(text)
    return next((name for most, name in sizes if width <= most * measure), SMALLEST)
