"""One file of a programme: its lines and what is wrong with them."""

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from cms.programmes.errors import NotationError
from cms.programmes.messages import Message

MAX_BYTES = 1024 * 1024

KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
MAX_KEY_LENGTH = 80
MAX_LINE = 255
MAX_QUOTED = 60
MAX_PROSE = 2000

# Marks that a writer means as Markdown and a learner would see as stray signs.
_MARKDOWN_MARK = re.compile(r"\*\*|\]\(|(?<!\S)\*\S")
# Overrides of writing direction can make a text read differently from what it is.
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NOT_THERE = Message("No such file or directory")  # in the words of the system
_WORD = re.compile(r"\S*\w\S*")


@dataclass(frozen=True)
class Source:
    """The text of one file. Errors are collected in `errors`, which all files of a folder share."""

    path: str
    lines: tuple[str, ...]
    errors: list[NotationError]

    def report(self, line: int, message: Message) -> None:
        """Note an error; reading goes on, so that a writer sees all errors at once."""
        last = len(self.lines) or line
        self.errors.append(NotationError(self.path, min(max(line, 1), max(last, 1)), message))


def count_words(text: str) -> int:
    """Number of words; a dash or a stop on its own is no word."""
    return len(_WORD.findall(text))


def path_text(path: Path) -> str:
    """The path with slashes, printable whatever bytes the file system holds."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def forbidden_character(text: str) -> Message | None:
    """Name the first character that no text may hold (NUL, tab, control, surrogate, direction mark), or None."""
    for character in text:
        if character == "\n":
            continue
        if character == "\t":
            return Message("a tab")
        if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or character in _DIRECTION_MARKS:
            return Message("the invisible character U+%(code)s", code=f"{ord(character):04X}")
    return None


def shorten(text: str) -> str:
    """A writer's text as a message may quote it: short and printable."""
    printable = text.encode("utf-8", "backslashreplace").decode()
    return printable if len(printable) <= MAX_QUOTED else f"{printable[:MAX_QUOTED]}…"


def markdown_in_plain_text(text: str) -> bool:
    """Whether a plain text holds Markdown that would be shown as signs."""
    return _MARKDOWN_MARK.search(text) is not None


def read_source(folder: Path, path: Path, errors: list[NotationError]) -> Source | None:
    """Read a UTF-8 file of at most 1 MB, or note why that is impossible and return None."""
    source = Source(path_text(path.relative_to(folder)), (), errors)
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        source.report(
            1,
            Message(
                "This file cannot be read (%(reason)s). Check that it exists and may be read.",
                reason=_NOT_THERE if isinstance(error, FileNotFoundError) else error.strerror,
            ),
        )
        return None
    if len(raw) > MAX_BYTES:
        source.report(1, Message("This file is larger than 1 MB. Split it."))
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        source.report(line, Message("This line is not valid UTF-8. Save the file as UTF-8."))
        return None
    lines = tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    broken = False
    for number, line in enumerate(lines, start=1):
        if name := forbidden_character(line):
            source.report(
                number, Message("This line holds %(name)s. Remove it; indent with spaces.", name=name)
            )
            broken = True
    return None if broken else Source(source.path, lines, errors)
