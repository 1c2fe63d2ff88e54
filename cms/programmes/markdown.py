"""Markdown to the HTML that Wagtail's rich text stores.

Draftail knows flat blocks only: no paragraphs inside a quote or a list item, no rulers, no code. What it could not
keep is refused here with a line number, instead of lost at the first edit.
"""

import re
from collections.abc import Sequence
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cms.programmes.messages import Message
from cms.programmes.notation import Paragraphs
from cms.programmes.source import Source, count_words, forbidden_character, shorten

MAX_LIST_DEPTH = 3
# Characters between two blank lines. Markdown's brackets are matched in quadratic time: 100,000 take a minute.
MAX_RUN = 5000

_TAGS = {"h2", "h3", "p", "ul", "ol", "li", "b", "i", "a", "blockquote", "br"}
_SCHEMES = {"https", "http", "tel", "mailto"}
_LINK = re.compile(
    r"https?://[^\s/?#]+\S*|tel:\+?[0-9][0-9-]*|mailto:[^\s@]+@[^\s@]+|#[A-Za-z0-9][\w-]*", re.ASCII
)
_REFERENCE = re.compile(r"\s*\[[^\]]*\]:")
_INLINE_TAGS = {"strong_open": "<b>", "strong_close": "</b>", "em_open": "<i>", "em_close": "</i>"}
_REFUSED_BLOCKS = {
    "html_block": Message("HTML is not allowed. Write Markdown; for the sign itself write &lt;."),
    "fence": Message("Code blocks are not allowed. Write a paragraph, or a '>' quote."),
    "hr": Message("A ruler (---) is not allowed. Use a heading."),
}
_REFUSED_INLINE = {
    "html_inline": Message("HTML is not allowed. Write Markdown; for the sign itself write &lt;."),
    "image": Message("Images are not allowed. Use a ::: drawing block, or leave it out."),
    "code_inline": Message("Backquotes (code) are not allowed. Use quotes or *italic*."),
}


def _make_parser() -> MarkdownIt:
    # HTML is parsed so that it can be refused; every link is let through so that it is judged below and not
    # silently shown as text. Underlined headings, indented code and link references swallow text by surprise.
    parser = MarkdownIt("commonmark", {"html": True}).disable(["lheading", "code", "reference"])
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


_PARSER = _make_parser()


def read_markdown(source: Source, lines: Sequence[str], first_line: int) -> Paragraphs:
    """Turn lines of Markdown, of which the first is line `first_line` of the source, into clean HTML.

    Errors are reported to the source; the HTML holds only what passed.
    """
    for number, line in enumerate(lines, start=first_line):
        if _REFERENCE.match(line):
            source.report(
                number,
                Message("Link references are not allowed. Write the link in the text: [text](https://…)."),
            )
    start = first_line + next((index for index, line in enumerate(lines) if line.strip()), 0)
    if _report_long_run(source, lines, first_line):
        return Paragraphs(html="", words=0, path=source.path, line=start)
    writer = _Writer(source, first_line)
    html = clean_html(writer.write(_PARSER.parse("\n".join(lines))))
    return Paragraphs(html=html, words=writer.words, path=source.path, line=start)


def clean_html(html: str) -> str:
    """Only the tags, attributes and schemes that texts have, spelled in one way."""
    clean = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes=_SCHEMES, link_rel=None)
    return clean.replace(
        "<br>", "<br/>"
    )  # Wagtail's own reader of stored text fails on a <br> that is not closed


def _report_long_run(source: Source, lines: Sequence[str], first_line: int) -> bool:
    characters = 0
    for number, line in enumerate(lines, start=first_line):
        characters = characters + len(line) if line.strip() else 0
        if characters > MAX_RUN:
            source.report(
                number,
                Message(
                    "This paragraph is longer than %(most)s characters. Split it by blank lines.",
                    most=MAX_RUN,
                ),
            )
            return True
    return False


