"""Photos tell where they were taken. An expert by experience's living room must not travel along with a lesson."""

import struct
from collections.abc import Iterator

from .formats import HEAD_BYTES

# Where in a photo's directory the directory about the place is.
PLACE = 0x8825
# Bytes that one value of a kind takes.
WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
EXIF, XMP = b"Exif\x00\x00", b"http://ns.adobe.com/xap/1.0/\x00"


def without_place(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes of a file; of a JPEG without the place it was taken at. As many bytes as before, turned the right way."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= HEAD_BYTES or not head.startswith(b"\xff\xd8\xff"[: len(head)]):
            break
    yield _blanked(head) if head.startswith(b"\xff\xd8\xff") else head
    yield from chunks


def _blanked(head: bytes) -> bytes:
    photo, at = bytearray(head), 2
    while at + 4 <= len(photo) and photo[at] == 0xFF and photo[at + 1] not in {0xDA, 0xD9}:
        if photo[at + 1] == 0xFF:  # any number of these may stand before a segment
            at += 1
            continue
        length = max(struct.unpack_from(">H", photo, at + 2)[0], 2)
        if photo[at + 1] == 0xE1:
            inside = slice(at + 4, at + 2 + length)
            photo[inside] = _told(bytes(photo[inside]))
        at += 2 + length
    return bytes(photo)


def _told(said: bytes) -> bytes:
    """What a segment says, without the place."""
    if said.startswith(EXIF):
        return EXIF + _exif_without_place(said[len(EXIF) :])
    if said.startswith(XMP) and b"GPS" in said:
        return XMP.ljust(len(said))
    return said


def _exif_without_place(exif: bytes) -> bytes:
    """As many bytes, the place blanked out; all of them where its directory cannot be followed. It may be a stranger's."""
    try:
        parts = _about_place(exif)
    except (struct.error, ValueError):
        return bytes(len(exif))
    if sum(size for _start, size in parts) > len(exif):  # they lie on one another
        return bytes(len(exif))
    kept = bytearray(exif)
    for start, size in parts:
        kept[start : start + size] = bytes(size)
    return bytes(kept)


def _about_place(exif: bytes) -> list[tuple[int, int]]:
    """Start and size of the directory about the place, and of the values it points at."""
    order = "<" if exif.startswith(b"II") else ">"
    (first,) = struct.unpack_from(f"{order}L", exif, 4)
    places = [value for tag, _kind, _count, value in _entries(exif, order, first) if tag == PLACE]
    if len(places) > 1:
        raise ValueError("more than one place")
    parts = []
    for place in places:
        entries = _entries(exif, order, place)
        parts.append((place, 2 + 12 * len(entries)))
        sizes = [(offset, WIDTHS.get(kind, 1) * count) for _tag, kind, count, offset in entries]
        parts += [(start, size) for start, size in sizes if size > 4 and start + size <= len(exif)]
    return parts


def _entries(exif: bytes, order: str, start: int) -> list[tuple[int, int, int, int]]:
    """Tag, kind, count and value of all in the directory that begins at `start`."""
    (number,) = struct.unpack_from(f"{order}H", exif, start)
    return [struct.unpack_from(f"{order}HHLL", exif, start + 2 + 12 * each) for each in range(number)]
