"""Kinds of files: what may be in a package, what their bytes look like, and how they are served."""

import re
import struct
from collections.abc import Mapping

from media.archives.policy import ending_of

from .refusals import PackageRefused

# H5P's own lists, without Flash. No script, style, markup or drawing with script among what authors bring.
IN_CONTENT: Mapping[str, str] = {
    "json": "application/json",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "webp": "image/webp",
    "eot": "application/vnd.ms-fontobject",
    "ttf": "font/ttf",
    "otf": "font/otf",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "webm": "video/webm",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
    "txt": "text/plain",
    "csv": "text/plain",
    "md": "text/plain",
    "diff": "text/plain",
    "patch": "text/plain",
    "textile": "text/plain",
    "vtt": "text/vtt",
    "webvtt": "text/vtt",
    "pdf": "application/pdf",
    **dict.fromkeys(
        ("rtf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "gltf", "glb"),
        "application/octet-stream",
    ),
}
IN_LIBRARIES: Mapping[str, str] = IN_CONTENT | {
    "js": "text/javascript",
    "css": "text/css",
    "svg": "image/svg+xml",
    "xml": "text/xml",
}
# SCORM packages are websites: pages, scripts and what those load. Each has an origin of its own.
IN_SCORM: Mapping[str, str] = IN_LIBRARIES | {
    "html": "text/html",
    "htm": "text/html",
    "xhtml": "application/xhtml+xml",
    "mjs": "text/javascript",
    "map": "application/json",
    "xsd": "text/xml",
    "dtd": "text/plain",
    "ico": "image/x-icon",
    "cur": "image/x-icon",
    "avif": "image/avif",
    "aac": "audio/aac",
    "m4v": "video/mp4",
    "ogv": "video/ogg",
    "oga": "audio/ogg",
    "srt": "text/plain",
    "wasm": "application/wasm",
}
# How pictures, sound and film begin. Which of the kind it is does not matter: many a JPEG is called .png.
IMAGES = re.compile(
    rb"(?P<png>\x89PNG\r\n\x1a\n)|(?P<jpeg>\xff\xd8\xff)|(?P<gif>GIF8[79]a)|(?P<bmp>BM)"
    rb"|(?P<tiff>II\*\x00|MM\x00\*)|(?P<webp>RIFF.{4}WEBP)",
    re.DOTALL,
)
FILMS = re.compile(
    rb".{4}ftyp|\x1a\x45\xdf\xa3|OggS|RIFF.{4}WAVE|ID3|\xff[\xe0-\xff]|.{4}(?:moov|mdat|free|wide|skip)",
    re.DOTALL,
)
FONTS = re.compile(rb"\x00\x01\x00\x00|OTTO|true|ttcf|wOFF|wOF2|.{34}LP", re.DOTALL)
DOCUMENTS = re.compile(rb".{0,1020}?%PDF-", re.DOTALL)
BEGINNINGS: Mapping[str, re.Pattern[bytes]] = {
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp"), IMAGES),
    **dict.fromkeys(("webm", "mp4", "ogg", "mp3", "m4a", "wav"), FILMS),
    **dict.fromkeys(("eot", "ttf", "otf", "woff", "woff2"), FONTS),
    "pdf": DOCUMENTS,
}
# How much of a file is looked at: enough for a photo's data about itself and a small preview in it.
HEAD_BYTES = 256 * 1024
# A phone's photo has twelve million. One picture of a hundred million takes 400 MB of the viewer's memory.
MOST_PIXELS = 50_000_000


def content_type(path: str, head: bytes, kinds: Mapping[str, str], *, otherwise: str = "") -> str:
    """How a file is to be served, by its ending (`kinds`) and its first bytes. `PackageRefused` where they do not fit.

    `otherwise` is what files with other endings are; without it they are refused.
    """
    ending = ending_of(path)
    if not (kind := kinds.get(ending, otherwise)):
        raise PackageRefused("ending", path=path)
    beginning = BEGINNINGS.get(ending)
    # Nothing in it, nothing to mistake: some libraries ship empty files.
    if beginning is not None and head:
        found = beginning.match(head)
        if found is None:
            raise PackageRefused("disguised", path=path)
        if beginning is IMAGES:
            _refuse_flood(path, found.lastgroup or "", head)
            return f"image/{found.lastgroup}"
    return kind


def _refuse_flood(path: str, kind: str, head: bytes) -> None:
    try:
        width, height = SIZES[kind](head)
    except (struct.error, IndexError):
        raise PackageRefused("disguised", path=path) from None
    if width * height > MOST_PIXELS:
        raise PackageRefused("pixels", path=path, most=MOST_PIXELS // 1_000_000)


def _jpeg_size(head: bytes) -> tuple[int, int]:
    """From the first frame header; no size where it lies beyond what was read."""
    at = 2
    while at + 9 < len(head):
        if head[at] != 0xFF:
            return 0, 0
        marker = head[at + 1]
        if marker == 0xFF:
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", head, at + 5)
            return width, height
        else:
            at += 2 + struct.unpack_from(">H", head, at + 2)[0]
    return 0, 0


def _webp_size(head: bytes) -> tuple[int, int]:
    kind = head[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if kind == b"VP8L":
        bits = struct.unpack_from("<L", head, 21)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", head, 26)
    return width & 0x3FFF, height & 0x3FFF


def _bmp_size(head: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<ll", head, 18)
    return abs(width), abs(height)


def _tiff_size(head: bytes) -> tuple[int, int]:
    """From the first directory: tags 256 and 257."""
    order = "<" if head.startswith(b"II") else ">"
    at = struct.unpack_from(f"{order}L", head, 4)[0]
    found = {256: 0, 257: 0}
    if at + 2 <= len(head):
        for number in range(min(struct.unpack_from(f"{order}H", head, at)[0], 200)):
            entry = at + 2 + 12 * number
            tag, kind = struct.unpack_from(f"{order}HH", head, entry)
            if tag in found:
                found[tag] = struct.unpack_from(f"{order}{'H' if kind == 3 else 'L'}", head, entry + 8)[0]
    return found[256], found[257]


SIZES = {
    "png": lambda head: struct.unpack_from(">LL", head, 16),
    "gif": lambda head: struct.unpack_from("<HH", head, 6),
    "jpeg": _jpeg_size,
    "webp": _webp_size,
    "bmp": _bmp_size,
    "tiff": _tiff_size,
}