class _Writer:
    """Walks the tokens of one run of Markdown once."""

    def __init__(self, source: Source, first_line: int) -> None:
        self.words = 0
        self._source = source
        self._first_line = first_line
        self._html: list[str] = []
        self._open: list[str] = []  # the tags around the present token: ul, ol, li, blockquote
        self._filled = False  # whether the innermost list item or quote has text already

    def write(self, tokens: Sequence[Token]) -> str:
        line = self._first_line
        for token in tokens:
            if token.map:
                line = self._first_line + token.map[0]
            if message := _REFUSED_BLOCKS.get(token.type):
                self._source.report(line, message)
            elif token.type == "inline":
                self._write_inline(token, line)
            elif token.type.startswith("heading"):
                self._write_heading(token, line)
            elif token.type.startswith("paragraph"):
                self._write_paragraph(token, line)
            else:
                self._write_container(token, line)
        return "".join(self._html)

    def _write_heading(self, token: Token, line: int) -> None:
        opening = token.nesting == 1
        if opening and token.tag not in {"h2", "h3"}:
            self._source.report(
                line, Message("Only ## and ### headings are allowed; the title is above them already.")
            )
        if opening and self._open:
            self._source.report(
                line, Message("A heading cannot stand in a list or a quote. Put it at the margin.")
            )
        self._filled = True
        self._html.append(f"<{token.tag}>" if opening else f"</{token.tag}>")

    def _write_paragraph(self, token: Token, line: int) -> None:
        if not self._open:
            self._html.append("<p>" if token.nesting == 1 else "</p>")
        elif token.nesting == 1:
            if self._filled and self._open[-1] == "blockquote":
                self._html.append("<br/><br/>")
            elif self._filled:
                self._source.report(
                    line, Message("A list item holds one paragraph. Start a new item, or end the list.")
                )
            self._filled = True

    def _write_container(self, token: Token, line: int) -> None:
        tag = token.tag
        if token.nesting == -1:
            if not self._filled and tag in {"li", "blockquote"}:
                self._source.report(
                    line, Message("This list item or quote is empty. Write its text or remove it.")
                )
            self._open.pop()
            self._html.append(f"</{tag}>")
            self._filled = tag != "li"
            return
        if "blockquote" in self._open and tag != "li":
            self._source.report(
                line, Message("A quote holds paragraphs only. Take the list or inner quote out of it.")
            )
        elif tag == "blockquote" and self._open:
            self._source.report(line, Message("A quote cannot stand in a list. Put it at the margin."))
        elif tag in {"ul", "ol"} and sum(name in {"ul", "ol"} for name in self._open) >= MAX_LIST_DEPTH:
            self._source.report(
                line,
                Message("Lists may be nested %(most)s deep. Make this list flatter.", most=MAX_LIST_DEPTH),
            )
        elif tag in {"ul", "ol"} and self._open and not self._filled:
            self._source.report(
                line, Message("A list inside a list comes below an item with text. Write that text.")
            )
        if token.attrGet("start") is not None:
            self._source.report(
                line, Message("A numbered list starts at 1. Text between the steps belongs in a step.")
            )
        self._open.append(tag)
        self._html.append(f"<{tag}>")
        self._filled = False

    def _write_inline(self, token: Token, line: int) -> None:
        text: list[str] = []
        if not token.content.strip():
            self._source.report(line, Message("This heading is empty. Write its text or remove it."))
        if token.content.startswith("|"):
            self._source.report(line, Message("Tables are not allowed. Write a list."))
        for child in token.children or ():
            if message := _REFUSED_INLINE.get(child.type):
                self._source.report(line, message)
            elif child.type in {"softbreak", "hardbreak"}:
                line += 1
                text.append(" ")
                self._html.append(" " if child.type == "softbreak" else "<br/>")
            elif child.type == "link_open":
                self._open_link(child, line)
            elif child.type == "link_close":
                if self._html[-1].startswith("<a "):
                    self._source.report(
                        line, Message("This link has no text. Write it between the brackets.")
                    )
                self._html.append("</a>")
            elif tag := _INLINE_TAGS.get(child.type):
                self._html.append(tag)
            else:
                text.append(child.content)
                self._html.append(escape(child.content, quote=False))
        self.words += count_words("".join(text))
        if character := forbidden_character("".join(text)):
            self._source.report(
                line, Message("This text holds %(character)s. Remove it.", character=character)
            )

    def _open_link(self, token: Token, line: int) -> None:
        address = str(token.attrGet("href") or "")
        if not _LINK.fullmatch(address):
            self._source.report(
                line,
                Message(
                    "The link '%(address)s' is not allowed. Use https:, http:, tel:, mailto: or #place.",
                    address=shorten(address),
                ),
            )
        if token.attrGet("title"):
            self._source.report(
                line, Message("A link's title is shown nowhere. Leave out the text in quotes.")
            )
        self._html.append(f'<a href="{escape(address)}">')
