"""A photo that says where it was taken."""

import io

from PIL import Image

PLACE = 0x8825
AMSTERDAM = {1: "N", 2: (52.0, 22.0, 12.0), 3: "E", 4: (4.0, 53.0, 42.0)}


def photo_with_place():
    photo, exif = Image.new("RGB", (64, 48), "teal"), Image.Exif()
    exif[0x0110] = "Telefoon"
    exif[PLACE] = AMSTERDAM
    written = io.BytesIO()
    photo.save(written, "JPEG", exif=exif)
    return written.getvalue()


def gps_of(data):
    """What the photo says of its place; it must be readable and the rest of what it says be there."""
    with Image.open(io.BytesIO(data)) as photo:
        photo.load()
        exif = photo.getexif()
        assert exif[0x0110] == "Telefoon"
        return dict(exif.get_ifd(PLACE))
