"""YAML at the head of a file, read by field and by line.

Only strings, lists and mappings are read from YAML; what a field means (a number, yes or no) is decided by the
field, so `title: 2024` and `title: Nee` stay what the writer wrote. Aliases are refused: they can grow without end.
"""

import re
from collections.abc import Callable
from typing import TypeVar

import yaml
from yaml.composer import Composer, ComposerError
from yaml.events import AliasEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

from cms.programmes.identity import is_identity
from cms.programmes.messages import Message
from cms.programmes.source import (
    KEY,
    MAX_KEY_LENGTH,
    MAX_LINE,
    Source,
    forbidden_character,
    markdown_in_plain_text,
    shorten,
)

MAX_CHARACTERS = 30_000
MAX_DEPTH = 6

_FENCE = re.compile(r"---\s*")
# What PyYAML says most, in its own words, so that it can be translated.
_REASONS = {
    reason: reason
    for reason in (
        Message("mapping values are not allowed here"),
        Message("sequence entries are not allowed here"),
        Message("could not find expected ':'"),
        Message("found unexpected end of stream"),
    )
}
_DEFAULT_TAGS = {
    ScalarNode: BaseResolver.DEFAULT_SCALAR_TAG,
    SequenceNode: BaseResolver.DEFAULT_SEQUENCE_TAG,
    MappingNode: BaseResolver.DEFAULT_MAPPING_TAG,
}
Item = TypeVar("Item")
Choice = TypeVar("Choice", bound=str)


