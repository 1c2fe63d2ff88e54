"""What a sound lesson says, field by field."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cms.programmes import (
    ActivityText,
    Aside,
    Drawing,
    Grounding,
    LessonContent,
    Paragraphs,
    read_programme,
)

PATH = "01-begin/10-les.md"
WriteBody = Callable[[str], Path]

SINGLE = """\
::: single wat-past
Samira vraagt of je haar geld wilt beheren.
  Ze is moe.

Wat doe je?

- [ ] Je doet het,
  voor één keer.
  > Logisch.
    Alleen: geld.
- [x] Je zegt nee.

  > Ja. Je blijft
  > naast haar.
:::
"""
SINGLE_FIELDS = {
    "question": "Samira vraagt of je haar geld wilt beheren. Ze is moe.\n\nWat doe je?",
    "options": [
        {"text": "Je doet het, voor één keer.", "right": False, "feedback": "Logisch. Alleen: geld."},
        {"text": "Je zegt nee.", "right": True, "feedback": "Ja. Je blijft naast haar."},
    ],
}
MULTIPLE = """\
::: multiple wat-helpt
Wat helpt?
- [X] Rust
> Ja.
- [x] Tijd
> Ook.
- [ ] Haast
> Nee.
:::
"""
MULTIPLE_FIELDS = {
    "question": "Wat helpt?",
    "options": [
        {"text": "Rust", "right": True, "feedback": "Ja."},
        {"text": "Tijd", "right": True, "feedback": "Ook."},
        {"text": "Haast", "right": False, "feedback": "Nee."},
    ],
}
TRUEFALSE = """\
::: truefalse gratis
Bellen kost niets.

- [x] Waar
  > Klopt.
- [ ] Niet waar
  > Toch wel.
:::
"""
TRUEFALSE_FIELDS = {
    "statement": "Bellen kost niets.",
    "right": True,
    "feedback_true": "Klopt.",
    "feedback_false": "Toch wel.",
}
ORDER = """\
::: order stappen
Zet op volgorde.

1. Eerst
2. Dan
   en dan
3. Ten slotte
right> Goed.
wrong> Nog niet.
:::
"""
ORDER_FIELDS = {
    "question": "Zet op volgorde.",
    "items": ["Eerst", "Dan en dan", "Ten slotte"],
    "feedback_right": "Goed.",
    "feedback_wrong": "Nog niet.",
}
MATCH = """\
::: match wie-belt
Wie bel je?

- Er is nu gevaar => 112
- Je wilt advies
  over thuis => Veilig Thuis
- Je buurman slaat => 112
wrong> Kijk nog eens.
right> Goed.
:::
"""
MATCH_FIELDS = {
    "question": "Wie bel je?",
    "pairs": [
        {"left": "Er is nu gevaar", "right": "112"},
        {"left": "Je wilt advies over thuis", "right": "Veilig Thuis"},
        {"left": "Je buurman slaat", "right": "112"},
    ],
    "feedback_right": "Goed.",
    "feedback_wrong": "Kijk nog eens.",
}
SCALE = """\
::: scale hoe-zeker optional
Hoe zeker ben je?

0 = helemaal niet
10 = heel erg
0-3> Dat mag.
4-9> Op weg.
10> Mooi.
:::
"""
SCALE_FIELDS = {
    "question": "Hoe zeker ben je?",
    "minimum": 0,
    "maximum": 10,
    "low_label": "helemaal niet",
    "high_label": "heel erg",
    "bands": [
        {"first": 0, "last": 3, "feedback": "Dat mag."},
        {"first": 4, "last": 9, "feedback": "Op weg."},
        {"first": 10, "last": 10, "feedback": "Mooi."},
    ],
}
REFLECTION = "::: reflection voor-jezelf\nWat hielp jou?\nhint> Denk aan één dag.\n:::\n"
REFLECTION_FIELDS = {"question": "Wat hielp jou?", "hint": "Denk aan één dag."}
READ = "::: read gelezen\nIk heb dit gelezen\n:::\n"
READ_FIELDS = {"statement": "Ik heb dit gelezen"}


def read_content(folder: Path) -> tuple[LessonContent, ...]:
    return read_programme(folder).sessions[0].lessons[0].content


@pytest.mark.parametrize(
    ("body", "kind", "key", "required", "fields"),
    [
        (SINGLE, "single", "wat-past", True, SINGLE_FIELDS),
        (MULTIPLE, "multiple", "wat-helpt", True, MULTIPLE_FIELDS),
        (TRUEFALSE, "truefalse", "gratis", True, TRUEFALSE_FIELDS),
        (ORDER, "order", "stappen", True, ORDER_FIELDS),
        (MATCH, "match", "wie-belt", True, MATCH_FIELDS),
        (SCALE, "scale", "hoe-zeker", False, SCALE_FIELDS),
        (REFLECTION, "reflection", "voor-jezelf", False, REFLECTION_FIELDS),
        (READ, "read", "gelezen", True, READ_FIELDS),
    ],
    ids=lambda value: value if isinstance(value, str) and "\n" not in value else "",
)
def test_an_activity_keeps_what_its_writer_wrote(
    write_lesson_body: WriteBody, body: str, kind: str, key: str, required: bool, fields: dict[str, object]
) -> None:
    expected = ActivityText(kind=kind, key=key, required=required, fields=fields, line=7, path=PATH)
    assert read_content(write_lesson_body(body)) == (expected,)


def test_niet_waar_may_be_right_and_may_come_first(write_lesson_body: WriteBody) -> None:
    body = "::: truefalse f\nNee.\n- [x] Niet waar\n  > Goed.\n- [ ] Waar\n  > Fout.\n:::\n"
    (activity,) = read_content(write_lesson_body(body))
    assert isinstance(activity, ActivityText)
    assert activity.fields == {
        "statement": "Nee.",
        "right": False,
        "feedback_true": "Fout.",
        "feedback_false": "Goed.",
    }


def test_a_lesson_keeps_text_and_blocks_in_order_with_their_lines(write_lesson_body: WriteBody) -> None:
    body = """\

Eerst *dit*.

::: aside Een ander voorbeeld
Bel [112](tel:112).
:::
::: grounding Terug in het hier en nu

1. Adem in.
2. Adem uit.
:::

::: drawing raam
Een raam met
drie vakken.

Jij zit in het midden.
:::
Dan dat.
"""
    assert read_content(write_lesson_body(body)) == (
        Paragraphs("<p>Eerst <i>dit</i>.</p>", 2, PATH, 8),
        Aside("Een ander voorbeeld", '<p>Bel <a href="tel:112">112</a>.</p>', 5, PATH, 10),
        Grounding("Terug in het hier en nu", "<ol><li>Adem in.</li><li>Adem uit.</li></ol>", 10, PATH, 13),
        Drawing("raam", "Een raam met drie vakken.\n\nJij zit in het midden.", PATH, 19),
        Paragraphs("<p>Dan dat.</p>", 2, PATH, 25),
    )


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(
    write_programme: Callable[..., Path],
) -> None:
    text = f"---\nkey: p1-les\ntitle: Een les\npart: les\nminutes: 1\n---\n{ORDER}"
    plain = read_content(write_programme({PATH: text}))
    windows = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    assert read_content(write_programme({PATH: windows})) == plain


def test_activities_lists_the_activities_only(write_lesson_body: WriteBody) -> None:
    lesson = read_programme(write_lesson_body(f"Tekst.\n\n{SINGLE}\n{READ}")).sessions[0].lessons[0]
    assert [activity.key for activity in lesson.activities] == ["wat-past", "gelezen"]
