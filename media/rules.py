"""What a file is, by its first bytes. Names and types that a browser sends are claims."""

from dataclasses import dataclass
from pathlib import PurePath

HEAD = 128  # bytes that are enough to tell
SYNC = 0xE0  # the eleven bits with which a frame of MP3 begins, without the first eight
EBML = b"\x1a\x45\xdf\xa3"
AUDIO_BRANDS = (b"M4A ", b"M4B ")
ZIPPED = b"PK\x03\x04"
VIDEO, AUDIO = "video", "audio"


@dataclass(frozen=True)
class Format:
    """A kind of file that we take, by the ending of its name."""

    ending: str
    content_type: str


RECORDINGS: dict[str, tuple[Format, ...]] = {
    VIDEO: (Format("mp4", "video/mp4"), Format("webm", "video/webm")),
    AUDIO: (Format("mp3", "audio/mpeg"), Format("m4a", "audio/mp4"), Format("ogg", "audio/ogg")),
}
DOCUMENTS = (
    Format("pdf", "application/pdf"),
    Format("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    Format("odt", "application/vnd.oasis.opendocument.text"),
    Format("txt", "text/plain; charset=utf-8"),
)
CONTENT_TYPES = {
    each.ending: each.content_type for each in (*RECORDINGS[VIDEO], *RECORDINGS[AUDIO], *DOCUMENTS)
}


def recording_format(head: bytes) -> str:
    """The ending that belongs to the first bytes of a video or audio file; empty for anything else."""
    if head[4:8] == b"ftyp":
        return "m4a" if head[8:12] in AUDIO_BRANDS else "mp4"
    if head.startswith(EBML):
        return "webm" if b"webm" in head else ""
    if head.startswith(b"OggS"):
        return "ogg"
    if head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1:2] >= bytes([SYNC])):
        return "mp3"
    return ""


def document_format(head: bytes) -> str:
    """The ending that belongs to the first bytes of a document; `docx` for any zip that is no OpenDocument text."""
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(ZIPPED):
        is_odt = head[30:].startswith(b"mimetypeapplication/vnd.oasis.opendocument.text")
        return "odt" if is_odt else "docx"
    controls = set(range(32)) - set(b"\t\n\f\r")
    return "" if controls & set(head) else "txt"


def ending_of(name: str) -> str:
    return PurePath(name).suffix.lower().removeprefix(".")
