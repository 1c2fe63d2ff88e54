"""Every mistake in a lesson's body: the line it is on and what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cms.programmes import NotationError, ProgrammeErrors, read_programme

PATH = "01-begin/10-les.md"
OPTIONS = "- [x] Ja\n  > Goed.\n- [ ] Nee\n  > Fout.\n"
VERDICTS = "right> Goed.\nwrong> Fout.\n"
KINDS = "single, multiple, truefalse, order, match, scale, reflection, read, aside, grounding, drawing"

DRAWING_NAMES = "raam, spiraal, cirkels, fasen, stappen, weegschaal, verandering, liniaal"

BLOCKS = {
    "unknown kind": ("::: quiz a\nVraag?\n:::\n", 7, f"'quiz' is no kind of block. Use one of {KINDS}."),
    "unclosed at the end": (
        "::: read a\nIk las dit\n",
        7,
        "This 'read' block is not closed. End it with a line of :::.",
    ),
    "unclosed before the next": (
        "::: read a\nIk las dit\n::: read b\nIk las dat\n:::\n",
        7,
        "This 'read' block is not closed. End it with a line of :::.",
    ),
    "closes nothing": ("Tekst.\n:::\n", 8, "This ::: closes nothing. Remove it, or open a block above it."),
    "no id": ("::: read\nIk las dit\n:::\n", 7, "This block has no id. Write it after '::: read'."),
    "bad id": (
        "::: read Les_1\nIk las dit\n:::\n",
        7,
        "The id 'Les_1' must be small letters, digits and dashes, at most 80 in all.",
    ),
    "bad word after the id": (
        "::: read a vrij\nIk las dit\n:::\n",
        7,
        "Only 'optional' may stand after the id, not 'vrij'.",
    ),
    "same id twice": (
        "::: read a\nIk las dit\n:::\n::: read a\nIk las dat\n:::\n",
        10,
        "The id 'a' is used on line 7 already. Every id is unique in its lesson.",
    ),
    "aside without title": (
        "::: aside\nTekst.\n:::\n",
        7,
        "This block has no title. Write it after '::: aside'.",
    ),
    "aside with a long title": (
        f"::: aside {'a' * 256}\nTekst.\n:::\n",
        7,
        "The title of this block is longer than 255 characters. Shorten it.",
    ),
    "aside with Markdown in its title": (
        "::: aside **Let op**\nTekst.\n:::\n",
        7,
        "The title of this block is plain text; remove the Markdown signs.",
    ),
    "aside without text": (
        "::: aside Titel\n\n:::\n",
        7,
        "This block has no text. Write it, or remove the block.",
    ),
    "Markdown error in an aside": (
        "::: aside Titel\nTekst.\n\n# Kop\n:::\n",
        10,
        "Only ## and ### headings are allowed; the title is above them already.",
    ),
    "unknown drawing": (
        "::: drawing huis\nEen huis.\n:::\n",
        7,
        f"There is no drawing 'huis'. Use one of {DRAWING_NAMES}.",
    ),
    "drawing without text": (
        "::: drawing raam\n:::\n",
        7,
        "This drawing has no text. Say in words what it shows.",
    ),
    "drawing with Markdown": (
        "::: drawing raam\nEen **raam**.\n:::\n",
        8,
        "The words of a drawing are plain text; remove the Markdown signs.",
    ),
    "empty lesson": ("\n\n", 7, "This lesson is empty. Write its text."),
}

LINES = {
    "question missing": (
        f"::: single a\n{OPTIONS}:::\n",
        7,
        "The question is missing. Write it below the line that opens the block.",
    ),
    "question goes on at the margin": (
        f"::: single a\nVraag\ndie doorgaat?\n{OPTIONS}:::\n",
        9,
        "To go on with the line above, start with two spaces; for a new paragraph, leave a blank line.",
    ),
    "option goes on at the margin": (
        "::: single a\nVraag?\n- [x] Ja\n  > Goed.\ndus.\n- [ ] Nee\n  > Fout.\n:::\n",
        11,
        "This line belongs to nothing. To go on with the line above, start with two spaces.",
    ),
    "text goes on after a blank line": (
        "::: single a\nVraag?\n- [x] Ja\n  > Goed.\n\n  dus.\n- [ ] Nee\n  > Fout.\n:::\n",
        12,
        "This line belongs to nothing. To go on with the line above, start with two spaces.",
    ),
    "option not at the margin": (
        "::: single a\nVraag?\n  - [x] Ja\n  > Goed.\n- [ ] Nee\n  > Fout.\n:::\n",
        9,
        "This line must start at the margin. Take away the spaces before it.",
    ),
    "mistyped option": (
        f"::: single a\nVraag?\n- [] Misschien\n{OPTIONS}:::\n",
        9,
        "'- [] Misschien' is no line of this kind of activity. Mend its first signs.",
    ),
    "mistyped verdict": (
        f"::: order a\nVraag?\n1. Een\n2. Twee\nRight> Goed.\n{VERDICTS}:::\n",
        11,
        "'Right> Goed.' is no line of this kind of activity. Mend its first signs.",
    ),
    "option without text": (
        "::: single a\nVraag?\n- [x]\n  > Goed.\n- [ ] Nee\n  > Fout.\n:::\n",
        9,
        "This line has no text. Write it, or remove the line.",
    ),
    "text too long": (
        f"::: single a\n{'a' * 2001}\n{OPTIONS}:::\n",
        7,
        "This text has 2001 characters; at most 2000 fit.",
    ),
    "Markdown in a question": (
        f"::: single a\nIs dit *echt* zo?\n{OPTIONS}:::\n",
        7,
        "Activities are plain text; remove the Markdown signs.",
    ),
    "Markdown in feedback": (
        "::: single a\nVraag?\n- [x] Ja\n  > Zie [hier](https://a.nl).\n- [ ] Nee\n  > Fout.\n:::\n",
        10,
        "Activities are plain text; remove the Markdown signs.",
    ),
}

CHOICES = {
    "no right option": (
        "::: single a\nVraag?\n- [ ] Ja\n  > Goed.\n- [ ] Nee\n  > Fout.\n:::\n",
        7,
        "No option is right. Mark the right one with [x].",
    ),
    "no right option of several": (
        "::: multiple a\nVraag?\n- [ ] Ja\n  > Goed.\n- [ ] Nee\n  > Fout.\n:::\n",
        7,
        "No option is right. Mark the right one with [x].",
    ),
    "two right options in single": (
        "::: single a\nVraag?\n- [x] Ja\n  > Goed.\n- [x] Nee\n  > Fout.\n:::\n",
        7,
        "2 options are right; 'single' has one. Use 'multiple' or remove an x.",
    ),
    "one option": (
        "::: single a\nVraag?\n- [x] Ja\n  > Goed.\n:::\n",
        7,
        "A question needs at least two options. Add '- [ ] ...' lines.",
    ),
    "option without feedback": (
        "::: single a\nVraag?\n- [x] Ja\n- [ ] Nee\n  > Fout.\n:::\n",
        9,
        "This option has no feedback. Add a line '  > ...' below it.",
    ),
    "feedback twice": (
        "::: single a\nVraag?\n- [x] Ja\n  > Goed.\n\n  > Heel goed.\n- [ ] Nee\n  > Fout.\n:::\n",
        12,
        "This option has feedback already. Join the two.",
    ),
    "feedback before the options": (
        f"::: single a\nVraag?\n> Goed.\n{OPTIONS}:::\n",
        9,
        "This feedback stands before the first option. Move it below one.",
    ),
    "same option twice": (
        f"::: single a\nVraag?\n{OPTIONS}- [ ] Ja\n  > Hm.\n:::\n",
        13,
        "This option is the same as one above. Change or remove it.",
    ),
    "statement without both options": (
        "::: truefalse a\nZo is het.\n- [x] Waar\n  > Ja.\n- [ ] Onwaar\n  > Nee.\n:::\n",
        7,
        "A statement has two options: 'Waar' and 'Niet waar'. Write exactly those.",
    ),
    "statement without a right option": (
        "::: truefalse a\nZo is het.\n- [ ] Waar\n  > Ja.\n- [ ] Niet waar\n  > Nee.\n:::\n",
        7,
        "Mark either 'Waar' or 'Niet waar' with [x].",
    ),
    "statement with two right options": (
        "::: truefalse a\nZo is het.\n- [x] Waar\n  > Ja.\n- [x] Niet waar\n  > Nee.\n:::\n",
        7,
        "Mark either 'Waar' or 'Niet waar' with [x].",
    ),
    "statement missing": (
        "::: truefalse a\n- [x] Waar\n  > Ja.\n- [ ] Niet waar\n  > Nee.\n:::\n",
        7,
        "The statement is missing. Write it below the line that opens the block.",
    ),
}

PAIRS_AND_NUMBERS = {
    "order of one": (
        f"::: order a\nVraag?\n1. Een\n{VERDICTS}:::\n",
        7,
        "There must be at least two items to put in order. Add '1.' and '2.'.",
    ),
    "unordered numbers": (
        f"::: order a\nVraag?\n1. Een\n3. Drie\n2. Twee\n{VERDICTS}:::\n",
        10,
        "This item must have number 2. and not 3.",
    ),
    "same item twice": (
        f"::: order a\nVraag?\n1. Een\n2. Een\n{VERDICTS}:::\n",
        10,
        "This item is the same as one above. Change or remove it.",
    ),
    "right feedback missing": (
        "::: order a\nVraag?\n1. Een\n2. Twee\nwrong> Fout.\n:::\n",
        7,
        "There is no 'right>' line. Add it.",
    ),
    "wrong feedback missing": (
        "::: match a\nVraag?\n- Een => 1\n- Twee => 2\nright> Goed.\n:::\n",
        7,
        "There is no 'wrong>' line. Add it.",
    ),
    "right feedback twice": (
        f"::: match a\nVraag?\n- Een => 1\n- Twee => 2\n{VERDICTS}right> Ja.\n:::\n",
        13,
        "There is a second 'right>' line. Keep one.",
    ),
    "one pair": (
        f"::: match a\nVraag?\n- Een => 1\n{VERDICTS}:::\n",
        7,
        "There must be at least two pairs. Add '- left => right' lines.",
    ),
    "pair without arrow": (
        f"::: match a\nVraag?\n- Een => 1\n- Twee = 2\n- Drie => 3\n{VERDICTS}:::\n",
        10,
        "A pair is '- left => right', with one '=>' and text on both sides.",
    ),
    "pair with two arrows": (
        f"::: match a\nVraag?\n- Een => 1\n- Twee => 2 => 3\n- Drie => 3\n{VERDICTS}:::\n",
        10,
        "A pair is '- left => right', with one '=>' and text on both sides.",
    ),
    "pair without right side": (
        f"::: match a\nVraag?\n- Een => 1\n- Twee =>\n- Drie => 3\n{VERDICTS}:::\n",
        10,
        "A pair is '- left => right', with one '=>' and text on both sides.",
    ),
    "same left side twice": (
        f"::: match a\nVraag?\n- Een => 1\n- Een => 2\n{VERDICTS}:::\n",
        10,
        "This left side is the same as one above. Change or remove it.",
    ),
    "all right sides the same": (
        f"::: match a\nVraag?\n- Een => 1\n- Twee => 1\n{VERDICTS}:::\n",
        7,
        "All right sides are the same. Use at least two different ones.",
    ),
    "scale with one end": (
        "::: scale a\nVraag?\n0 = niet\n0-10> Goed.\n:::\n",
        7,
        "A scale has two ends, such as '0 = niet' and '10 = heel erg'.",
    ),
    "ends the wrong way round": (
        "::: scale a\nVraag?\n10 = zeer\n0 = niet\n0-10> Goed.\n:::\n",
        10,
        "The second end must be higher than the first, and at most 100.",
    ),
    "scale too long": (
        "::: scale a\nVraag?\n0 = niet\n101 = zeer\n0-101> Goed.\n:::\n",
        10,
        "The second end must be higher than the first, and at most 100.",
    ),
    "gap between bands": (
        "::: scale a\nVraag?\n0 = niet\n10 = zeer\n0-3> Goed.\n5-10> Fijn.\n:::\n",
        12,
        "The number 4 has no feedback. Start this band there.",
    ),
    "gap at the end": (
        "::: scale a\nVraag?\n0 = niet\n10 = zeer\n0-3> Goed.\n:::\n",
        7,
        "The number 4 has no feedback. Add '4-10> ...'.",
    ),
    "no bands": (
        "::: scale a\nVraag?\n0 = niet\n10 = zeer\n:::\n",
        7,
        "The number 0 has no feedback. Add '0-10> ...'.",
    ),
    "overlapping bands": (
        "::: scale a\nVraag?\n0 = niet\n10 = zeer\n0-4> Goed.\n4-10> Fijn.\n:::\n",
        12,
        "The number 4 has feedback already or is too low. Start at 5.",
    ),
    "band below the scale": (
        "::: scale a\nVraag?\n1 = niet\n10 = zeer\n0-10> Goed.\n:::\n",
        11,
        "The number 0 has feedback already or is too low. Start at 1.",
    ),
    "band beyond the scale": (
        "::: scale a\nVraag?\n0 = niet\n10 = zeer\n0-11> Goed.\n:::\n",
        11,
        "This band must end between 0 and 10.",
    ),
    "hint missing": (
        "::: reflection a\nVraag?\n:::\n",
        7,
        "There is no 'hint>' line. Add it.",
    ),
    "read without text": (
        "::: read a\n:::\n",
        7,
        "The statement is missing. Write it below the line that opens the block.",
    ),
    "read with two paragraphs": (
        "::: read a\nIk las dit\n\nEn dat\n:::\n",
        7,
        "This text is a button: one sentence of at most 120 characters.",
    ),
    "read too long for a button": (
        f"::: read a\n{'a' * 121}\n:::\n",
        7,
        "This text is a button: one sentence of at most 120 characters.",
    ),
}

MISTAKES = BLOCKS | LINES | CHOICES | PAIRS_AND_NUMBERS


@pytest.mark.parametrize(("body", "line", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_reported_on_its_line(
    write_lesson_body: Callable[[str], Path], body: str, line: int, message: str
) -> None:
    with pytest.raises(ProgrammeErrors) as raised:
        read_programme(write_lesson_body(body))
    assert raised.value.errors == [NotationError(PATH, line, message)]


def test_all_mistakes_are_reported_at_once_in_the_order_of_their_lines(
    write_lesson_body: Callable[[str], Path],
) -> None:
    body = f"::: read\nIk las dit\n:::\n\n# Kop\n\n::: single a\n{OPTIONS}"
    with pytest.raises(ProgrammeErrors) as raised:
        read_programme(write_lesson_body(body))
    assert str(raised.value).splitlines() == [
        f"{PATH}:7: This block has no id. Write it after '::: read'.",
        f"{PATH}:11: Only ## and ### headings are allowed; the title is above them already.",
        f"{PATH}:13: This 'single' block is not closed. End it with a line of :::.",
    ]
