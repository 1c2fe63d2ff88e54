"""What a trainer may want to look at once more in a lesson. Hints: none of them keeps anybody from publishing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cms.blocks import ActivityBlock
from cms.blocks.words import texts_in
from cms.models import LessonPage
from cms.programmes.plain_language import difficult_words, long_sentences
from cms.programmes.source import count_words
from courses.activities import kind_of

START = 8  # words of a long sentence that are shown


@dataclass(frozen=True)
class LongSentence:
    """How a sentence begins, how many words it has, and the block it stands in."""

    start: str
    words: int
    block: str


@dataclass(frozen=True)
class DifficultWord:
    """A word, a plainer one, and the first block it stands in."""

    word: str
    plainer: str
    block: str


@dataclass(frozen=True)
class Gap:
    """Something that a block still lacks for some readers: `what` it is, its words, and the block."""

    what: str
    words: str
    block: str


NO_CAPTIONS, NO_TRANSCRIPT, NO_REACTION = "captions", "transcript", "reaction"


@dataclass(frozen=True)
class Hints:
    """`note_missing`: the lesson asks for something of one's own, and nothing says beforehand what it touches."""

    sentences: tuple[LongSentence, ...] = ()
    words: tuple[DifficultWord, ...] = ()
    note_missing: bool = False
    gaps: tuple[Gap, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sentences or self.words or self.note_missing or self.gaps)


def hints(page: LessonPage) -> Hints:
    """What to look at once more in a lesson as the page holds it. Words are known in Dutch only. One query per kind of file."""
    sentences: list[LongSentence] = []
    words: dict[str, DifficultWord] = {}
    gaps: list[Gap] = []
    dutch = page.locale.language_code == "nl"
    for child in page.body:
        gaps.extend(Gap(what, words, child.id) for what, words in _gaps(child))
        for text in texts_in(child.block, child.value):
            sentences.extend(_judged(sentence, child.id) for sentence in long_sentences(text))
            for word, plainer in difficult_words(text).items() if dutch else ():
                words.setdefault(word, DifficultWord(word, plainer, child.id))
    return Hints(tuple(sentences), tuple(words.values()), _lacks_note(page), tuple(gaps))


def _judged(sentence: str, block: str) -> LongSentence:
    return LongSentence(" ".join(sentence.split()[:START]), count_words(sentence), block)


def _gaps(child: Any) -> Iterator[tuple[str, str]]:
    """A recording that not everybody can follow, and answers to which nothing is said."""
    recording = child.value.get("recording") if child.block_type in {"video", "audio"} else None
    if recording is not None:
        if child.block_type == "video" and not recording.captions:
            yield NO_CAPTIONS, recording.title
        if not recording.transcript.strip():
            yield NO_TRANSCRIPT, recording.title
    if child.block_type in {"single_choice", "multiple_choice"}:
        for option in child.value["options"]:
            if option["text"] and not str(option["feedback"] or "").strip():
                yield NO_REACTION, option["text"]


def _lacks_note(page: LessonPage) -> bool:
    return not page.note.strip() and any(
        kind_of(child.block.kind).PRIVATE for child in page.body if isinstance(child.block, ActivityBlock)
    )
