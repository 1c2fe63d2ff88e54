"""What a sheet is set with: our own files and nothing else.

Reaches nothing but the files named in `own_assets`; whatever else a template or stylesheet asks for stops the rendering.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from weasyprint import CSS
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from certification.models import LETTER_MISSING

SCHEME = "asset:"
FONT = ".woff2"
FOLDER = Path(__file__).parents[1] / "static_documents"


class DocumentError(Exception):
    """The document could not be made. The message names the kind of failure and nobody's data."""


class LetterMissing(DocumentError):
    """No font here has a letter that is to be set: an empty box would stand in its place, which PDF/A forbids.

    The message names that one letter and not where it stands.
    """

    def __init__(self, letter: str) -> None:
        super().__init__(f"{LETTER_MISSING}{ord(letter):04X}")
        self.letter = letter


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
def own_assets() -> dict[str, Path]:
    """The fonts by name: the site's own two, and where the packages they come from are installed, more letters."""
    found: dict[str, Path] = {}
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
def setting() -> tuple[OwnAssetsOnly, FontConfiguration, CSS]:
    """Fetcher, fonts and stylesheet, read once per process: made anew each time they cost a third and leak memory."""
    fetcher = OwnAssetsOnly(own_assets())
    fonts = FontConfiguration()
    # A family of its own per file: WeasyPrint tells fonts apart by family and weight, and would set one file's letters
    # with the other's outlines.
    faces = "".join(
        f'@font-face {{ font-family: "{name.removesuffix(FONT)}"; src: url("{SCHEME}{name}") format("woff2"); }}\n'
        for name in own_assets()
        if name.endswith(FONT)
    )
    sheet = CSS(
        string=faces + (FOLDER / "certificate.css").read_text(), font_config=fonts, url_fetcher=fetcher
    )
    return fetcher, fonts, sheet
