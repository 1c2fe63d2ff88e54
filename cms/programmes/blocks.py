"""A lesson's body cut into runs of Markdown and `:::` blocks."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

from cms.programmes.activities import read_activity
from cms.programmes.markdown import read_markdown
from cms.programmes.messages import Message
from cms.programmes.notation import (
    DRAWINGS,
    ActivityKind,
    ActivityText,
    Aside,
    Drawing,
    Grounding,
    LessonContent,
    Paragraphs,
)
from cms.programmes.source import MAX_LINE, Source, count_words, markdown_in_plain_text, shorten

ACTIVITY_KINDS = get_args(ActivityKind)

_FENCE = re.compile(r"\s*:::\s*(?P<kind>\S*)\s*(?P<rest>.*?)\s*")


@dataclass(frozen=True)
class Block:
    """One block as it stands in the file. `lines` are the lines between the fences."""

    kind: str
    rest: str
    line: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """Lines of Markdown between two blocks."""

    line: int
    lines: tuple[str, ...]


def read_content(source: Source, first_line: int) -> tuple[LessonContent, ...]:
    """Read the body of a lesson that starts on `first_line`; errors are reported to the source."""
    content: list[LessonContent] = []
    keys: dict[str, int] = {}
    for piece in _cut(source, first_line):
        if isinstance(piece, Run):
            if any(line.strip() for line in piece.lines):
                content.append(read_markdown(source, piece.lines, piece.line))
            continue
        read = _READERS.get(piece.kind)
        if read is None:
            source.report(
                piece.line,
                Message(
                    "'%(kind)s' is no kind of block. Use one of %(kinds)s.",
                    kind=shorten(piece.kind),
                    kinds=", ".join(_READERS),
                ),
            )
            continue
        text = read(source, piece)
        if text is None:
            continue
        if isinstance(text, ActivityText):
            if text.key in keys:
                source.report(
                    piece.line,
                    Message(
                        "The id '%(key)s' is used on line %(line)s already. Every id is unique in its lesson.",
                        key=text.key,
                        line=keys[text.key],
                    ),
                )
            keys.setdefault(text.key, piece.line)
        content.append(text)
    return tuple(content)


def refuse_blocks(source: Source, lines: Sequence[str], first_line: int) -> None:
    """Report blocks in a file that is all Markdown."""
    for number, line in enumerate(lines, start=first_line):
        if _FENCE.fullmatch(line):
            source.report(
                number, Message("Blocks (:::) belong in lessons only. Write it as text, or move it.")
            )


def _cut(source: Source, first_line: int) -> list[Run | Block]:
    pieces: list[Run | Block] = []
    run: list[str] = []
    run_line = first_line
    opened: tuple[str, str, int] | None = None  # kind, rest and line of the block being read
    for number, line in enumerate(source.lines[first_line - 1 :], start=first_line):
        fence = _FENCE.fullmatch(line)
        if fence is None:
            run.append(line)
            continue
        if fence["kind"]:
            if opened:
                _report_unclosed(source, opened)
            else:
                pieces.append(Run(run_line, tuple(run)))
            opened = (fence["kind"], fence["rest"], number)
        elif opened:
            pieces.append(Block(*opened, tuple(run)))
            opened = None
        else:
            pieces.append(Run(run_line, tuple(run)))
            source.report(number, Message("This ::: closes nothing. Remove it, or open a block above it."))
        run = []
        run_line = number + 1
    if opened:
        _report_unclosed(source, opened)
    else:
        pieces.append(Run(run_line, tuple(run)))
    return pieces


def _report_unclosed(source: Source, opened: tuple[str, str, int]) -> None:
    source.report(
        opened[2],
        Message("This '%(kind)s' block is not closed. End it with a line of :::.", kind=shorten(opened[0])),
    )


def _read_activity_block(source: Source, block: Block) -> ActivityText | None:
    return read_activity(source, block.kind, block.rest, block.line, block.lines)


def _read_aside(source: Source, block: Block) -> Aside | None:
    titled = _read_titled(source, block)
    return None if titled is None else Aside(*titled, source.path, block.line)


def _read_grounding(source: Source, block: Block) -> Grounding | None:
    titled = _read_titled(source, block)
    return None if titled is None else Grounding(*titled, source.path, block.line)


def _read_text(source: Source, block: Block) -> Paragraphs | None:
    """A text of its own, right after another: without the fences the two would be one."""
    if block.rest:
        source.report(block.line, Message("Nothing may stand after '::: text'. Write a heading in the text."))
    paragraphs = read_markdown(source, block.lines, block.line + 1)
    if not paragraphs.html.strip():
        source.report(block.line, Message("This block has no text. Write it, or remove the block."))
        return None
    return paragraphs


def _read_titled(source: Source, block: Block) -> tuple[str, str, int] | None:
    """The title, HTML and number of words of a block with a title."""
    if not block.rest:
        source.report(
            block.line, Message("This block has no title. Write it after '::: %(kind)s'.", kind=block.kind)
        )
    elif len(block.rest) > MAX_LINE:
        source.report(
            block.line,
            Message("The title of this block is longer than %(most)s characters. Shorten it.", most=MAX_LINE),
        )
    elif markdown_in_plain_text(block.rest):
        source.report(
            block.line, Message("The title of this block is plain text; remove the Markdown signs.")
        )
    paragraphs = read_markdown(source, block.lines, block.line + 1)
    if not paragraphs.html.strip():
        source.report(block.line, Message("This block has no text. Write it, or remove the block."))
        return None
    return block.rest, paragraphs.html, paragraphs.words + count_words(block.rest)


def _read_drawing(source: Source, block: Block) -> Drawing | None:
    if block.rest not in DRAWINGS:
        source.report(
            block.line,
            Message(
                "There is no drawing '%(name)s'. Use one of %(drawings)s.",
                name=shorten(block.rest),
                drawings=", ".join(DRAWINGS),
            ),
        )
    for number, line in enumerate(block.lines, start=block.line + 1):
        if markdown_in_plain_text(line):
            source.report(
                number, Message("The words of a drawing are plain text; remove the Markdown signs.")
            )
    paragraphs = re.split(r"\n\s*\n", "\n".join(block.lines))
    text = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs if paragraph.strip())
    if not text:
        source.report(block.line, Message("This drawing has no text. Say in words what it shows."))
        return None
    return Drawing(block.rest, text, source.path, block.line)


_READERS: dict[str, Callable[[Source, Block], LessonContent | None]] = {
    **dict.fromkeys(ACTIVITY_KINDS, _read_activity_block),
    "text": _read_text,
    "aside": _read_aside,
    "grounding": _read_grounding,
    "drawing": _read_drawing,
}
