"""A conversation as text: who the client is, then scenes with what the client says and what can be said to them.

Reads the notation into the fields that a trainer fills in, and reports what would be refused of them, by line.
"""

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cms.programmes.entries import Entries, Entry
from cms.programmes.messages import Message
from cms.programmes.source import Source, shorten

MEASURES = ("trust", "shame", "change")
HIGHEST = 10
BIGGEST_MOVE = 3
FEWEST_CHOICES, MOST_CHOICES = 2, 4
MOST_SCENES = 400
MOST_IN_ALL = 1000
MAX_CLIENT = 40
MAX_NAME = 80
CODES = {
    "vraag": "question",
    "eenvoudige reflectie": "simple_reflection",
    "complexe reflectie": "complex_reflection",
    "bevestigen": "affirm",
    "samenwerking zoeken": "seek_collaboration",
    "autonomie benadrukken": "emphasize_autonomy",
    "informatie geven": "give_information",
    "overtuigen": "persuade",
    "overtuigen met toestemming": "persuade_with_permission",
    "confronteren": "confront",
    "geen": "none",
}

_CONDITION = re.compile(r"([a-z]+)\s*(>=|<=|>|<|=)\s*([0-9]{1,2})")
_CONDITIONS = rf"{_CONDITION.pattern}(?:\s*,\s*{_CONDITION.pattern})*".replace("(", "(?:").replace(
    "(?:?:", "(?:"
)
_MOVE = re.compile(r"([a-z]+)\s+([+-]?[0-9]{1,2})")

DIALOGUE_MARKERS = {
    "scene": re.compile(r"==\s*(.*)"),
    # The condition ends with its last number; `>` may stand inside it.
    "says": re.compile(r"says(?:\s+([a-z0-9<>=,\s]*?[0-9]))?\s*>\s*(.*)"),
    "says_wrong": re.compile(r"says\b(.*)"),
    "choice": re.compile(r"-(?:\s+(.*))?"),
    "code": re.compile(r"code>\s*(.*)"),
    "moves": re.compile(r"moves>\s*(.*)"),
    "feedback": re.compile(r">\s*(.*)"),
    "end": re.compile(r"end>\s*(.*)"),
    "client": re.compile(r"client>\s*(.*)"),
    "figures": re.compile(r"figures>\s*(.*)"),
    **{name: re.compile(rf"{name}>\s*(.*)") for name in MEASURES},
}
_HEAD = ("client", "figures", *MEASURES)


@dataclass
class _Choice:
    line: int
    text: str
    to: str
    details: dict[str, Entry] = field(default_factory=dict)


@dataclass
class _Scene:
    line: int
    name: str
    says: list[Entry] = field(default_factory=list)
    choices: list[_Choice] = field(default_factory=list)
    end: Entry | None = None


def read_dialogue(entries: Entries) -> dict[str, Any]:
    """The fields of a conversation; errors go to the source."""
    scenes = _cut(entries)
    fields = {
        "question": entries.question(),
        "client": _read_client(entries),
        **{name: _read_start(entries, name) for name in MEASURES},
        "figures": _read_figures(entries),
        "scenes": [_read_scene(entries.source, scene) for scene in scenes],
    }
    _check_number(entries, scenes)
    _check_names(entries.source, scenes)
    _check_ways(entries, scenes)
    return fields


def _read_figures(entries: Entries) -> bool:
    """Whether the end shows MITI: it does, unless the head says `figures> no`."""
    if not entries.take("figures"):
        return True
    said = entries.take_one("figures")
    if said not in {"yes", "no"}:
        entries.source.report(
            entries.take("figures")[0].line, Message("Write 'figures> no', or leave this line out.")
        )
    return said != "no"


def _cut(entries: Entries) -> list[_Scene]:
    """The entries by scene. What stands before the first scene belongs to the head."""
    source = entries.source
    scenes: list[_Scene] = []
    for entry in entries.entries:
        if entry.name == "scene":
            scenes.append(_Scene(entry.line, entry.text))
        elif entry.name in _HEAD:
            if scenes:
                source.report(
                    entry.line,
                    Message("'%(name)s>' belongs before the first '== scene'. Move it up.", name=entry.name),
                )
        elif entry.name == "says_wrong":
            source.report(
                entry.line,
                Message("A condition is written as 'says trust >= 5, shame < 4> text'. Mend this line."),
            )
        elif not scenes:
            source.report(
                entry.line, Message("This line stands before the first '== scene'. Move it into a scene.")
            )
        else:
            _add(source, scenes[-1], entry)
    return scenes


