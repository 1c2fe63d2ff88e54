"""Mistakes in blocks and in the lines of activities: the line and what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cms.programmes import NotationError
from tests.cms.programmes.sound_files import LESSON_PATH

OPTIONS = "- [x] Ja\n  > Goed.\n- [ ] Nee\n  > Fout.\n"
VERDICTS = "right> Goed.\nwrong> Fout.\n"
KINDS = (
    "single, multiple, truefalse, order, match, scale, reflection, read, sort, fill, open, label, worksheet, survey, dialogue, "
    "quiz, assignment, video, audio, download, text, aside, grounding, drawing"
)
DRAWING_NAMES = (
    "raam, spiraal, cirkels, fasen, stappen, weegschaal, verandering, liniaal, loyaliteit, driehoek, grens, "
    "schaam-schuld"
)

BLOCKS = {
    "unknown kind": ("::: poll a\nVraag?\n:::\n", 7, f"'poll' is no kind of block. Use one of {KINDS}."),
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

MISTAKES = BLOCKS | LINES


@pytest.mark.parametrize(("body", "line", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_reported_on_its_line(
    write_lesson_body: Callable[[str], Path],
    find_errors: Callable[[Path], list[NotationError]],
    body: str,
    line: int,
    message: str,
) -> None:
    assert find_errors(write_lesson_body(body)) == [NotationError(LESSON_PATH, line, message)]


def test_all_mistakes_are_reported_at_once_in_the_order_of_their_lines(
    write_lesson_body: Callable[[str], Path], find_errors: Callable[[Path], list[NotationError]]
) -> None:
    body = f"::: read\nIk las dit\n:::\n\n# Kop\n\n::: single a\n{OPTIONS}"
    assert [str(error) for error in find_errors(write_lesson_body(body))] == [
        f"{LESSON_PATH}:7: This block has no id. Write it after '::: read'.",
        f"{LESSON_PATH}:11: Only ## and ### headings are allowed; the title is above them already.",
        f"{LESSON_PATH}:13: This 'single' block is not closed. End it with a line of :::.",
    ]
