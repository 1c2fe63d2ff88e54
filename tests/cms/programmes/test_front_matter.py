"""The fields at the head of a file: what they keep, and every mistake in them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cms.programmes import Fact, NotationError, read_programme
from tests.cms.programmes.sound_files import course, lesson, programme, session

COURSE = "course.md"
SESSION = "01-begin/session.md"
LESSON = "01-begin/10-les.md"
QUOTE_ADVICE = "Text with a colon, '#' or quotes needs quotes around it."
WriteFolder = Callable[..., Path]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("2024", "2024"),
        ("Nee", "Nee"),
        ("no", "no"),
        ('"Let op: nu"', "Let op: nu"),
        (">\n  Een\n  twee", "Een twee"),
    ],
)
def test_text_stays_what_the_writer_wrote(write_programme: WriteFolder, title: str, expected: str) -> None:
    text = f"---\nkey: p1-les\ntitle: {title}\npart: les\nminutes: 1\n---\nTekst.\n"
    assert read_programme(write_programme({LESSON: text})).sessions[0].lessons[0].title == expected


def test_a_fact_may_be_quoted_as_a_whole(write_programme: WriteFolder) -> None:
    facts = '  - "Nu open: les 1: de grondhouding"\n'
    assert read_programme(write_programme({COURSE: course(facts)})).course.facts == (
        Fact("Nu open", "les 1: de grondhouding"),
    )


MISTAKES = {
    "no front matter": (
        LESSON,
        "Tekst.\n",
        1,
        "The file must start with a line of three dashes, then the fields.",
    ),
    "front matter without end": (
        LESSON,
        "---\nkey: a\n",
        1,
        "The fields have no end: add a line of three dashes below them.",
    ),
    "empty front matter": (
        LESSON,
        "---\n---\nTekst.\n",
        2,
        "Here must be fields, each on a line: 'name: text'.",
    ),
    "a list for front matter": (
        LESSON,
        "---\n- a\n---\n",
        2,
        "Here must be fields, each on a line: 'name: text'.",
    ),
    "field missing": (
        LESSON,
        lesson().replace("title: Een les\n", ""),
        1,
        "The field 'title' is missing. Add it.",
    ),
    "field unknown": (
        LESSON,
        lesson(extra="duration: 3\n"),
        6,
        "The field 'duration' is unknown. Remove it or mend its name.",
    ),
    "field twice": (LESSON, lesson(extra="title: B\n"), 6, "The field 'title' is there twice. Keep one."),
    "field empty": (LESSON, lesson().replace("Een les", ""), 3, "'title' is empty. Fill it in."),
    "optional field empty": (
        LESSON,
        lesson(extra="note:\n"),
        6,
        "'note' is empty. Fill it in or leave the field out.",
    ),
    "field too long": (
        LESSON,
        lesson().replace("Een les", "a" * 256),
        3,
        "'title' has 256 characters; at most 255 fit.",
    ),
    "Markdown in a field": (
        LESSON,
        lesson().replace("Een les", "Een **les**"),
        3,
        "'title' is plain text; remove the Markdown signs.",
    ),
    "list for text": (
        LESSON,
        lesson().replace("Een les", "[Een, les]"),
        3,
        "'title' must be text. Put quotes around it if it holds brackets or a colon.",
    ),
    "NUL by escape": (
        LESSON,
        lesson().replace("Een les", '"a\\0b"'),
        3,
        "'title' holds the invisible character U+0000. Remove it.",
    ),
    "surrogate by escape": (
        LESSON,
        lesson().replace("Een les", '"a\\ud800b"'),
        3,
        "'title' holds the invisible character U+D800. Remove it.",
    ),
    "bad key": (
        LESSON,
        lesson(key="Les 1"),
        2,
        "'key' must be small letters, digits and dashes, not 'Les 1'.",
    ),
    "bad slug": (
        COURSE,
        course(slug="de/proef"),
        3,
        "'slug' must be small letters, digits and dashes, not 'de/proef'.",
    ),
    "unknown part": (
        LESSON,
        lesson(part="daarna"),
        4,
        "'part' must be one of vooraf, bijeenkomst, achteraf, les, not 'daarna'.",
    ),
    "minutes not whole": (
        LESSON,
        lesson(minutes="7.5"),
        5,
        "'minutes' must be a whole number from 1 to 240, not '7.5'.",
    ),
    "minutes zero": (
        LESSON,
        lesson(minutes="0"),
        5,
        "'minutes' must be a whole number from 1 to 240, not '0'.",
    ),
    "minutes without end": (
        LESSON,
        lesson(minutes="9" * 5000),
        5,
        "'minutes' has 5000 characters; at most 255 fit.",
    ),
    "heavy not true or false": (
        SESSION,
        session(extra="heavy: ja\n"),
        6,
        "'heavy' must be true or false, not 'ja'.",
    ),
    "unknown audience": (
        "programme.yaml",
        programme(audience="iedereen"),
        5,
        "'audience' must be one of ervaringsmaatjes, professionals, not 'iedereen'.",
    ),
    "bad language": (
        "programme.yaml",
        programme(language="Nederlands"),
        6,
        "'language' must be a language code of two letters, such as nl, not 'Nederlands'.",
    ),
    "facts not a list": (
        COURSE,
        course(facts="  Groep: 6\n"),
        11,
        "'facts' must be a list with at least one line that starts with '- '.",
    ),
    "fact without label": (
        COURSE,
        course(facts="  - Zes mensen\n"),
        11,
        "Each item of 'facts' must be one line '- Label: text'.",
    ),
    "field's name not text": (LESSON, lesson(extra="? [a]\n: b\n"), 6, "A field's name must be plain text."),
    "broken YAML": (
        LESSON,
        lesson().replace("Een les", "Let op: nu"),
        3,
        f"Broken YAML: mapping values are not allowed here. {QUOTE_ADVICE}",
    ),
    "broken programme.yaml": (
        "programme.yaml",
        'key: proef\nname: "Proef\n',
        3,
        f"Broken YAML: found unexpected end of stream. {QUOTE_ADVICE}",
    ),
    "YAML alias": (
        LESSON,
        "---\nkey: &a p1\ntitle: *a\npart: les\nminutes: 1\n---\nTekst.\n",
        3,
        f"Broken YAML: aliases (*name) are not allowed; write the text out. {QUOTE_ADVICE}",
    ),
    "YAML tag": (
        LESSON,
        lesson().replace("Een les", "!!python/object/apply:os.system [ls]"),
        3,
        f"Broken YAML: tags (!name) are not allowed; quote the text. {QUOTE_ADVICE}",
    ),
    "YAML too deep": (
        LESSON,
        lesson().replace("Een les", "[" * 20_000),
        3,
        f"Broken YAML: this is nested too deeply. {QUOTE_ADVICE}",
    ),
    "YAML escape out of range": (
        LESSON,
        lesson().replace("Een les", '"\\UFFFFFFFF"'),
        2,
        "Broken YAML: a number or an escape in it is out of range. Write it out.",
    ),
    "YAML unprintable": (
        LESSON,
        lesson().replace("Een les", "Een \ufffe les"),
        3,
        "Broken YAML: the character U+FFFE is not allowed. Remove it.",
    ),
    "YAML too long": (
        LESSON,
        lesson(extra="# " + "a" * 30_000 + "\n"),
        2,
        "The fields take more than 30000 characters. Shorten them.",
    ),
}


@pytest.mark.parametrize(("path", "content", "line", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_reported_on_its_line(
    write_programme: WriteFolder,
    find_errors: Callable[[Path], list[NotationError]],
    path: str,
    content: str,
    line: int,
    message: str,
) -> None:
    assert find_errors(write_programme({path: content})) == [NotationError(path, line, message)]
