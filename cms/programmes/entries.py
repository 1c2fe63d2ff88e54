"""The lines inside an activity: a question, then entries that each start with a marker."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cms.programmes.messages import Message
from cms.programmes.source import MAX_PROSE, Source, markdown_in_plain_text

# A line that looks like the start of an entry but is none for this kind of activity: a typing error.
_LOOKS_LIKE_MARKER = re.compile(
    r"[-*+](?:\s|\[|$)|\[[ xX]?\]|>|#{1,6}\s|[0-9]+[.)](?:\s|$)|[0-9]+\s*(?:[-–]\s*[0-9]+\s*)?[=>]|[A-Za-z]+\s?>"
)

# What stands below another entry may be indented.
_INDENTED = frozenset({"feedback", "code", "moves"})


NO_QUESTION = Message("The question is missing. Write it below the line that opens the block.")
LINE_END = "\\"  # at the end of a line: the text goes on below it


@dataclass
class Entry:
    """One marked text. `marker` holds what the marker said, such as the number or the x."""

    name: str
    marker: tuple[str, ...]
    line: int
    text: str


@dataclass
class Entries:
    """The question's paragraphs and the entries, of which readers take out what they expect."""

    source: Source
    line: int
    paragraphs: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def question(self, missing: Message = NO_QUESTION) -> str:
        """The text before the entries; paragraphs are joined by a blank line. `missing`: what to say where it is not."""
        if not self.paragraphs:
            self.source.report(self.line, missing)
        return "\n\n".join(self.paragraphs)

    def take(self, name: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.name == name]

    def take_one(self, name: str) -> str:
        """The text of the one entry with this name, such as the `right>` feedback."""
        found = self.take(name)
        if not found:
            self.source.report(self.line, Message("There is no '%(name)s>' line. Add it.", name=name))
            return ""
        for entry in found[1:]:
            self.source.report(
                entry.line, Message("There is a second '%(name)s>' line. Keep one.", name=name)
            )
        return found[0].text


def read_entries(
    source: Source, line: int, lines: Sequence[str], markers: Mapping[str, re.Pattern[str]]
) -> Entries:
    """Read the lines below the opening line `line`. The last group of each marker's pattern is the text."""
    result = Entries(source, line)
    after_blank = True
    for number, raw in enumerate(lines, start=line + 1):
        text = raw.strip()
        if not text:
            after_blank = True
            continue
        indented = raw.startswith("  ")
        entry = _start_entry(text, number, markers)
        if entry:
            last = result.entries[-1] if result.entries else None
            if entry.name == "feedback" and last and last.name == "feedback" and not after_blank:
                last.text = f"{last.text} {entry.text}"  # a quote that goes on with '>' on each line
            else:
                result.entries.append(entry)
            if indented and entry.name not in _INDENTED:
                source.report(
                    number, Message("This line must start at the margin. Take away the spaces before it.")
                )
        elif _LOOKS_LIKE_MARKER.match(text):
            source.report(
                number,
                Message(
                    "'%(start)s' is no line of this kind of activity. Mend its first signs.", start=text[:20]
                ),
            )
        else:
            _continue_text(result, text, number, indented=indented, after_blank=after_blank)
        after_blank = False
    _check_texts(result)
    return result


def _start_entry(text: str, number: int, markers: Mapping[str, re.Pattern[str]]) -> Entry | None:
    for name, pattern in markers.items():
        if match := pattern.fullmatch(text):
            *marker, rest = match.groups(default="")
            return Entry(name, tuple(marker), number, " ".join(rest.split()))
    return None


def _continue_text(result: Entries, text: str, number: int, *, indented: bool, after_blank: bool) -> None:
    text = " ".join(text.split())
    if result.entries:
        if after_blank or not indented:
            result.source.report(
                number,
                Message("This line belongs to nothing. To go on with the line above, start with two spaces."),
            )
        else:
            result.entries[-1].text = _joined(result.entries[-1].text, text)
    elif after_blank or not result.paragraphs:
        result.paragraphs.append(text)
    elif indented:
        result.paragraphs[-1] = _joined(result.paragraphs[-1], text)
    else:
        result.source.report(
            number,
            Message(
                "To go on with the line above, start with two spaces; for a new paragraph, leave a blank line."
            ),
        )


def _joined(text: str, line: str) -> str:
    """A text and the line that goes on with it: by a space, or by a line end where the text ends with a backslash."""
    return f"{text[:-1]}\n{line}" if text.endswith(LINE_END) else f"{text} {line}".strip()


def _check_texts(result: Entries) -> None:
    texts = [(result.line, "\n\n".join(result.paragraphs))] if result.paragraphs else []
    texts += [(entry.line, entry.text) for entry in result.entries]
    for line, text in texts:
        if not text:
            result.source.report(line, Message("This line has no text. Write it, or remove the line."))
        elif len(text) > MAX_PROSE:
            result.source.report(
                line,
                Message(
                    "This text has %(number)s characters; at most %(most)s fit.",
                    number=len(text),
                    most=MAX_PROSE,
                ),
            )
        elif markdown_in_plain_text(text):
            result.source.report(line, Message("Activities are plain text; remove the Markdown signs."))
