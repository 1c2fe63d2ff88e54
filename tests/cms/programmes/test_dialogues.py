"""Conversations as text: what a sound one says, and the line and what to do where one is not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cms.programmes import NotationError, read_programme
from cms.programmes.dialogues import CODES
from cms.programmes.minutes import lesson_minutes
from courses.activities import dialogue
from courses.activities.miti import CODES as MITI_CODES
from tests.cms.programmes.sound_files import LESSON_PATH

WriteBody = Callable[[str], Path]
FindErrors = Callable[[Path], list[NotationError]]

HEAD = "::: dialogue kemal\nKemal komt voor het eerst.\n\nJij bent nieuw.\n\nclient> Kemal\ntrust> 3\nshame> 6\nchange> 2\n"
BEGIN = """\
== begin
says trust >= 5, shame<4> ‘Oké. Jij wel.’
says trust > 5> ‘Ja.’
says> ‘Zeg het
  maar.’
- ‘U moest komen.’ => einde
  code> complexe reflectie, bevestigen
  moves> trust +1, shame -2
  > Je geeft terug
    wat je hoort.
  > En niet meer.
- ‘Wat gebeurde er?’ => begin
  code> vraag
  > Begrijpelijk.
"""
END = "== einde\nsays> ‘Dag.’\nend> Kemal staat op.\n:::\n"
# The body starts on line 7 of its file: the head is 7-15, `== begin` is 16, `== einde` is 30.

FIELDS = {
    "question": "Kemal komt voor het eerst.\n\nJij bent nieuw.",
    "client": "Kemal",
    "trust": 3,
    "shame": 6,
    "change": 2,
    "figures": True,
    "scenes": [
        {
            "name": "begin",
            "variants": [
                {
                    "when": [
                        {"measure": "trust", "comparison": ">=", "number": 5},
                        {"measure": "shame", "comparison": "<", "number": 4},
                    ],
                    "text": "‘Oké. Jij wel.’",
                },
                {"when": [{"measure": "trust", "comparison": ">", "number": 5}], "text": "‘Ja.’"},
            ],
            "says": "‘Zeg het maar.’",
            "choices": [
                {
                    "text": "‘U moest komen.’",
                    "to": "einde",
                    "codes": ["complex_reflection", "affirm"],
                    "trust": 1,
                    "shame": -2,
                    "change": 0,
                    "feedback": "Je geeft terug wat je hoort. En niet meer.",
                },
                {
                    "text": "‘Wat gebeurde er?’",
                    "to": "begin",
                    "codes": ["question"],
                    "trust": 0,
                    "shame": 0,
                    "change": 0,
                    "feedback": "Begrijpelijk.",
                },
            ],
            "end": "",
        },
        {"name": "einde", "variants": [], "says": "‘Dag.’", "choices": [], "end": "Kemal staat op."},
    ],
}


def test_a_conversation_says_this(write_lesson_body: WriteBody) -> None:
    (lesson,) = read_programme(write_lesson_body(HEAD + BEGIN + END)).sessions[0].lessons
    (activity,) = lesson.activities
    assert (activity.kind, activity.key, activity.required) == ("dialogue", "kemal", True)
    assert activity.fields == FIELDS
    assert len(dialogue.specification(activity.fields)["scenes"]) == 2


def test_a_conversation_takes_eight_minutes_and_the_words_before_it(write_lesson_body: WriteBody) -> None:
    (lesson,) = read_programme(write_lesson_body(HEAD + BEGIN + END)).sessions[0].lessons
    assert lesson_minutes(lesson) == 8 + 9 / 130  # the situation and the client's name


def test_every_code_has_a_name_in_the_notation() -> None:
    assert sorted(CODES.values()) == sorted(MITI_CODES)


def scenes(old: str, new: str) -> str:
    text = HEAD + BEGIN + END
    assert old in text
    return text.replace(old, new, 1)


CHOICE = "- ‘U moest komen.’ => einde\n"
MISTAKES = {
    "no client": (scenes("client> Kemal\n", ""), 7, "There is no 'client>' line. Add it."),
    "client too long": (
        scenes("client> Kemal", "client> " + "K" * 41),
        12,
        "The client's name has at most 40 characters.",
    ),
    "no number": (scenes("trust> 3", "trust> veel"), 13, "'trust>' is a number from 0 to 10, not 'veel'."),
    "number over 10": (scenes("shame> 6", "shame> 11"), 14, "'shame>' is a number from 0 to 10, not '11'."),
    "head in a scene": (
        scenes(END, "== einde\nsays> Dag.\ntrust> 4\nend> Klaar.\n:::\n").replace("trust> 3\n", "", 1),
        31,
        "'trust>' belongs before the first '== scene'. Move it up.",
    ),
    "line before the scenes": (
        scenes("== begin\n", "says> Hallo.\n== begin\n"),
        16,
        "This line stands before the first '== scene'. Move it into a scene.",
    ),
    "no scenes": (HEAD + ":::\n", 7, "There are no scenes. Start each with '== name'."),
    "condition without its number": (
        scenes("says trust > 5>", "says trust>"),
        18,
        "A condition is written as 'says trust >= 5, shame < 4> text'. Mend this line.",
    ),
    "condition on nothing": (
        scenes("says trust > 5>", "says moed > 5>"),
        18,
        "'moed > 5' is no condition. Write it as 'trust >= 5, shame < 4'.",
    ),
    "condition that never holds": (
        scenes("says trust > 5>", "says trust > 10>"),
        18,
        "This condition never holds: trust goes from 0 to 10.",
    ),
    "condition over 10": (
        scenes("says trust > 5>", "says trust = 12>"),
        18,
        "This condition never holds: trust goes from 0 to 10.",
    ),
    "same words": (
        scenes("says trust > 5> ‘Ja.’", "says trust > 5> ‘Oké. Jij wel.’"),
        18,
        "The client says the same above. Let the words differ.",
    ),
    "no unconditional words": (
        scenes("says> ‘Zeg het\n  maar.’\n", ""),
        16,
        "This scene needs a last 'says>' line without a condition.",
    ),
    "unconditional words too early": (
        scenes("says trust > 5>", "says>"),
        18,
        "Only the last 'says>' has no condition. Move it down or give it one.",
    ),
    "no arrow": (
        scenes("‘U moest komen.’ => einde", "‘U moest komen.’"),
        21,
        "A choice is '- words => scene', with words and the name of a scene.",
    ),
    "no such scene": (
        scenes("‘Wat gebeurde er?’ => begin", "‘Wat gebeurde er?’ => thuis"),
        27,
        "There is no scene 'thuis'. Write '== name' or mend it.",
    ),
    "no code": (
        scenes("  code> vraag\n", ""),
        27,
        "This choice has no '  code> vraag' line below it. Add one.",
    ),
    "no feedback": (
        scenes("  > Begrijpelijk.\n", ""),
        27,
        "This choice has no '  > ...' line below it. Add one.",
    ),
    "unknown code": (
        scenes("code> vraag", "code> grap"),
        28,
        f"'grap' is no code. Use one of {', '.join(CODES)}.",
    ),
    "code twice": (
        scenes("code> vraag", "code> vraag, vraag"),
        28,
        "The code 'vraag' stands here twice. Keep one.",
    ),
    "none and something": (
        scenes("code> vraag", "code> vraag, geen"),
        28,
        "'geen' stands alone: a sentence is none of these, or something.",
    ),
    "move too far": (
        scenes("trust +1", "trust +4"),
        23,
        "A choice moves trust by at most 3.",
    ),
    "move of nothing": (
        scenes("trust +1", "moed +1"),
        23,
        "Moves are 'trust +1, shame -2', each of trust, shame, change once.",
    ),
    "move twice": (
        scenes("trust +1", "shame +1"),
        23,
        "Moves are 'trust +1, shame -2', each of trust, shame, change once.",
    ),
    "detail twice": (
        scenes("  code> vraag\n", "  code> vraag\n  code> geen\n"),
        29,
        "This choice has such a line already. Join the two.",
    ),
    "detail without a choice": (
        scenes("== einde\n", "== einde\n  code> vraag\n"),
        31,
        "This line belongs below a '- words => scene' line. Move it there.",
    ),
    "one choice": (
        scenes(CHOICE, f"- Ja. => einde\n  code> vraag\n  > Zo.\n== los\nsays> Nee.\n{CHOICE}").replace(
            "- Ja. => einde", "- Ja. => los"
        ),
        16,
        "A scene has 2 to 4 choices; this one has 1.",
    ),
    "dead end": (
        scenes("end> Kemal staat op.\n", ""),
        30,
        "This scene is a dead end. Give it choices, or 'end>' if the talk ends here.",
    ),
    "choices at an end": (
        scenes("== einde\n", "end> Klaar.\n== einde\n"),
        30,
        "A scene with choices is no end. Remove 'end>' or the choices.",
    ),
    "two ends": (
        scenes("end> Kemal staat op.\n", "end> Kemal staat op.\nend> Nog eens.\n"),
        33,
        "There is a second 'end>' line in this scene. Keep one.",
    ),
    "an arrow in a name": (
        scenes("== einde", "== naar => huis").replace("=> einde", "=> naar => huis"),
        30,
        "The name 'naar => huis' of this scene must be without '=>', at most 80 characters.",
    ),
    "a name too long": (
        scenes("== einde", f"== {'e' * 81}").replace("=> einde", f"=> {'e' * 81}"),
        30,
        f"The name '{'e' * 60}…' of this scene must be without '=>', at most 80 characters.",
    ),
    "name twice, in other capitals": (
        scenes("== einde\n", "== BEGIN\nsays> Dag.\nend> Klaar.\n== einde\n"),
        30,
        "The scene 'BEGIN' stands on line 16 already.",
    ),
    "name twice": (
        scenes("== einde\n", "== begin\nsays> Dag.\nend> Klaar.\n== einde\n"),
        30,
        "The scene 'begin' stands on line 16 already.",
    ),
    "unreachable": (
        HEAD + BEGIN + END.replace(":::\n", "== los\nsays> Dag.\nend> Klaar.\n:::\n"),
        33,
        "No choice leads to 'los' from the first scene.",
    ),
    "no end": (
        HEAD + BEGIN.replace("=> einde", "=> begin") + ":::\n",
        7,
        "No scene ends the talk. Write one with 'end>' and no choices.",
    ),
    "a cycle without an exit": (
        HEAD
        + BEGIN.replace("‘Wat gebeurde er?’ => begin", "‘Wat gebeurde er?’ => rond")
        + BEGIN.replace("== begin", "== rond").replace("=> einde", "=> rond").replace("=> begin", "=> rond")
        + END,
        30,
        "From 'rond' the talk can never end.",
    ),
}


@pytest.mark.parametrize(("body", "line", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_line(
    body: str, line: int, message: str, write_lesson_body: WriteBody, find_errors: FindErrors
) -> None:
    assert NotationError(LESSON_PATH, line, message) in find_errors(write_lesson_body(body))


def test_too_many_scenes_are_refused(write_lesson_body: WriteBody, find_errors: FindErrors) -> None:
    choice = "- {0} => einde\n  code> vraag\n  > Zo.\n"
    body = HEAD + "".join(
        f"== s{number}\nsays> Hallo.\n" + "".join(choice.format(place) for place in "abcd")
        for number in range(400)
    )
    messages = {error.message for error in find_errors(write_lesson_body(body + END))}
    assert {"These are 401 scenes; at most 400 fit.", "These are 1600 choices; at most 1000 fit."} <= messages


def test_only_what_belongs_to_a_choice_may_be_indented(
    write_lesson_body: WriteBody, find_errors: FindErrors
) -> None:
    body = scenes("client> Kemal", "  client> Kemal")
    assert find_errors(write_lesson_body(body)) == [
        NotationError(LESSON_PATH, 12, "This line must start at the margin. Take away the spaces before it.")
    ]