def _add(source: Source, scene: _Scene, entry: Entry) -> None:
    if entry.name == "says":
        scene.says.append(entry)
    elif entry.name == "end":
        if scene.end:
            source.report(entry.line, Message("There is a second 'end>' line in this scene. Keep one."))
        scene.end = entry
    elif entry.name == "choice":
        scene.choices.append(_read_heading(source, entry))
    elif not scene.choices:
        source.report(
            entry.line, Message("This line belongs below a '- words => scene' line. Move it there.")
        )
    elif entry.name in scene.choices[-1].details:
        source.report(entry.line, Message("This choice has such a line already. Join the two."))
    else:
        scene.choices[-1].details[entry.name] = entry


def _read_heading(source: Source, entry: Entry) -> _Choice:
    text, arrow, to = (part.strip() for part in entry.text.rpartition("=>"))
    if not (text and arrow and to):
        source.report(
            entry.line, Message("A choice is '- words => scene', with words and the name of a scene.")
        )
    return _Choice(entry.line, text, to)


def _read_client(entries: Entries) -> str:
    client = entries.take_one("client")
    if len(client) > MAX_CLIENT:
        line = entries.take("client")[0].line
        entries.source.report(
            line, Message("The client's name has at most %(most)s characters.", most=MAX_CLIENT)
        )
    return client


def _read_start(entries: Entries, name: str) -> int:
    text = entries.take_one(name)
    if text.isascii() and text.isdecimal() and int(text[:4]) <= HIGHEST:
        return int(text)
    if text:
        line = entries.take(name)[0].line
        entries.source.report(
            line,
            Message(
                "'%(name)s>' is a number from 0 to %(highest)s, not '%(text)s'.",
                name=name,
                highest=HIGHEST,
                text=shorten(text),
            ),
        )
    return 0


def _read_scene(source: Source, scene: _Scene) -> dict[str, Any]:
    end = scene.end.text if scene.end else ""
    if scene.choices and scene.end:
        source.report(
            scene.end.line, Message("A scene with choices is no end. Remove 'end>' or the choices.")
        )
    elif not scene.choices and not scene.end:
        source.report(
            scene.line, Message("This scene is a dead end. Give it choices, or 'end>' if the talk ends here.")
        )
    elif scene.choices and not FEWEST_CHOICES <= len(scene.choices) <= MOST_CHOICES:
        source.report(
            scene.line,
            Message(
                "A scene has %(fewest)s to %(most)s choices; this one has %(number)s.",
                fewest=FEWEST_CHOICES,
                most=MOST_CHOICES,
                number=len(scene.choices),
            ),
        )
    always, variants = _read_says(source, scene)
    return {
        "name": scene.name,
        "variants": variants,
        "says": always,
        "choices": [_read_choice(source, choice) for choice in scene.choices],
        "end": end,
    }


def _read_says(source: Source, scene: _Scene) -> tuple[str, list[dict[str, Any]]]:
    """What the client says without a condition, and what under one."""
    variants: list[dict[str, Any]] = []
    always = ""
    texts: set[str] = set()
    for number, entry in enumerate(scene.says, start=1):
        if entry.text.casefold() in texts:
            source.report(entry.line, Message("The client says the same above. Let the words differ."))
        texts.add(entry.text.casefold())
        if entry.marker[0]:
            variants.append({"when": _read_conditions(source, entry), "text": entry.text})
        elif number < len(scene.says):
            source.report(
                entry.line, Message("Only the last 'says>' has no condition. Move it down or give it one.")
            )
        else:
            always = entry.text
    if not scene.says or scene.says[-1].marker[0]:
        source.report(scene.line, Message("This scene needs a last 'says>' line without a condition."))
    return always, variants


def _read_conditions(source: Source, entry: Entry) -> list[dict[str, Any]]:
    conditions = []
    for part in entry.marker[0].split(","):
        condition = _CONDITION.fullmatch(part.strip())
        if condition is None or condition[1] not in MEASURES:
            source.report(
                entry.line,
                Message(
                    "'%(part)s' is no condition. Write it as 'trust >= 5, shame < 4'.",
                    part=shorten(part.strip()),
                ),
            )
            continue
        measure, comparison, number = condition[1], condition[2], int(condition[3])
        if number > HIGHEST or (comparison, number) in {("<", 0), (">", HIGHEST)}:
            source.report(
                entry.line,
                Message(
                    "This condition never holds: %(measure)s goes from 0 to %(highest)s.",
                    measure=measure,
                    highest=HIGHEST,
                ),
            )
        conditions.append({"measure": measure, "comparison": comparison, "number": number})
    return conditions


def _read_choice(source: Source, choice: _Choice) -> dict[str, Any]:
    for name, example in (("code", "code> vraag"), ("feedback", "> ...")):
        if name not in choice.details:
            source.report(
                choice.line,
                Message("This choice has no '  %(example)s' line below it. Add one.", example=example),
            )
    return {
        "text": choice.text,
        "to": choice.to,
        "codes": _read_codes(source, choice.details.get("code")),
        **_read_moves(source, choice.details.get("moves")),
        "feedback": choice.details["feedback"].text if "feedback" in choice.details else "",
    }


