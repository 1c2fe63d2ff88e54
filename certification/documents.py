"""The certificate as a PDF: A4 landscape, tagged for screen readers, the same bytes for the same award.

Reaches nothing but the files named in `_assets`; whatever else a template or stylesheet asks for stops the rendering.
"""

import os
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from certification.models import Award

INK = "#1d2a2b"
SCHEME = "asset:"
FONT = ".woff2"
FOLDER = Path(__file__).parent / "static_documents"
# Printed name and title shrink by steps: (runs at most this wide in average letters, class).
NAME_SIZES = ((23, "size-1"), (31, "size-2"), (42, "size-3"), (62, "size-4"))
TITLE_SIZES = ((34, "size-1"), (46, "size-2"), (70, "size-3"), (140, "size-4"))
SMALLEST = "size-5"

# fontTools writes the moment of work into every embedded font unless told another: a certificate would differ by second.
_FONT_DATE = "1767225600"
# Pango and fontconfig keep state per process that two threads must not change at once.
_one_at_a_time = threading.Lock()


class DocumentError(Exception):
    """The document could not be made. The message names the kind of failure and nobody's data."""


class OwnAssetsOnly(URLFetcher):
    """Gives the files it was made with under `asset:<name>`, and `data:`; anything else is refused and ends the work."""

    def __init__(self, assets: Mapping[str, Path]) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)
        self._assets = assets
        # What was asked for and not given: inside an SVG, WeasyPrint swallows the error.
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        asset = self._assets.get(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
        if asset is not None:
            return URLFetcherResponse(url, asset.read_bytes())
        if not url.startswith("data:"):
            self.refused.append(url)
        return super().fetch(url, headers)


@cache
def _assets() -> dict[str, Path]:
    """The fonts by name: the site's own two, and where the packages they come from are installed, more letters."""
    found = {"crest.svg": FOLDER / "crest.svg"}
    for name in ("literata.woff2", "atkinson.woff2"):
        path = finders.find(f"leerhuis/{name}")
        if path is None:
            raise DocumentError(f"{name} is missing: build the assets")
        found[name] = Path(path)
    packages = settings.BASE_DIR / "node_modules" / "@fontsource-variable"
    for family, package in (("literata", "literata"), ("atkinson", "atkinson-hyperlegible-next")):
        for letters in ("latin-ext", "vietnamese", "cyrillic", "cyrillic-ext", "greek", "greek-ext"):
            path = packages / package / "files" / f"{package}-{letters}-wght-normal.woff2"
            if path.exists():
                found[f"{family}-{letters}.woff2"] = path
    return found


@cache
def _setting() -> tuple[OwnAssetsOnly, FontConfiguration, CSS]:
    """Fetcher, fonts and stylesheet, read once per process: made anew each time they cost a third and leak memory."""
    fetcher = OwnAssetsOnly(_assets())
    fonts = FontConfiguration()
    # A family of its own per file: WeasyPrint tells fonts apart by family and weight, and would set one file's letters
    # with the other's outlines.
    faces = "".join(
        f'@font-face {{ font-family: "{name.removesuffix(FONT)}"; src: url("{SCHEME}{name}") format("woff2"); }}\n'
        for name in _assets()
        if name.endswith(FONT)
    )
    sheet = CSS(
        string=faces + (FOLDER / "certificate.css").read_text(), font_config=fonts, url_fetcher=fetcher
    )
    return fetcher, fonts, sheet


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


def proof_address(award: Award) -> str:
    """The address in the QR code."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.SITE_URL.rstrip("/") + reverse("proof", args=[award.public_id])


def qr_code(address: str) -> str:
    """A QR code as a `data:` address of an SVG. One fixed mask: always the same picture, in half the time."""
    return segno.make(address, error="m", mask=3, micro=False, boost_error=False).svg_data_uri(
        dark=INK, border=0, scale=4, svgclass=None, lineclass=None, omitsize=True, encode_minimal=True
    )


def set_width(text: str) -> float:
    """How wide a line of text runs in type, counted in average small letters."""
    return sum(_letter_width(mark) for mark in text)


def _letter_width(mark: str) -> float:
    if unicodedata.combining(mark):
        return 0.0
    if unicodedata.east_asian_width(mark) in "WF":
        return 1.9
    return 1.35 if mark.isupper() else 1.0


def size_class(text: str, sizes: tuple[tuple[int, str], ...]) -> str:
    """The class under which a text fits its line, or at the smallest size a few."""
    width = set_width(text)
    return next((name for most, name in sizes if width <= most), SMALLEST)


def certificate_html(award: Award) -> str:
    """The certificate as HTML, in its own language."""
    with translation.override(award.language):
        return render_to_string(
            "certification/certificate.html",
            {
                "award": award,
                "qr": qr_code(proof_address(award)),
                "host": urlsplit(settings.SITE_URL).netloc,
                "name_size": size_class(award.holder_name, NAME_SIZES),
                "title_size": size_class(award.shown_title, TITLE_SIZES),
            },
        )


def to_pdf(html: str, *, identifier: str) -> bytes:
    """Typeset a document. The same HTML and identifier give the same bytes.

    Raises `DocumentError` where it asks for something that is not ours.
    """
    with _one_at_a_time, _fonts_dated():
        try:
            fetcher, fonts, sheet = _setting()
            fetcher.refused.clear()
            pdf = HTML(string=html, url_fetcher=fetcher).write_pdf(
                stylesheets=[sheet],
                font_config=fonts,
                pdf_variant="pdf/ua-1",
                pdf_identifier=identifier.encode(),
            )
        except FatalURLFetchingError as error:  # no Exception: whoever catches those would miss it
            raise DocumentError("refused to fetch what is not ours") from error
        if fetcher.refused:
            raise DocumentError("refused to fetch what is not ours")
        return pdf


def render_certificate(award: Award) -> bytes:
    """The PDF of an award. Raises `DocumentError`."""
    return to_pdf(certificate_html(award), identifier=award.public_id)