class _Loader(Reader, Scanner, Parser, Composer, BaseResolver):
    """Composes nodes and constructs nothing, so no tag can make an object."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        BaseResolver.__init__(self)
        self.depth = 0

    def compose_node(self, parent: Node | None, index: object) -> Node | None:
        event = self.peek_event()
        if isinstance(event, AliasEvent):
            raise ComposerError(
                None, None, Message("aliases (*name) are not allowed; write the text out"), event.start_mark
            )
        if self.depth >= MAX_DEPTH:
            raise ComposerError(None, None, Message("this is nested too deeply"), event.start_mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        if node is not None and node.tag != _DEFAULT_TAGS[type(node)]:
            raise ComposerError(
                None, None, Message("tags (!name) are not allowed; quote the text"), node.start_mark
            )
        return node


class Fields:
    """The fields of one mapping. Each reader takes a field out; `finish` reports what nobody asked for.

    A reader that finds something wrong reports it and returns an empty value: the file is refused anyway.
    """

    def __init__(self, source: Source, node: MappingNode, first_line: int, start_line: int) -> None:
        self.source = source
        self.line = start_line
        self._first_line = first_line
        self._nodes: dict[str, Node] = {}
        for key_node, value_node in node.value:
            line = self.line_of(key_node)
            if not isinstance(key_node, ScalarNode):
                source.report(line, Message("A field's name must be plain text."))
            elif key_node.value in self._nodes:
                source.report(
                    line,
                    Message("The field '%(name)s' is there twice. Keep one.", name=shorten(key_node.value)),
                )
            else:
                self._nodes[key_node.value] = value_node

    def line_of(self, node: Node) -> int:
        return self._first_line + node.start_mark.line

    def line_of_field(self, name: str) -> int:
        """The line of a field that is still to be read; the first line where it is missing."""
        node = self._nodes.get(name)
        return self.line if node is None else self.line_of(node)

    def text(self, name: str, *, limit: int = MAX_LINE, required: bool = True) -> str:
        """Plain text; line breaks and runs of spaces become one space."""
        node = self._take(name, required=required)
        return "" if node is None else self._read_text(name, node, limit, required=required)

    def key(self, name: str, *, required: bool = True) -> str:
        """Small letters, digits and dashes: the identity of a thing, or its place in an address."""
        node = self._take(name, required=required)
        value = "" if node is None else self._read_text(name, node, MAX_KEY_LENGTH, required=True)
        if value and node is not None and not KEY.fullmatch(value):
            self._report(
                node,
                Message(
                    "'%(name)s' must be small letters, digits and dashes, not '%(value)s'.",
                    name=name,
                    value=shorten(value),
                ),
            )
        return value

    def choice(self, name: str, choices: tuple[Choice, ...]) -> Choice | None:
        """One of the choices; None after a reported error."""
        node = self._take(name, required=True)
        value = "" if node is None else self._read_text(name, node, MAX_LINE, required=True)
        for choice in choices:
            if value == choice:
                return choice
        if value and node is not None:
            self._report(
                node,
                Message(
                    "'%(name)s' must be one of %(choices)s, not '%(value)s'.",
                    name=name,
                    choices=", ".join(choices),
                    value=shorten(value),
                ),
            )
        return None

    def matching(self, name: str, pattern: re.Pattern[str], what: Message) -> str:
        """Text that fits the pattern; `what` says in words what that is."""
        node = self._take(name, required=True)
        value = "" if node is None else self._read_text(name, node, MAX_LINE, required=True)
        if value and node is not None and not pattern.fullmatch(value):
            self._report(
                node,
                Message(
                    "'%(name)s' must be %(what)s, not '%(value)s'.",
                    name=name,
                    what=what,
                    value=shorten(value),
                ),
            )
        return value

    def whole_number(self, name: str, lowest: int, highest: int) -> int:
        node = self._take(name, required=True)
        value = "" if node is None else self._read_text(name, node, MAX_LINE, required=True)
        if re.fullmatch(r"[0-9]{1,9}", value) and lowest <= int(value) <= highest:
            return int(value)
        if value and node is not None:
            self._report(
                node,
                Message(
                    "'%(name)s' must be a whole number from %(lowest)s to %(highest)s, not '%(value)s'.",
                    name=name,
                    lowest=lowest,
                    highest=highest,
                    value=shorten(value),
                ),
            )
        return lowest

    def identity(self, name: str) -> str:
        """A UUID in small letters; empty where the field is left out."""
        node = self._take(name, required=False)
        value = "" if node is None else self._read_text(name, node, MAX_LINE, required=True)
        if value and node is not None and not is_identity(value):
            self._report(
                node,
                Message(
                    "'%(name)s' must be a UUID in small letters, not '%(value)s'.",
                    name=name,
                    value=shorten(value),
                ),
            )
            return ""
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """`true` or `false`; the default where the field is left out."""
        node = self._take(name, required=False)
        if node is None:
            return default
        value = self._read_text(name, node, MAX_LINE, required=True)
        if value not in {"true", "false", ""}:
            self._report(
                node,
                Message(
                    "'%(name)s' must be true or false, not '%(value)s'.", name=name, value=shorten(value)
                ),
            )
        return value == "true"

    def records(self, name: str, read: Callable[["Fields"], Item]) -> tuple[Item, ...]:
        """A list of mappings, each read by `read`; at least one."""
        items: list[Item] = []
        for node in self._sequence(name):
            if isinstance(node, MappingNode):
                fields = Fields(self.source, node, self._first_line, self.line_of(node))
                items.append(read(fields))
                fields.finish()
            else:
                self._report(
                    node,
                    Message(
                        "Each item of '%(name)s' must have named fields, such as '- title: ...'.", name=name
                    ),
                )
        return tuple(items)

    def labelled(self, name: str) -> tuple[tuple[str, str], ...]:
        """A list of `- Label: text`, with or without quotes around the whole; at least one."""
        items: list[tuple[str, str]] = []
        for node in self._sequence(name):
            if (
                isinstance(node, MappingNode)
                and len(node.value) == 1
                and isinstance(node.value[0][0], ScalarNode)
            ):
                label_node, text_node = node.value[0]
                label = self._read_text(name, label_node, MAX_LINE, required=True)
                items.append(
                    (label, self._read_text(f"{name}: {shorten(label)}", text_node, MAX_LINE, required=True))
                )
                continue
            whole = (
                self._read_text(name, node, MAX_LINE, required=True) if isinstance(node, ScalarNode) else "-"
            )
            label, _, text = whole.partition(": ")
            if whole and not (label.strip() and text.strip()):
                self._report(
                    node, Message("Each item of '%(name)s' must be one line '- Label: text'.", name=name)
                )
            items.append((label.strip(), text.strip()))
        return tuple(items)

    def finish(self) -> None:
        """Report every field that was not read: probably a typing error, and surely not shown anywhere."""
        for name, node in self._nodes.items():
            self._report(
                node,
                Message("The field '%(name)s' is unknown. Remove it or mend its name.", name=shorten(name)),
            )

    def _take(self, name: str, *, required: bool) -> Node | None:
        node = self._nodes.pop(name, None)
        if node is None and required:
            self.source.report(self.line, Message("The field '%(name)s' is missing. Add it.", name=name))
        return node

    def _sequence(self, name: str) -> list[Node]:
        node = self._take(name, required=True)
        if node is None:
            return []
        if isinstance(node, SequenceNode) and node.value:
            return node.value
        self._report(
            node,
            Message("'%(name)s' must be a list with at least one line that starts with '- '.", name=name),
        )
        return []

    def _read_text(self, name: str, node: Node, limit: int, *, required: bool) -> str:
        if not isinstance(node, ScalarNode):
            self._report(
                node,
                Message(
                    "'%(name)s' must be text. Put quotes around it if it holds brackets or a colon.",
                    name=name,
                ),
            )
            return ""
        value = " ".join(node.value.split())
        if character := forbidden_character(value):
            self._report(
                node, Message("'%(name)s' holds %(character)s. Remove it.", name=name, character=character)
            )
        elif not value and required:
            self._report(node, Message("'%(name)s' is empty. Fill it in.", name=name))
        elif not value:
            self._report(node, Message("'%(name)s' is empty. Fill it in or leave the field out.", name=name))
        elif len(value) > limit:
            self._report(
                node,
                Message(
                    "'%(name)s' has %(number)s characters; at most %(most)s fit.",
                    name=name,
                    number=len(value),
                    most=limit,
                ),
            )
        elif markdown_in_plain_text(value):
            self._report(node, Message("'%(name)s' is plain text; remove the Markdown signs.", name=name))
        else:
            return value
        return ""

    def _report(self, node: Node, message: Message) -> None:
        self.source.report(self.line_of(node), message)


def is_plain(text: str) -> bool:
    """Whether YAML reads this text back as it is without quotes, as a key and as a value."""
    try:
        node = _Loader(f"- {text}: {text}").get_single_node()
    except (yaml.YAMLError, ValueError, OverflowError):
        return False
    match node:
        case SequenceNode(value=[MappingNode(value=[(ScalarNode(value=key), ScalarNode(value=value))])]):
            return key == value == text
    return False


def read_front_matter(source: Source) -> tuple[Fields, int] | None:
    """The fields at the head of a file and the line on which its body starts; None after a reported error."""
    if not _FENCE.fullmatch(source.lines[0]):
        source.report(1, Message("The file must start with a line of three dashes, then the fields."))
        return None
    for index, line in enumerate(source.lines[1:], start=1):
        if _FENCE.fullmatch(line):
            fields = read_yaml(source, source.lines[1:index], first_line=2)
            return None if fields is None else (fields, index + 2)
    source.report(1, Message("The fields have no end: add a line of three dashes below them."))
    return None


def read_yaml(source: Source, lines: tuple[str, ...], *, first_line: int) -> Fields | None:
    """The fields in these lines, of which the first is line `first_line`; None after a reported error."""
    text = "\n".join(lines)
    if len(text) > MAX_CHARACTERS:
        source.report(
            first_line,
            Message("The fields take more than %(most)s characters. Shorten them.", most=MAX_CHARACTERS),
        )
        return None
    try:
        node = _Loader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (0 if mark is None else min(mark.line, max(len(lines) - 1, 0)))
        reason = error.problem or error.context or Message("unreadable")
        reason = _REASONS.get(reason, reason)
        source.report(
            line,
            Message(
                "Broken YAML: %(reason)s. Text with a colon, '#' or quotes needs quotes around it.",
                reason=reason,
            ),
        )
        return None
    except yaml.reader.ReaderError as error:
        line = first_line + text.count("\n", 0, error.position)
        source.report(
            line,
            Message(
                "Broken YAML: the character U+%(code)s is not allowed. Remove it.",
                code=f"{error.character:04X}",
            ),
        )
        return None
    except (ValueError, OverflowError):  # PyYAML lets chr() and int() speak for "\U99999999" and %YAML 9…9
        source.report(
            first_line, Message("Broken YAML: a number or an escape in it is out of range. Write it out.")
        )
        return None
    if not isinstance(node, MappingNode):
        source.report(first_line, Message("Here must be fields, each on a line: 'name: text'."))
        return None
    return Fields(source, node, first_line, start_line=1)
