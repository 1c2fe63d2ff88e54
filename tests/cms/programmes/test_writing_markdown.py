"""Stored HTML as Markdown: read back it is the same, or it is refused with a reason."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.programmes.markdown import read_markdown
from cms.programmes.source import Source
from cms.programmes.writing import CannotBeWritten, same_html, write_markdown

SIGNS = st.text(st.sampled_from("ab1.-+*_#>`[]()!<&;:\\|~ \"'’é\xa0🙂\n"), min_size=1, max_size=8)
WORDS = st.text(st.sampled_from("abcdeé’"), min_size=1, max_size=8)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def inline(words: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Runs of text in which no two marks touch, as the editor makes them."""
    text = words.map(escaped)
    marked = st.one_of(
        st.tuples(st.sampled_from("bi"), text).map(lambda both: f"<{both[0]}>{both[1]}</{both[0]}>"),
        text.map(lambda words: f"<b><i>{words}</i></b>"),
        text.map(lambda words: f"<i><b>{words}</b></i>"),
        st.tuples(text, text).map(lambda both: f"<b>{both[0]}<i>{both[1]}</i></b>"),
        text.map(lambda words: f'<a href="https://leerhuis.nl/a_b?c=(d)&amp;e">{words}</a>'),
        st.just("<br/>"),
    )
    pairs = st.lists(st.tuples(marked, text), max_size=3)
    return st.tuples(text, pairs).map(lambda both: both[0] + "".join(mark + words for mark, words in both[1]))


def blocks(words: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    run, heading = inline(words), words.map(escaped)
    items = st.lists(run, min_size=1, max_size=3).map(
        lambda items: "".join(f"<li>{item}</li>" for item in items)
    )
    lists = st.tuples(st.sampled_from(["ul", "ol"]), items).map(
        lambda both: f"<{both[0]}>{both[1]}</{both[0]}>"
    )
    nested = st.tuples(run, lists, items).map(lambda all_: f"<ul><li>{all_[0]}{all_[1]}</li>{all_[2]}</ul>")
    quote = st.lists(run, min_size=1, max_size=3).map(
        lambda texts: f"<blockquote>{'<br/><br/>'.join(texts)}</blockquote>"
    )
    block = st.one_of(
        run.map(lambda text: f"<p>{text}</p>"),
        st.tuples(st.sampled_from(["h2", "h3"]), heading).map(
            lambda both: f"<{both[0]}>{both[1]}</{both[0]}>"
        ),
        lists,
        nested,
        quote,
    )
    return st.lists(block, min_size=1, max_size=4).map("".join)


def read(markdown: str) -> tuple[str, list]:
    source = Source("", tuple(markdown.split("\n")), [])
    return read_markdown(source, source.lines, 1).html, source.errors


@settings(deadline=None, max_examples=300)
@given(html=blocks(WORDS))
def test_html_of_plain_words_is_read_back_as_it_was(html: str) -> None:
    assert read(write_markdown(html)) == (html, [])


@settings(deadline=None, max_examples=600)
@given(html=blocks(SIGNS))
def test_html_of_any_signs_is_read_back_as_it_was_or_refused(html: str) -> None:
    try:
        markdown = write_markdown(html)
    except CannotBeWritten:
        return
    assert read(markdown) == (same_html(html), [])
    assert [line for line in markdown.split("\n") if line != line.rstrip()] == []


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>Een <b>vet</b> en <i>schuin</i> woord.</p>", "Een **vet** en *schuin* woord."),
        ("<p><b>Let op: </b>stop.</p>", "**Let op:&#32;**&#115;top."),
        ("<p><b>Let op: </b> stop.</p>", "**Let op:&#32;** stop."),
        ("<p><b><i>x</i></b></p>", "**_x_**"),
        ("<p>a<br/>b</p>", "a\\\nb"),
        ("<h2>Kop</h2><h3>C #</h3>", "## Kop\n\n### C \\#"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b"),
        ("<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>", "1. a\n   - b\n2. c"),
        ("<blockquote>a<br/><br/>b</blockquote>", "> a\n>\n> b"),
        ("<p>1. x</p><p>- y</p><p>::: z</p>", "1\\. x\n\n\\- y\n\n\\::: z"),
        ('<p data-block-key="k1"><strong>x</strong></p>', "**x**"),
        ('<p><a href="tel:112">112</a></p>', "[112](tel:112)"),
    ],
)
def test_markdown_as_somebody_would_write_it(html: str, markdown: str) -> None:
    assert write_markdown(html) == markdown


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<p></p>", "There is an empty <p>. Take it out."),
        ("<ul><li></li></ul>", "There is an empty <li>. Take it out."),
        ("<p>a</p><hr/>", "<hr> is not known in texts. Take it out."),
        ("<h4>a</h4>", "<h4> is not known in texts. Take it out."),
        ("los", "“los” stands outside a paragraph. Make it one."),
        ('<p style="x">a</p>', "<p> has style, which a text cannot say. Write it anew."),
        (
            '<p><a linktype="page" id="3">a</a></p>',
            (
                "A link to a page or a document of this site has no address that holds elsewhere. "
                "Write its address out (https://…)."
            ),
        ),
        (
            '<p><a href="ftp://x">a</a></p>',
            "“[a](ftp://x)”: The link 'ftp://x' is not allowed. Use https:, http:, tel:, mailto: or #place.",
        ),
        ("<p>a\tb</p>", "“a\tb”: This text holds a tab. Remove it."),
        ("<p>a", "<p> is not closed. Write this text anew."),
        ("<p>a</p></p>", "</p> closes nothing. Write this text anew."),
        ("<p>a<!-- b --></p>", "“ b ” is no text. Take it out."),
        ("<p><b>a</b><b>b</b><b>c</b></p>", None),
    ],
)
def test_what_no_text_can_say_is_refused_with_what_to_do(html: str, reason: str | None) -> None:
    if reason is None:  # touching marks: written with other signs, and the same when read
        assert read(write_markdown(html)) == (html, [])
        return
    with pytest.raises(CannotBeWritten) as refused:
        write_markdown(html)
    assert str(refused.value) == reason
