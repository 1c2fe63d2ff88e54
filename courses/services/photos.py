"""Photos tell where and with what they were taken. What is handed in is kept as a picture and nothing else."""

from io import BytesIO
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from courses.activities import ResponseError

FORMATS = {"jpg": "JPEG", "png": "PNG"}
MOST_PIXELS = 50_000_000
QUALITY = 92  # of a JPEG, per cent: nobody sees that it was written anew


def without_metadata(photo: BinaryIO, file_format: str) -> ContentFile:
    """The same picture, turned the right way, without place, time, device or words. Raises `ResponseError`."""
    kept = BytesIO()
    try:
        with Image.open(photo, formats=[FORMATS[file_format]]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ResponseError(
                    _("This picture has too many pixels. Make it smaller first. Your text is still here.")
                )
            colours = picture.info.get("icc_profile")
            upright = ImageOps.exif_transpose(picture)
            upright.info = {}
            upright.save(kept, FORMATS[file_format], quality=QUALITY, icc_profile=colours)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as unreadable:
        raise ResponseError(
            _(
                "This picture cannot be opened. Save it once more and choose it again. Your text is still here."
            )
        ) from unreadable
    return ContentFile(kept.getvalue())
