"""The README's pictures, kept by the journeys where that is asked for (`make screenshots`)."""

import io
import os

from django.conf import settings
from PIL import Image
from playwright.sync_api import Page

ASKED_FOR = bool(os.environ.get("SCREENSHOTS"))
FOLDER = settings.BASE_DIR / "docs" / "screenshots"


def picture(page: Page, name: str, *, full: bool = False) -> None:
    """Keep what stands on the screen, or the full page, as `docs/screenshots/<name>.png`."""
    if not ASKED_FOR:
        return
    shot = page.screenshot(full_page=full, animations="disabled")
    keep_picture(Image.open(io.BytesIO(shot)).convert("RGB"), name)


def keep_picture(image: Image.Image, name: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    image.quantize(64, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
