"""Mistakes in what an activity says: the line and what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cms.programmes import NotationError
from tests.cms.programmes.sound_files import LESSON_PATH

OPTIONS = "- [x] Ja\n  > Goed.\n- [ ] Nee\n  > Fout.\n"
VERDICTS = "right> Goed.\nwrong> Fout.\n"

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
    "ids for some lines only": (
        (
            "::: order a\nVraag?\n1. Een\n2. Twee\nright> Ja.\nwrong> Nee.\n"
            "ids> 0e3c5f0a-6a0d-4a3c-8a53-6f7f1f8e2b11\n:::\n"
        ),
        7,
        "'ids>' names a different UUID for every line of this activity. Remove it to have them made anew.",
    ),
    "ids that are none": (
        "::: order a\nVraag?\n1. Een\n2. Twee\nright> Ja.\nwrong> Nee.\nids> een twee\n:::\n",
        7,
        "'ids>' names a different UUID for every line of this activity. Remove it to have them made anew.",
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

MISTAKES = CHOICES | PAIRS_AND_NUMBERS


@pytest.mark.parametrize(("body", "line", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_reported_on_its_line(
    write_lesson_body: Callable[[str], Path],
    find_errors: Callable[[Path], list[NotationError]],
    body: str,
    line: int,
    message: str,
) -> None:
    assert find_errors(write_lesson_body(body)) == [NotationError(LESSON_PATH, line, message)]
