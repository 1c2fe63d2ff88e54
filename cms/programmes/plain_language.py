"""Hints for language level B1: where a sentence is long. Hints only: a good long sentence may stay."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cms.programmes.source import Source, count_words, read_source

MAX_SENTENCE_WORDS = 22

# What starts a new text: a field's name, a heading, a list item, an option, a quote, feedback.
_START = re.compile(
    r"\s*(?:#{1,6}\s|[-*+]\s+(?:\[[ xX]\])?|[0-9]+\.\s|[0-9]+\s*=|[0-9]+(?:\s*[-–]\s*[0-9]+)?>|[a-z]*>|:::\s*\S*|---)"
)
_ONE_LINE = re.compile(r"\s*(?:#{1,6}\s|:::)")  # a heading or the title of a block ends with its line
_FIELD = re.compile(r"\s*(?:-\s+)?[A-Za-z_]+:(?:\s|$)")
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’)\]*]*$")
_LINK_TARGET = re.compile(r"\]\([^)]*\)")


@dataclass(frozen=True)
class LongSentence:
    path: str
    line: int
    words: int
    start: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: hint: a sentence of {self.words} words: {self.start}…"


def find_long_sentences(folder: Path) -> list[LongSentence]:
    """All sentences of more than 22 words in the Markdown files of a folder. Unreadable files are passed over."""
    found: list[LongSentence] = []
    for path in sorted(folder.rglob("*.md")):
        source = read_source(folder, path, [])
        if source is not None:
            found.extend(_long_sentences(source))
    return found


def _long_sentences(source: Source) -> Iterator[LongSentence]:
    sentence: list[tuple[int, str]] = []
    in_fields = False
    for number, raw in enumerate((*source.lines, ""), start=1):
        if raw.rstrip() == "---":
            in_fields = number == 1
        start = _START.match(raw) or (_FIELD.match(raw) if in_fields else None)
        if start or not raw.strip():
            yield from _judge(source, sentence)
            sentence = []
        for word in _LINK_TARGET.sub("]", raw[start.end() if start else 0 :]).split():
            sentence.append((number, word))
            if _SENTENCE_END.search(word):
                yield from _judge(source, sentence)
                sentence = []
        if _ONE_LINE.match(raw):
            yield from _judge(source, sentence)
            sentence = []


def _judge(source: Source, sentence: list[tuple[int, str]]) -> Iterator[LongSentence]:
    text = " ".join(word for _, word in sentence)
    words = count_words(text)
    if words > MAX_SENTENCE_WORDS:
        yield LongSentence(source.path, sentence[0][0], words, " ".join(text.split()[:6]))
