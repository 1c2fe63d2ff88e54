"""How long a recording lasts by its own header, and whether captions are WebVTT. Reads no more than it needs."""

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO

import webvtt
from django.utils.translation import gettext as _
from webvtt.errors import MalformedCaptionError, MalformedFileError

MOST_CAPTIONS = 1024 * 1024  # bytes
MOST_PARTS = 10_000  # boxes or elements looked at: what has more is made to keep us busy
LAST_PAGES = 128 * 1024  # bytes at the end of an Ogg file in which its last page begins
LONGEST = 24 * 3600  # seconds

_SEGMENT, _INFO, _SCALE, _DURATION = 0x18538067, 0x1549A966, 0x2AD7B1, 0x4489
_MPEG_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_KILOBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KILOBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


class NotWebVTT(ValueError):
    """A file of captions cannot be read. `line` counts from 1; the message is for who uploads it."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


# --- how long it lasts ----------------------------------------------------------------------------------------------
def duration_of(file: BinaryIO, ending: str) -> float | None:
    """Seconds, or `None` where the file does not say, or says something that cannot be."""
    read = {"mp4": _mp4, "m4a": _mp4, "webm": _webm, "ogg": _ogg, "mp3": _mp3}[ending]
    file.seek(0)
    try:
        seconds = read(file)
    except (struct.error, LookupError, ValueError, OverflowError, ZeroDivisionError):
        return None
    finally:
        file.seek(0)
    seconds = round(seconds, 2) if seconds and seconds <= LONGEST else 0.0
    return seconds if seconds > 0 else None


def _mp4(file: BinaryIO) -> float | None:
    for name, body, end in _boxes(file, 0, _length(file)):
        if name != b"moov":
            continue
        for inner, start, _end in _boxes(file, body, end):
            if inner == b"mvhd":
                file.seek(start)
                head = file.read(32)
                scale, length = (
                    struct.unpack(">IQ", head[20:32]) if head[0] else struct.unpack(">II", head[12:20])
                )
                return length / scale
    return None


def _boxes(file: BinaryIO, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes of an MP4 file from `at`: name, where the content begins, where it ends."""
    for _number in range(MOST_PARTS):
        if at + 8 > end:
            return
        file.seek(at)
        size, name = struct.unpack(">I4s", file.read(8))
        body = at + 8
        if size == 1:
            (size,) = struct.unpack(">Q", file.read(8))
            body += 8
        size = size or end - at
        if size < body - at or at + size > end:
            return
        yield name, body, at + size
        at += size


def _webm(file: BinaryIO) -> float | None:
    length = _length(file)
    for name, body, end in _elements(file, 0, length):
        if name != _SEGMENT:
            continue
        for inner, start, stop in _elements(file, body, end):
            if inner == _INFO:
                return _webm_info(file, start, stop)
    return None


def _webm_info(file: BinaryIO, at: int, end: int) -> float | None:
    scale, ticks = 1_000_000, None
    for name, start, stop in _elements(file, at, end):
        file.seek(start)
        raw = file.read(min(stop - start, 8))
        if name == _SCALE:
            scale = int.from_bytes(raw)
        elif name == _DURATION:
            (ticks,) = struct.unpack(">f" if len(raw) == 4 else ">d", raw)  # noqa: PLR2004 -- a short float
    return ticks * scale / 1e9 if ticks else None


