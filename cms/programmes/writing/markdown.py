"""The HTML that Wagtail's rich text stores, as Markdown: the inverse of `cms.programmes.markdown`.

What Markdown cannot say so that it is read back as it was, is refused with a reason; nothing is dropped in silence.
Draftail's own marks (`data-block-key`) are no text and are left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from cms.programmes.markdown import MAX_RUN, clean_html, read_markdown
from cms.programmes.messages import Message
from cms.programmes.source import Source, shorten
from cms.programmes.writing.errors import CannotBeWritten

_SAME = {"strong": "b", "em": "i"}
_LISTS = {"ul": "-*", "ol": ".)"}  # two marks each: a list right after another takes the other mark
_HEADINGS = {"h2": "##", "h3": "###"}
_BLOCKS = {"p", "blockquote", *_LISTS, *_HEADINGS}
_INLINE = {"b", "i", "a", "br"}
_DRAFTAIL = "data-block-key"

_ALWAYS_ESCAPED = set("\\`*_[]<")
_STARTS_BLOCK = re.compile(r"#{1,6}(?:\s|$)|[-+](?:\s|$)|(?:-\s*){3,}$|[>|]|~~~|:::")
_STARTS_NUMBER = re.compile(r"([0-9]{1,9})([.)])(?=\s|$)")
_CLOSES_HEADING = re.compile(r"(?:(?<=\s)|^)(#+)$")
# Where white space would be lost, or would keep a mark from being one: after these, and before those.
_INSIDE = ({"break", "open"}, {"break", "close"})
_PUNCTUATION = set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


@dataclass
class _Node:
    tag: str
    href: str = ""
    children: list["_Node | str"] = field(default_factory=list)

    @property
    def nodes(self) -> list["_Node"]:
        return [child for child in self.children if isinstance(child, _Node)]


@dataclass(frozen=True)
class _Sign:
    """One character of text, or a mark around it (`**`, `[`, a line's end), in the order of the text."""

    text: str
    mark: str = ""  # "", "open", "close", "link" or "break"


def write_markdown(html: str) -> str:
    """Markdown of which `read_markdown` makes this HTML, without a line end after it. Raises `CannotBeWritten`."""
    root = _Tree.read(html)
    markdown = "\n\n".join(_write_blocks(root))
    source = Source("", tuple(markdown.split("\n")), [])
    found = read_markdown(source, source.lines, 1)
    if source.errors:
        error = source.errors[0]
        raise CannotBeWritten(
            Message(
                "“%(words)s”: %(message)s", words=shorten(source.lines[error.line - 1]), message=error.message
            )
        )
    if found.html != canonical(root):
        raise CannotBeWritten(
            Message(
                "“%(start)s” cannot be written. Write it simpler.",
                start=_start_of_difference(root, found.html),
            )
        )
    return markdown


def same_html(html: str) -> str:
    """The HTML as reading would give it: one spelling of tags and signs, without the editor's own marks."""
    return canonical(_Tree.read(html))


def canonical(node: _Node) -> str:
    return clean_html("".join(_tag(child) for child in node.children))


def _tag(node: _Node | str) -> str:
    if isinstance(node, str):
        return escape(node, quote=False)
    if node.tag == "br":
        return "<br/>"
    href = f' href="{escape(node.href)}"' if node.tag == "a" else ""
    return f"<{node.tag}{href}>{''.join(_tag(child) for child in node.children)}</{node.tag}>"


def _words_of(node: _Node | str) -> str:
    return node if isinstance(node, str) else "".join(_words_of(child) for child in node.children)


def _start_of_difference(root: _Node, found: str) -> str:
    """The words of the first block that is not read back, for who has to find it."""
    for block in root.nodes:
        if canonical(_Node("", children=[block])) not in found:
            return shorten(_words_of(block).strip() or f"<{block.tag}>")
    return shorten(_words_of(root).strip())


class _Tree(HTMLParser):
    """HTML as nodes; refuses every tag and attribute that the format does not know."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [_Node("")]

    @classmethod
    def read(cls, html: str) -> _Node:
        tree = cls()
        tree.feed(html)
        tree.close()
        if len(tree.open) > 1:
            raise CannotBeWritten(
                Message("<%(tag)s> is not closed. Write this text anew.", tag=tree.open[-1].tag)
            )
        return tree.open[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = _SAME.get(tag, tag)
        if tag not in _BLOCKS | _INLINE | {"li"}:
            raise CannotBeWritten(Message("<%(tag)s> is not known in texts. Take it out.", tag=tag))
        known = {name: value or "" for name, value in attrs if name != _DRAFTAIL}
        if tag == "a" and set(known) != {"href"}:
            raise CannotBeWritten(
                Message(
                    "A link to a page or a document of this site has no address that holds elsewhere. Write its "
                    "address out (https://…)."
                )
            )
        if tag != "a" and known:
            raise CannotBeWritten(
                Message(
                    "<%(tag)s> has %(attributes)s, which a text cannot say. Write it anew.",
                    tag=tag,
                    attributes=", ".join(known),
                )
            )
        node = _Node(tag, known.get("href", ""))
        self.open[-1].children.append(node)
        if tag != "br":
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag != "br":
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        tag = _SAME.get(tag, tag)
        if tag == "br":
            return
        if self.open[-1].tag != tag or len(self.open) == 1:
            raise CannotBeWritten(Message("</%(tag)s> closes nothing. Write this text anew.", tag=tag))
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)

    def handle_comment(self, data: str) -> None:
        raise CannotBeWritten(Message("“%(words)s” is no text. Take it out.", words=shorten(data)))

    handle_decl = handle_pi = handle_comment


# --- blocks ---------------------------------------------------------------------------------------------------------
def _write_blocks(parent: _Node) -> Iterator[str]:
    mark = ""
    before = ""
    for child in parent.children:
        if isinstance(child, str):
            if child.strip():
                raise CannotBeWritten(
                    Message(
                        "“%(words)s” stands outside a paragraph. Make it one.", words=shorten(child.strip())
                    )
                )
            continue
        if child.tag in _LISTS:
            first, second = _LISTS[child.tag]
            mark = second if before == child.tag and mark == first else first
            yield "\n".join(_write_list(child, mark))
        else:
            yield "\n".join(_write_block(child))
        before = child.tag


def _write_block(node: _Node) -> list[str]:
    if node.tag not in _BLOCKS:
        raise CannotBeWritten(
            Message("“%(words)s” stands outside a paragraph. Make it one.", words=shorten(_words_of(node)))
        )
    lines = _write_inline(node.children, f"<{node.tag}>")
    if node.tag in _HEADINGS:
        words = _CLOSES_HEADING.sub(r"\\\1", lines[0])
        return [f"{_HEADINGS[node.tag]} {words}", *lines[1:]]
    if node.tag == "blockquote":
        return [f"> {line}".rstrip() for line in _write_quote(node)]
    return lines


def _write_quote(node: _Node) -> Iterator[str]:
    """A quote's paragraphs, which stand in the HTML with two line ends between them."""
    for number, paragraph in enumerate(_paragraphs(node.children)):
        if number:
            yield ""
        yield from _write_inline(paragraph, "<blockquote>")


def _paragraphs(children: Sequence[_Node | str]) -> Iterator[list[_Node | str]]:
    paragraph: list[_Node | str] = []
    for child in children:
        paragraph.append(child)
        if len(paragraph) > 1 and all(
            isinstance(last, _Node) and last.tag == "br" for last in paragraph[-2:]
        ):
            yield paragraph[:-2]
            paragraph = []
    yield paragraph


def _write_list(node: _Node, mark: str) -> list[str]:
    """The lines of a list; with blank lines between the items where it is too long for one run."""
    items = [_write_item(item, number, mark) for number, item in enumerate(_items(node), start=1)]
    if sum(len(line) for item in items for line in item) > MAX_RUN:
        return [line for item in items for line in ("", *item)][1:]
    return [line for item in items for line in item]


def _items(node: _Node) -> Iterator[_Node]:
    for child in node.children:
        if isinstance(child, _Node) and child.tag == "li":
            yield child
        elif isinstance(child, _Node) or child.strip():
            raise CannotBeWritten(Message("A list holds items only. Make this list anew."))


def _write_item(item: _Node, number: int, mark: str) -> list[str]:
    marker = f"{number}{mark} " if mark in _LISTS["ol"] else f"{mark} "
    lists = [child for child in item.children if isinstance(child, _Node) and child.tag in _LISTS]
    words = item.children[: item.children.index(lists[0])] if lists else item.children
    below = [child for child in item.children[len(words) :] if child not in lists]
    if any(isinstance(child, _Node) or child.strip() for child in below):
        raise CannotBeWritten(
            Message(
                "“%(words)s”: text after a list in a list. Make it an item.", words=shorten(_words_of(item))
            )
        )
    lines = _write_inline(words, "<li>")
    lines += [line for text in _write_blocks(_Node("", children=list(lists))) for line in text.split("\n")]
    first, *rest = lines
    return [marker + first, *(" " * len(marker) + line if line else "" for line in rest)]


# --- words ----------------------------------------------------------------------------------------------------------
def _write_inline(children: Sequence[_Node | str], where: str) -> list[str]:
    """The lines of one paragraph, heading or item: plainly where that is read back, else with every sign settled."""
    if not any(_words_of(child).strip() for child in children):
        raise CannotBeWritten(Message("There is an empty %(tag)s. Take it out.", tag=where))
    plain = _write_signs(list(_plain_signs(children)), careful=False)
    if not any(isinstance(child, _Node) for child in children) or _reads_back(plain, children):
        return plain
    return _write_signs(list(_Careful().signs(children)), careful=True)


def _reads_back(lines: Sequence[str], children: Sequence[_Node | str]) -> bool:
    source = Source("", tuple(lines), [])
    wanted = canonical(_Node("", children=[_Node("p", children=list(children))]))
    return read_markdown(source, lines, 1).html == wanted and not source.errors


def _plain_signs(children: Sequence[_Node | str]) -> Iterator[_Sign]:
    for child in children:
        if isinstance(child, str):
            yield from (_Sign(character) for character in child)
        elif child.tag == "br":
            yield _Sign("", "break")
        elif child.tag == "a":
            yield from (_Sign("[", "link"), *_plain_signs(child.children), _Sign(_address(child), "link"))
        else:
            around = _delimiter(child, "*")
            yield from (_Sign(around, "open"), *_plain_signs(child.children), _Sign(around, "close"))


def _address(node: _Node) -> str:
    href = re.sub(r"[()\\]", r"\\\g<0>", node.href)
    return f"]({href})"


def _delimiter(node: _Node, character: str) -> str:
    if node.tag not in {"b", "i"}:
        raise CannotBeWritten(
            Message("<%(tag)s> cannot stand within a text. Make it a paragraph of its own.", tag=node.tag)
        )
    return character * (2 if node.tag == "b" else 1)


class _Careful:
    """Signs whose marks never touch marks of the same character."""

    def __init__(self) -> None:
        self.touching = ""  # the character of the mark just written, or "" after a text

    def signs(self, children: Sequence[_Node | str], around: str = "") -> Iterator[_Sign]:
        for child in children:
            if isinstance(child, str):
                self.touching = "" if child else self.touching
                yield from (_Sign(character) for character in child)
            elif child.tag == "br":
                self.touching = ""
                yield _Sign("", "break")
            elif child.tag == "a":
                self.touching = ""
                yield from (_Sign("[", "link"), *self.signs(child.children, around))
                self.touching = ""
                yield _Sign(_address(child), "link")
            else:
                character = "_" if "*" in {around, self.touching} else "*"
                delimiter = _delimiter(child, character)
                self.touching = character
                yield from (_Sign(delimiter, "open"), *self.signs(child.children, character))
                self.touching = character
                yield _Sign(delimiter, "close")


def _write_signs(signs: Sequence[_Sign], *, careful: bool) -> list[str]:
    around = [_Sign("", "break"), *signs, _Sign("", "break")]
    text = [
        _write_sign(before, sign, after, careful=careful)
        for before, sign, after in zip(around, signs, around[2:], strict=False)
    ]
    return [_escape_start(line) for line in "".join(text).split("\n")]


def _write_sign(before: _Sign, sign: _Sign, after: _Sign, *, careful: bool) -> str:
    if sign.mark == "break":
        return "\\\n"
    if sign.mark:
        return sign.text
    if sign.text.isspace():
        at_end = before.mark in _INSIDE[0] or after.mark in _INSIDE[1]
        return f"&#{ord(sign.text)};" if at_end or sign.text == "\n" else sign.text
    if careful and (before.mark == "close" or after.mark == "open") and sign.text not in _PUNCTUATION:
        return f"&#{ord(sign.text)};"  # beside a letter, a mark within a word would be read as a sign
    starts_entity = sign.text == "&" and (after.text == "#" or after.text.isalnum())
    starts_image = sign.text == "!" and after == _Sign("[", "link")
    return f"\\{sign.text}" if sign.text in _ALWAYS_ESCAPED or starts_entity or starts_image else sign.text


def _escape_start(line: str) -> str:
    if _STARTS_BLOCK.match(line):
        return f"\\{line}"
    return _STARTS_NUMBER.sub(r"\1\\\2", line, count=1) if _STARTS_NUMBER.match(line) else line
