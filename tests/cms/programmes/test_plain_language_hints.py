"""Long sentences are found where they start."""

from pathlib import Path

import pytest

from cms.programmes.plain_language import LongSentence, find_long_sentences

W22 = " ".join(["woord"] * 22)
W23 = " ".join(["woord"] * 23)
START = "woord woord woord woord woord woord"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (f"{W23}.", 1, 23),
        (f"Kort.\n\n{W22}\nmeer.", 3, 23),
        (f"Kort. {W22}\nmeer. Kort.", 1, 23),
        (f"Kort.\n- {W23}", 2, 23),
        (f"::: single a\nVraag?\n- [x] {W23}", 3, 23),
        (f"- [ ] Nee\n  > {W23}", 2, 23),
        (f"right> {W23}", 1, 23),
        (f"4-6> {W23}", 1, 23),
        (f"---\nkey: a\nlead: {W23}\n---\n", 3, 23),
    ],
)
def test_a_sentence_of_more_than_22_words_is_found(tmp_path: Path, text: str, line: int, words: int) -> None:
    (tmp_path / "les.md").write_text(text, encoding="utf-8")
    (found,) = find_long_sentences(tmp_path)
    assert (found.path, found.line, found.words) == ("les.md", line, words)


@pytest.mark.parametrize(
    "text",
    [
        f"{W22}.",
        f"{W22}. {W22}! {W22}? “{W22}.” {W22}: {W22}…",
        f"{W22}\n\n{W22}",
        f"## {W22}\n{W22}",
        f"::: aside {W22}\n{W22}\n:::",
        f"- {W22}\n- {W22}",
        f"- [x] {W22}\n  > {W22}",
        f"1. {W22}\n2. {W22}",
        f"---\ntitle: {W22}\nlead: {W22}\n---\n{W22}",
        f"[{W22}](https://a.nl/een twee drie)",
        f"{W22} – …",
    ],
)
def test_shorter_sentences_and_separate_texts_are_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "les.md").write_text(text, encoding="utf-8")
    assert find_long_sentences(tmp_path) == []


def test_a_hint_reads_as_path_line_and_beginning(tmp_path: Path) -> None:
    (tmp_path / "sessie").mkdir()
    (tmp_path / "sessie" / "les.md").write_text(f"Kort.\n{W23}.", encoding="utf-8")
    found = find_long_sentences(tmp_path)
    assert found == [LongSentence("sessie/les.md", 2, 23, START)]
    assert str(found[0]) == f"sessie/les.md:2: hint: a sentence of 23 words: {START}…"


def test_unreadable_files_give_no_hints(tmp_path: Path) -> None:
    (tmp_path / "les.md").write_bytes(b"\xff")
    assert find_long_sentences(tmp_path) == []
