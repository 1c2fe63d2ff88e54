"""Hints for language level B1: long sentences and difficult words. Hints only: a good long sentence may stay."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cms.programmes.source import Source, count_words, read_source

MAX_SENTENCE_WORDS = 22
PLAIN_WORDS = Path(__file__).with_name("plain_words.txt")

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


def long_sentences(text: str) -> Iterator[str]:
    """The sentences of more than 22 words in a plain text; every line begins a new one."""
    for line in text.splitlines():
        sentence: list[str] = []
        words = line.split()
        for number, word in enumerate(words, start=1):
            sentence.append(word)
            if _SENTENCE_END.search(word) or number == len(words):
                if count_words(" ".join(sentence)) > MAX_SENTENCE_WORDS:
                    yield " ".join(sentence)
                sentence = []


def difficult_words(text: str) -> dict[str, str]:
    """The difficult Dutch words of a text with a plainer one each, in the order of the list."""
    found = {each.casefold() for each in _difficult().findall(text)}
    return {word: plainer for word, plainer in plain_words().items() if word in found}


@lru_cache(maxsize=1)
def plain_words() -> dict[str, str]:
    """Difficult word → plainer one, as the list beside this file has them."""
    lines = PLAIN_WORDS.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(" = ") for line in lines if line and not line.startswith("#"))
    return {difficult: plainer for difficult, _, plainer in pairs}


@lru_cache(maxsize=1)
def _difficult() -> re.Pattern[str]:
    longest_first = sorted(plain_words(), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


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
