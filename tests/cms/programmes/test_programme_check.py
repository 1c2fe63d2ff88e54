"""The command that writers run."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cms.programmes.check import main

WriteFolder = Callable[..., Path]
SESSION = "01-begin/session.md"
VOORAF = "01-begin/10-les.md"
ACHTERAF = "01-begin/70-les.md"


def session(meeting: str = "meeting: 2 uur\n") -> str:
    return f"---\nkey: p1\ntitle: Het begin\ntouches: Het begin.\nnote: Niets.\n{meeting}---\n"


def lesson(key: str, part: str, minutes: int, words: int) -> str:
    paragraphs = "Woord. " * 100 + "\n\n"
    text = paragraphs * (words // 100) + "Woord. " * (words % 100)
    return f"---\nkey: {key}\ntitle: Les\npart: {part}\nminutes: {minutes}\n---\n{text}\n"


def test_a_sound_programme_has_its_minutes_printed_and_status_0(
    write_programme: WriteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_programme(
        {
            SESSION: session(),
            VOORAF: lesson("p1-a", "vooraf", 16, 15 * 130),
            ACHTERAF: lesson("p1-b", "achteraf", 20, 20 * 130 + 13),
        }
    )
    assert main([str(folder)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{VOORAF}: 15.0 minutes, stated 16 (vooraf)",
        f"{ACHTERAF}: 20.1 minutes, stated 20 (achteraf)",
        f"{SESSION}: vooraf 15.0 minutes",
        f"{SESSION}: achteraf 20.1 minutes",
        f"{folder}: 1 sessions, 2 lessons, 0 errors, 0 hints",
    ]


def test_minutes_that_differ_and_parts_out_of_range_give_status_1(
    write_programme: WriteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_programme({SESSION: session(), VOORAF: lesson("p1-a", "vooraf", 16, 14 * 130)})
    assert main([str(folder)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{VOORAF}: 14.0 minutes, stated 16 (vooraf)",
        f"{VOORAF}:1: the text takes 14 minutes and 'minutes' says 16. Change one of the two.",
        f"{SESSION}: vooraf 14.0 minutes",
        f"{SESSION}:1: the lessons of 'vooraf' take 14 minutes together. Make it 15 to 25.",
        f"{SESSION}:1: the lessons of 'achteraf' take 0 minutes together. Make it 10 to 20.",
        f"{SESSION}:1: the lessons of 'achteraf' state 0 minutes together. Make it 10 to 20.",
        f"{folder}: 1 sessions, 1 lessons, 4 errors, 0 hints",
    ]


def test_a_session_without_meeting_may_take_any_time(
    write_programme: WriteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_programme({SESSION: session(meeting=""), VOORAF: lesson("p1-a", "les", 40, 40 * 130)})
    assert main([str(folder)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{VOORAF}: 40.0 minutes, stated 40 (les)",
        f"{SESSION}: les 40.0 minutes",
        f"{folder}: 1 sessions, 1 lessons, 0 errors, 0 hints",
    ]


def test_errors_are_printed_with_hints_and_status_1(
    write_programme: WriteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    long = "Dit is een zin " + "en nog iets erbij " * 5 + "klaar."
    folder = write_programme({SESSION: session(meeting="") + long, VOORAF: "Tekst."})
    assert main([str(folder)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{VOORAF}:1: The file must start with a line of three dashes, then the fields.",
        f"{SESSION}:7: hint: a sentence of 25 words: Dit is een zin en nog…",
        f"{folder}: not read, 1 errors, 1 hints",
    ]


def test_the_sites_folder_is_read_as_pages(
    write_site: WriteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_site({})
    assert main([str(folder)]) == 0
    assert capsys.readouterr().out.splitlines() == [f"{folder}: 3 pages, 0 errors, 0 hints"]


def test_a_broken_site_gives_status_1(write_site: WriteFolder, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_site({"logo.png": b""})
    assert main([str(folder)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "logo.png:1: This does not belong here. The site's folder holds .md files only.",
        f"{folder}: not read, 1 errors, 0 hints",
    ]
