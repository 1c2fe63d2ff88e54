"""Whatever is written by the notation is read back as it was; whatever is not raises ProgrammeErrors only."""

from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cms.programmes import (
    ActivityText,
    Aside,
    Drawing,
    Grounding,
    NotationError,
    Paragraphs,
    ProgrammeErrors,
    ProgrammeText,
    read_programme,
)
from tests.cms.programmes.sound_files import LESSON_HEAD, LESSON_PATH, PROGRAMME_FILES, write_files
from tests.cms.programmes.written_lessons import write_lesson

ALLOWED_TAGS = {"h2", "h3", "p", "ul", "ol", "li", "b", "i", "a", "blockquote", "br"}

PIECES = [
    *("::: single a\n", "::: multiple a optional\n", "::: truefalse b\n", "::: order c\n", "::: match d\n"),
    *("::: scale e\n", "::: reflection f\n", "::: read g\n", "::: aside Titel\n", "::: grounding\n"),
    *(
        "::: drawing raam\n",
        ":::\n",
        ":::",
        "::::\n",
        "- [ ] nee\n",
        "- [x] ja\n",
        "- [x] Waar\n",
        "  > fout\n",
    ),
    *("> goed\n", "1. een\n", "2. twee\n", "99999. veel\n", "right> ja\n", "wrong> nee\n", "hint> tip\n"),
    *("- a => b\n", "- c => d\n", "0 = laag\n", "10 = hoog\n", "0-10> alles\n", "10-0> om\n", "0> nul\n"),
    *("## Kop\n", "# Kop\n", "- item\n", "  - item\n", "[a](https://b.nl)", "[a](javascript:b)", "![a](b)"),
    *("**", "*", "_", "`", "<b>", "<!--", "&amp;", "&#0;", "\\", "|", "[", "](", "]:", "---\n", "***\n"),
    *(
        "key: a\n",
        "title: *a\n",
        "&a ",
        "{",
        "[",
        '"',
        "'",
        "? ",
        "- ",
        "%YAML 9.9\n",
        "!!int ",
        "<<: ",
        "\t",
    ),
    *("\n", "\n\n", "  ", "    ", "tekst ", "woord\n", "\0", "\r", "\ufeff", "\u2028", "é", "🙂"),
]


def summarise(content: Sequence[object]) -> list[tuple[str, Any]]:
    """The content of a lesson as `write_lesson` names it."""
    summary: list[tuple[str, Any]] = []
    for piece in content:
        match piece:
            case ActivityText():
                summary.append((piece.kind, (piece.key, piece.required, piece.fields)))
            case Drawing():
                summary.append(("drawing", piece.text))
            case Aside():
                summary.append(("aside", (piece.title, piece.html)))
            case Paragraphs():
                summary.append(("text", piece.html))
    return summary


class Balance(HTMLParser):
    """Checks that HTML has known tags only, closed in order, and links without other attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag not in ALLOWED_TAGS or [name for name, _ in attrs] != (["href"] if tag == "a" else []):
            self.problems.append(f"<{tag} {attrs}>")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}>")


def find_html_problems(html: str) -> list[str]:
    balance = Balance()
    balance.feed(html)
    balance.close()
    return balance.problems + balance.open


def read_or_refuse(folder: Path) -> tuple[ProgrammeText | None, list[NotationError]]:
    try:
        return read_programme(folder), []
    except ProgrammeErrors as refused:
        return None, refused.errors


def htmls_of(programme: ProgrammeText | None) -> list[str]:
    """The HTML of a programme's first lesson, session and course."""
    if programme is None:
        return []
    session = programme.sessions[0]
    pieces = [programme.course.body, session.body, *session.lessons[0].content]
    return [piece.html for piece in pieces if isinstance(piece, Paragraphs | Aside | Grounding)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_files(tmp_path_factory.mktemp("properties"), PROGRAMME_FILES)


@settings(deadline=None)  # every example writes files: a busy disk is no failure
@given(lesson=write_lesson())
def test_a_written_lesson_is_read_back_as_it_was(
    folder: Path, lesson: tuple[list[tuple[str, Any]], str]
) -> None:
    expected, body = lesson
    write_files(folder, {**PROGRAMME_FILES, LESSON_PATH: LESSON_HEAD + body})
    assert summarise(read_programme(folder).sessions[0].lessons[0].content) == expected


@settings(deadline=None, max_examples=400)
@example(
    path=LESSON_PATH, head=LESSON_HEAD.encode(), garbage=b":::order\n*\n  !\n:::"
)  # went on with a line that was refused
@given(
    path=st.sampled_from(sorted(PROGRAMME_FILES)),
    head=st.sampled_from([b"", b"---\n", LESSON_HEAD.encode()]),
    garbage=st.binary(max_size=300)
    | st.text(max_size=300).map(str.encode)
    | st.lists(st.sampled_from(PIECES), max_size=40).map(lambda pieces: "".join(pieces).encode()),
)
def test_garbage_is_read_or_refused_with_reasons_on_lines_that_exist(
    folder: Path, path: str, head: bytes, garbage: bytes
) -> None:
    write_files(folder, {**PROGRAMME_FILES, path: head + garbage})
    texts = {**{name: text.encode() for name, text in PROGRAMME_FILES.items()}, path: head + garbage}
    lines = {name: text.replace(b"\r", b"\n").count(b"\n") + 1 for name, text in texts.items()}
    programme, errors = read_or_refuse(folder)
    assert (programme is None) == (errors != [])
    assert [error for error in errors if not 1 <= error.line <= lines[error.path]] == []
    assert [problem for html in htmls_of(programme) for problem in find_html_problems(html)] == []
