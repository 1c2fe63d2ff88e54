"""Pictures that somebody uploads for paper: drawn anew, so that nothing of the file itself is kept or shown."""

import warnings
from io import BytesIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 16_000_000
# What is read at all. SVG is a program and stays out.
FORMATS = ("PNG", "JPEG", "WEBP")
LOGO = (1200, 480)
SIGNATURE = (900, 360)

_TOO_MANY = gettext_lazy("This picture has too many pixels. Make it at most 4,000 wide and 4,000 high.")


class PictureRefused(Exception):
    """The picture cannot be used. The message says why, for who chose it."""


def drawn_anew(data: bytes, *, within: tuple[int, int]) -> bytes:
    """The picture as a PNG of at most this size. Raises `PictureRefused`.

    Its size is read before its pixels: a small file may claim to be as large as a city.
    """
    if len(data) > MOST_BYTES:
        raise PictureRefused(_("This picture is too large: 2 MB at most."))
    try:
        with warnings.catch_warnings(), Image.open(BytesIO(data), formats=FORMATS) as picture:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the next line is stricter
            if picture.width * picture.height > MOST_PIXELS:
                raise PictureRefused(_TOO_MANY)  # noqa: TRY301 -- known only once the file is open
            drawing = picture.convert("RGBA")
    except PictureRefused:
        raise
    except Image.DecompressionBombError as error:
        raise PictureRefused(_TOO_MANY) from error
    except Exception as error:  # what a broken picture raises differs by kind
        raise PictureRefused(_("This is no PNG, JPEG or WebP picture.")) from error
    drawing.thumbnail(within, Image.Resampling.LANCZOS)
    clean = Image.new("RGBA", drawing.size)
    clean.paste(drawing)
    out = BytesIO()
    clean.save(out, "PNG", optimize=True)
    return out.getvalue()
