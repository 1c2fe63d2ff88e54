"""How long a recording lasts by its own header, and captions that are none."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.recordings import MOST_CAPTIONS, NotWebVTT, captions_of, duration_of, transcript_of
from media.rules import document_format, recording_format
from tests.recordings import CAPTIONS, FILES

NAMES = ["gesprek.webm", "gesprek.mp4", "rust.mp3", "rust.ogg", "rust.m4a"]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_says_what_it_is_and_how_long_it_lasts(name):
    ending = name.partition(".")[2]
    with (FILES / name).open("rb") as file:
        assert recording_format(file.read(128)) == ending
        assert duration_of(file, ending) == pytest.approx(6, abs=0.1)
        assert file.tell() == 0


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_a_broken_file_never_breaks_us(name, data):
    raw = bytearray((FILES / name).read_bytes())
    for _number in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, min(len(raw) - 1, 400)))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)))
    seconds = duration_of(io.BytesIO(bytes(raw[:cut])), name.partition(".")[2])
    assert seconds is None or 0 < seconds <= 24 * 3600


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\x00",
        b"<html>",
        b"%PDF-1.4",
        b"PK\x03\x04",
        b"\x1a\x45\xdf\xa3matroska",
        b"RIFFxxxxAVI ",
        b"#!/bin/sh",
    ],
)
def test_what_is_no_recording_has_no_format(head):
    assert recording_format(head) == ""


@pytest.mark.parametrize(
    ("head", "ending"),
    [
        (b"%PDF-1.4", "pdf"),
        (b"PK\x03\x04...", "docx"),
        (b"Hallo", "txt"),
        (b"MZ\x00\x01", ""),
        (b"\x7fELF", "txt"),
    ],
)
def test_a_document_is_told_by_its_first_bytes(head, ending):
    assert document_format(head) == ending


def test_captions_stay_as_they_are_and_begin_a_transcript():
    assert captions_of(CAPTIONS.encode()) == CAPTIONS
    windows = "\ufeff" + CAPTIONS.replace("\n", "\r\n")
    assert captions_of(windows.encode()) == windows
    said = "Mirjam: Hoe is het nu met u?\nKemal: Het gaat wel."
    assert transcript_of(CAPTIONS) == transcript_of(windows) == said


CUE = "00:00.000 --> 00:02.500\nHallo\n"


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"", 1),
        (b"\x00\x00", 1),
        (b"1\n00:00:01,000 --> 00:00:02,000\nSubRip\n", 1),
        (b"WEBVTTX\n\n" + CUE.encode(), 1),
        (b"WEBVTT\n", 1),
        (b"WEBVTT\n\nHallo\n", 1),
        (f"WEBVTT\n\n{CUE}\n00:03,000 --> 00:04,000\nHoi\n".encode(), 6),
        (f"WEBVTT\n\n{CUE}\n00:09.000 --> 00:04.000\nHoi\n".encode(), 6),
        (f"WEBVTT\n\n{CUE}\n00:04.000 --> 00:04.000\nHoi\n".encode(), 6),
        (f"WEBVTT\n\n{CUE}\naa --> bb\nHoi\n".encode(), 6),
        (b"WEBVTT\n\n00:00.000 --> 00:01.000\n\xff\xfe\n", 4),
        (f"WEBVTT\n\n{CUE}\nna\x00ar\n".encode(), 6),
        (b"<html><body>WEBVTT</body></html>", 1),
    ],
    ids=range(13),
)
def test_captions_that_are_none_are_refused_with_their_line(raw, line):
    with pytest.raises(NotWebVTT) as refused:
        captions_of(raw)
    assert refused.value.line == line
    assert refused.value.reason


def test_captions_without_end_are_refused():
    with pytest.raises(NotWebVTT, match="1 MB"):
        captions_of(b"WEBVTT\n" + b"x" * MOST_CAPTIONS)