def _elements(file: BinaryIO, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The elements of a WebM file from `at`: id, where the content begins, where it ends (unknown: at `end`)."""
    for _number in range(MOST_PARTS):
        if at + 2 > end:
            return
        file.seek(at)
        head = file.read(12)
        width = 9 - head[0].bit_length()
        name = int.from_bytes(head[:width])
        more = 9 - head[width].bit_length()
        size = int.from_bytes(head[width : width + more]) & ((1 << 7 * more) - 1)
        body = at + width + more
        unknown = size == (1 << 7 * more) - 1
        stop = end if unknown else min(body + size, end)
        yield name, body, stop
        at = stop


def _ogg(file: BinaryIO) -> float | None:
    head = file.read(128)
    if (at := head.find(b"OpusHead")) >= 0:
        (skipped,) = struct.unpack("<H", head[at + 10 : at + 12])
        rate = 48_000
    elif (at := head.find(b"\x01vorbis")) >= 0:
        skipped = 0
        (rate,) = struct.unpack("<I", head[at + 12 : at + 16])
    else:
        return None
    file.seek(max(0, _length(file) - LAST_PAGES))
    tail = file.read(LAST_PAGES)
    page = tail.rfind(b"OggS")
    (samples,) = struct.unpack("<q", tail[page + 6 : page + 14])
    return (samples - skipped) / rate


def _mp3(file: BinaryIO) -> float | None:
    head, at = file.read(10), 0
    if head.startswith(b"ID3"):
        at = 10 + sum((byte & 0x7F) << 7 * place for place, byte in enumerate(reversed(head[6:10])))
    file.seek(at)
    frame = file.read(512)
    version, rates, samples = (frame[1] >> 3) & 3, _MPEG_RATES[(frame[1] >> 3) & 3], 1152
    if version != 3:  # noqa: PLR2004 -- MPEG 1
        samples = 576
    rate = rates[(frame[2] >> 2) & 3]
    for mark in (b"Xing", b"Info"):
        if (place := frame.find(mark)) > 0 and frame[place + 7] & 1:
            (frames,) = struct.unpack(">I", frame[place + 8 : place + 12])
            return frames * samples / rate
    kilobits = (_KILOBITS_1 if samples == 1152 else _KILOBITS_2)[frame[2] >> 4]  # noqa: PLR2004 -- MPEG 1
    return (_length(file) - at) * 8 / (kilobits * 1000)


def _length(file: BinaryIO) -> int:
    return file.seek(0, io.SEEK_END)


# --- captions -------------------------------------------------------------------------------------------------------
def captions_of(raw: bytes) -> str:
    """The text of a file of captions as it stands. Raises `NotWebVTT` with the line and what is wrong there."""
    if len(raw) > MOST_CAPTIONS:
        raise NotWebVTT(1, _("The captions are larger than 1 MB."))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise NotWebVTT(line, _("This is no UTF-8. Save the captions as UTF-8.")) from error
    if (at := text.find("\x00")) >= 0:
        raise NotWebVTT(text.count("\n", 0, at) + 1, _("This line holds a character that no text has."))
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    _check_captions(lines)
    return text


def _check_captions(lines: list[str]) -> None:
    if lines[0] != "WEBVTT" and not lines[0].startswith(("WEBVTT ", "WEBVTT\t")):
        raise NotWebVTT(1, _("Captions in WebVTT begin with a line that says WEBVTT."))
    times = [number for number, line in enumerate(lines, start=1) if "-->" in line]
    if not times:
        raise NotWebVTT(1, _("There is no line with times in it, such as 00:01.000 --> 00:04.000."))
    for number in times:
        _check_cue(lines, number)
    try:
        webvtt.from_string("\n".join(lines), strict=True)
    except (MalformedFileError, MalformedCaptionError, ValueError) as error:
        raise NotWebVTT(1, _("These captions cannot be read: %(why)s") % {"why": error}) from error


def _check_cue(lines: list[str], number: int) -> None:
    """One cue by itself, so that what is wrong has a line. `number` is that of its times."""
    try:
        (cue,) = webvtt.from_string(f"WEBVTT\n\n{lines[number - 1]}\n.\n", strict=True).captions
    except (MalformedFileError, MalformedCaptionError, ValueError) as error:
        raise NotWebVTT(
            number, _("These times cannot be read. Write them as 00:01.000 --> 00:04.000.")
        ) from error
    if not cue.start_time < cue.end_time:
        raise NotWebVTT(number, _("This caption ends before it begins."))


def transcript_of(captions: str) -> str:
    """What the captions say, a line each, to begin a transcript with."""
    said: list[str] = []
    for cue in webvtt.from_string(captions.removeprefix("\ufeff")).captions:
        text = " ".join(cue.text.split())
        if text and (not said or said[-1] != text):
            said.append(text)
    return "\n".join(said)