def _read_codes(source: Source, entry: Entry | None) -> list[str]:
    codes: list[str] = []
    for word in entry.text.split(",") if entry else ():
        code = CODES.get(" ".join(word.split()))
        if code is None:
            source.report(
                entry.line,
                Message(
                    "'%(code)s' is no code. Use one of %(codes)s.",
                    code=shorten(word.strip()),
                    codes=", ".join(CODES),
                ),
            )
        elif code in codes:
            source.report(
                entry.line, Message("The code '%(code)s' stands here twice. Keep one.", code=word.strip())
            )
        else:
            codes.append(code)
    if entry and CODES["geen"] in codes and len(codes) > 1:
        source.report(entry.line, Message("'geen' stands alone: a sentence is none of these, or something."))
    return codes


def _read_moves(source: Source, entry: Entry | None) -> dict[str, int]:
    moves = dict.fromkeys(MEASURES, 0)
    seen: set[str] = set()
    for part in entry.text.split(",") if entry else ():
        move = _MOVE.fullmatch(part.strip())
        if move is None or move[1] not in MEASURES or move[1] in seen:
            source.report(
                entry.line, Message("Moves are 'trust +1, shame -2', each of trust, shame, change once.")
            )
        elif abs(int(move[2])) > BIGGEST_MOVE:
            source.report(
                entry.line,
                Message(
                    "A choice moves %(measure)s by at most %(most)s.",
                    measure=move[1],
                    most=BIGGEST_MOVE,
                ),
            )
        else:
            moves[move[1]] = int(move[2])
            seen.add(move[1])
    return moves


def _check_number(entries: Entries, scenes: list[_Scene]) -> None:
    if len(scenes) > MOST_SCENES:
        entries.source.report(
            entries.line,
            Message(
                "These are %(number)s scenes; at most %(most)s fit.", number=len(scenes), most=MOST_SCENES
            ),
        )
    in_all = sum(len(scene.choices) for scene in scenes)
    if in_all > MOST_IN_ALL:
        entries.source.report(
            entries.line,
            Message("These are %(number)s choices; at most %(most)s fit.", number=in_all, most=MOST_IN_ALL),
        )


def _check_names(source: Source, scenes: list[_Scene]) -> None:
    first: dict[str, int] = {}
    for scene in scenes:
        name = _compared(scene.name)
        if "=>" in name or len(scene.name) > MAX_NAME:
            source.report(
                scene.line,
                Message(
                    "The name '%(name)s' of this scene must be without '=>', at most %(most)s characters.",
                    name=shorten(scene.name),
                    most=MAX_NAME,
                ),
            )
        elif name in first:
            source.report(
                scene.line,
                Message(
                    "The scene '%(name)s' stands on line %(line)s already.", name=scene.name, line=first[name]
                ),
            )
        first.setdefault(name, scene.line)
    for choice in (choice for scene in scenes for choice in scene.choices):
        if choice.to and _compared(choice.to) not in first:
            source.report(
                choice.line,
                Message("There is no scene '%(name)s'. Write '== name' or mend it.", name=shorten(choice.to)),
            )


def _compared(name: str) -> str:
    """Names are the same whatever their capitals and spaces, as in the editor."""
    return " ".join(name.split()).casefold()


def _check_ways(entries: Entries, scenes: list[_Scene]) -> None:
    """Every scene can be reached from the first, and an end from every scene."""
    ends = [_compared(scene.name) for scene in scenes if not scene.choices]
    if not scenes:
        entries.source.report(entries.line, Message("There are no scenes. Start each with '== name'."))
        return
    if not ends:
        entries.source.report(
            entries.line, Message("No scene ends the talk. Write one with 'end>' and no choices.")
        )
        return
    forwards: dict[str, set[str]] = {
        _compared(scene.name): {_compared(choice.to) for choice in scene.choices} for scene in scenes
    }
    backwards: dict[str, set[str]] = {}
    for here, theres in forwards.items():
        for there in theres:
            backwards.setdefault(there, set()).add(here)
    reached, ending = _reach(forwards, [_compared(scenes[0].name)]), _reach(backwards, ends)
    for scene in scenes:
        if _compared(scene.name) not in reached:
            entries.source.report(
                scene.line,
                Message("No choice leads to '%(name)s' from the first scene.", name=shorten(scene.name)),
            )
        if _compared(scene.name) not in ending:
            entries.source.report(
                scene.line, Message("From '%(name)s' the talk can never end.", name=shorten(scene.name))
            )


def _reach(ways: Mapping[str, Iterable[str]], starts: Iterable[str]) -> set[str]:
    found = set(starts)
    queue = deque(found)
    while queue:
        fresh = set(ways.get(queue.popleft(), ())) - found
        found |= fresh
        queue.extend(fresh)
    return found
