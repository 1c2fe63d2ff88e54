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
        length = struct.unpack_from(">H", photo, at + 2)[0]
        start, end = at + 4, min(at + 2 + length, len(photo))
        if photo[at + 1] == 0xE1 and photo.startswith(EXIF, start):
            _blank_exif(photo, start + len(EXIF), end)
        elif photo[at + 1] == 0xE1 and photo.startswith(XMP, start) and b"GPS" in photo[start:end]:
            photo[start + len(XMP) : end] = b" " * (end - start - len(XMP))
        at += 2 + max(length, 2)
    return bytes(photo)


def _blank_exif(photo: bytearray, base: int, end: int) -> None:
    """Empty the directory about the place, and the values it points at."""
    order = "<" if photo[base : base + 2] == b"II" else ">"
    try:
        first = base + struct.unpack_from(f"{order}L", photo, base + 4)[0]
        for tag, _kind, _count, value in _entries(photo, order, first, end):
            if tag != PLACE:
                continue
            for _tag, kind, count, offset in _entries(photo, order, base + value, end):
                size = WIDTHS.get(kind, 1) * count
                if size > 4 and base + offset + size <= end:
                    photo[base + offset : base + offset + size] = bytes(size)
            entries = struct.unpack_from(f"{order}H", photo, base + value)[0]
            size = min(2 + 12 * entries, end - base - value)
            photo[base + value : base + value + size] = bytes(size)
    except struct.error:
        return


def _entries(photo: bytearray, order: str, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Tag, kind, count and value of the directory that begins at `start`."""
    for number in range(struct.unpack_from(f"{order}H", photo, start)[0]):
        entry = start + 2 + 12 * number
        if entry + 12 > end:
            return
        yield struct.unpack_from(f"{order}HHLL", photo, entry)
