"""Markdown becomes the HTML that Wagtail stores, or an error with a line."""

import pytest

from cms.programmes.errors import NotationError
from cms.programmes.markdown import read_markdown
from cms.programmes.notation import Paragraphs
from cms.programmes.source import Source

HTML_REFUSED = "HTML is not allowed. Write Markdown; for the sign itself write &lt;."
EMPTY_ITEM = "This list item or quote is empty. Write its text or remove it."


def read(text: str, errors: list[NotationError] | None = None) -> Paragraphs:
    lines = tuple(text.split("\n"))
    return read_markdown(Source("les.md", lines, [] if errors is None else errors), lines, 1)


@pytest.mark.parametrize(
    ("text", "html", "words"),
    [
        ("", "", 0),
        ("Een\ntwee.", "<p>Een twee.</p>", 2),
        ("    Ver ingesprongen.", "<p>Ver ingesprongen.</p>", 2),
        ("**Vet** en *cursief*.", "<p><b>Vet</b> en <i>cursief</i>.</p>", 3),
        ("Een\\\ntwee", "<p>Een<br/>twee</p>", 2),
        ("## Kop\n### *Kopje*", "<h2>Kop</h2><h3><i>Kopje</i></h3>", 2),
        ("- a\n- b\n\n  1. c", "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>", 3),
        ("1. een\n\n2. twee", "<ol><li>een</li><li>twee</li></ol>", 2),
        ("> een\n> twee\n>\n> drie", "<blockquote>een twee<br/><br/>drie</blockquote>", 3),
        ("[hier](https://a.nl/b?c=1&d=2)", '<p><a href="https://a.nl/b?c=1&amp;d=2">hier</a></p>', 1),
        ("[bel](tel:0800-2000)", '<p><a href="tel:0800-2000">bel</a></p>', 1),
        ("[mail](mailto:a@b.nl)", '<p><a href="mailto:a@b.nl">mail</a></p>', 1),
        ("[onder](#einde)", '<p><a href="#einde">onder</a></p>', 1),
        ("<https://a.nl>", '<p><a href="https://a.nl">https://a.nl</a></p>', 1),
        ("1 < 2 & 'drie' \"vier\" – [vijf]", "<p>1 &lt; 2 &amp; 'drie' \"vier\" – [vijf]</p>", 5),
        ("&lt;b&gt;", "<p>&lt;b&gt;</p>", 1),
        ("Kop\n===", "<p>Kop ===</p>", 1),
    ],
)
def test_markdown_becomes_html_as_wagtail_stores_it(text: str, html: str, words: int) -> None:
    errors: list[NotationError] = []
    assert read(text, errors) == Paragraphs(html, words, "les.md", 1)
    assert errors == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Tekst\nmet <b>vet</b", 2, HTML_REFUSED),
        ("Tekst.\n\n<div>", 3, HTML_REFUSED),
        ("<!-- stil -->", 1, HTML_REFUSED),
        ("<script>alert(1)</script>", 1, HTML_REFUSED),
        (
            "Zie ![raam](https://a.nl/a.png)",
            1,
            "Images are not allowed. Use a ::: drawing block, or leave it out.",
        ),
        ("Een `code`", 1, "Backquotes (code) are not allowed. Use quotes or *italic*."),
        ("a\n\n```\nb\n```", 3, "Code blocks are not allowed. Write a paragraph, or a '>' quote."),
        ("a\n\n***", 3, "A ruler (---) is not allowed. Use a heading."),
        ("# Kop", 1, "Only ## and ### headings are allowed; the title is above them already."),
        ("#### Kop", 1, "Only ## and ### headings are allowed; the title is above them already."),
        ("a\n\n##", 3, "This heading is empty. Write its text or remove it."),
        ("- ## Kop", 1, "A heading cannot stand in a list or a quote. Put it at the margin."),
        ("- a\n\n  b", 3, "A list item holds one paragraph. Start a new item, or end the list."),
        ("- a\n-", 2, EMPTY_ITEM),
        ("a\n\n>", 3, EMPTY_ITEM),
        ("- - a", 1, "A list inside a list comes below an item with text. Write that text."),
        ("> - a", 1, "A quote holds paragraphs only. Take the list or inner quote out of it."),
        ("- a\n\n  > b", 3, "A quote cannot stand in a list. Put it at the margin."),
        ("- a\n  - b\n    - c\n      - d", 4, "Lists may be nested 3 deep. Make this list flatter."),
        ("2. a\n3. b", 1, "A numbered list starts at 1. Text between the steps belongs in a step."),
        ("| a | b |", 1, "Tables are not allowed. Write a list."),
        (
            "a\n\n[1]: https://a.nl",
            3,
            "Link references are not allowed. Write the link in the text: [text](https://…).",
        ),
        ("[](https://a.nl)", 1, "This link has no text. Write it between the brackets."),
        ('[a](https://a.nl "b")', 1, "A link's title is shown nowhere. Leave out the text in quotes."),
        ("a&#9;b", 1, "This text holds a tab. Remove it."),
        ("a&#8238;b", 1, "This text holds the invisible character U+202E. Remove it."),
        (
            "a\n\n" + "b" * 5001,
            3,
            "This paragraph is longer than 5000 characters. Split it by blank lines.",
        ),
    ],
)
def test_what_rich_text_cannot_keep_is_reported(text: str, line: int, message: str) -> None:
    errors: list[NotationError] = []
    read(text, errors)
    assert errors == [NotationError("les.md", line, message)]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,a",
        "ftp://a.nl",
        "//a.nl",
        "/hulp/",
        "hulp",
        "https://",
        "tel:bel",
        "mailto:a",
        "#",
        "",
    ],
)
def test_links_elsewhere_than_agreed_are_reported(address: str) -> None:
    errors: list[NotationError] = []
    read(f"Zie\n[hier]({address})", errors)
    message = f"The link '{address}' is not allowed. Use https:, http:, tel:, mailto: or #place."
    assert errors == [NotationError("les.md", 2, message)]
