"""What an author wrote of a conversation, checked: every mistake at once, naming the scene and the sentence.

Fields: `{trust, shame, change, scenes: [{id, name, variants: [{when: [{measure, comparison, number}], text}], says,
choices: [{id, text, to, codes, trust, shame, change, feedback}], end}]}`. `to` is a scene's name; numbers may be text.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .contract import Specification, SpecificationError, option_key
from .dialogue_graph import (
    BIGGEST_MOVE,
    COMPARISONS,
    HIGHEST,
    LOWEST,
    MEASURES,
    can_hold,
    distances,
    turned,
)
from .miti import CODES, NONE

MOST_SCENES = 400
FEWEST_CHOICES, MOST_CHOICES = 2, 4  # of one scene
MOST_IN_ALL = 1000
MOST_TOLD = 40  # mistakes told at once
QUOTED = 60  # characters of a sentence in a message

MEASURE_NAMES = {"trust": _("trust"), "shame": _("shame"), "change": _("change talk")}

Fields = Mapping[str, Any]
Problems = list[str | Promise]


def start_and_scenes(fields: Fields) -> tuple[dict[str, int], list[Specification]]:
    """The client's state at the beginning, and the scenes with keys in place of names. Raises `SpecificationError`."""
    written = list(fields.get("scenes") or ())
    _refuse_too_many(written)
    problems: Problems = []
    start = _start(fields, problems)
    keys = _scene_keys(written, problems)
    scenes = [_scene(scene, number, keys, problems) for number, scene in enumerate(written, start=1)]
    _check_identities(scenes, problems)
    _check_ways(scenes, problems)
    if problems:
        raise SpecificationError(*_at_most(problems))
    return start, scenes


def _refuse_too_many(written: Sequence[Fields]) -> None:
    """First of all: nobody wants a list of a thousand mistakes."""
    if not written:
        raise SpecificationError(_("Write at least one scene, and a scene in which the talk ends."))
    if len(written) > MOST_SCENES:
        raise SpecificationError(
            _("These are %(count)s scenes; at most %(most)s fit in one conversation.")
            % {"count": len(written), "most": MOST_SCENES}
        )
    in_all = sum(len(scene.get("choices") or ()) for scene in written)
    if in_all > MOST_IN_ALL:
        raise SpecificationError(
            _("These are %(count)s sentences to choose from; at most %(most)s fit in one conversation.")
            % {"count": in_all, "most": MOST_IN_ALL}
        )


def _at_most(problems: Problems) -> Problems:
    more = len(problems) - MOST_TOLD
    if more <= 0:
        return problems
    return [*problems[:MOST_TOLD], _("And %(count)s more like these.") % {"count": more}]


def _start(fields: Fields, problems: Problems) -> dict[str, int]:
    start = {name: _whole(fields.get(name)) for name in MEASURES}
    for name, value in start.items():
        if value is None or not LOWEST <= value <= HIGHEST:
            problems.append(
                _("At the beginning, %(measure)s has to be a number from 0 to 10.")
                % {"measure": MEASURE_NAMES[name]}
            )
    return {name: value or 0 for name, value in start.items()}


def _scene_keys(written: Sequence[Fields], problems: Problems) -> dict[str, str]:
    """The key of every scene by its name as it is compared."""
    for number, scene in enumerate(written, start=1):
        if not _text(scene, "name"):
            problems.append(_("Scene %(number)s has no name.") % {"number": number})
    names = Counter(_name(scene) for scene in written if _name(scene))
    for scene in written:
        if names.pop(_name(scene), 0) > 1:
            problems.append(
                _("Two scenes are called “%(scene)s”. Give every scene its own name.")
                % {"scene": _text(scene, "name")}
            )
    return {_name(scene): _key(scene, str(number)) for number, scene in enumerate(written, start=1)}


def _scene(scene: Fields, number: int, keys: Mapping[str, str], problems: Problems) -> Specification:
    name = _text(scene, "name") or str(number)
    choices, end = list(scene.get("choices") or ()), _text(scene, "end")
    _check_shape(name, len(choices), end, problems)
    return {
        "key": _key(scene, str(number)),
        "name": name,
        "says": _says(scene, name, problems),
        "choices": [
            _choice(choice, f"{number}-{place}", name, keys, problems)
            for place, choice in enumerate(choices, start=1)
        ],
        "end": end,
    }


def _check_shape(name: str, choices: int, end: str, problems: Problems) -> None:
    if choices and end:
        problems.append(
            _("Scene “%(scene)s” has closing words and sentences to choose from. Keep one of the two.")
            % {"scene": name}
        )
    elif not choices and not end:
        problems.append(
            _(
                "Scene “%(scene)s” is a dead end: give it sentences to choose from, or closing words if the talk ends here."
            )
            % {"scene": name}
        )
    elif choices and not FEWEST_CHOICES <= choices <= MOST_CHOICES:
        problems.append(
            _("Scene “%(scene)s” has to offer two to four sentences; it has %(count)s.")
            % {"scene": name, "count": choices}
        )


def _says(scene: Fields, name: str, problems: Problems) -> list[Specification]:
    always = _text(scene, "says")
    if not always:
        problems.append(
            _("Scene “%(scene)s” does not say what the client says when nothing special holds.")
            % {"scene": name}
        )
    says = []
    for variant in scene.get("variants") or ():
        conditions = [_condition(condition, name, problems) for condition in variant.get("when") or ()]
        if not conditions:
            problems.append(
                _("In scene “%(scene)s” other words of the client have no condition.") % {"scene": name}
            )
        says.append({"when": conditions, "text": _text(variant, "text")})
    says.append({"when": [], "text": always})
    texts = [each["text"] for each in says]
    if not all(texts[:-1]):
        problems.append(_("In scene “%(scene)s” other words of the client are empty.") % {"scene": name})
    if len({text.casefold() for text in texts}) != len(texts):
        problems.append(
            _("In scene “%(scene)s” the client says the same under two conditions. Let the words differ.")
            % {"scene": name}
        )
    return says


def _condition(condition: Fields, name: str, problems: Problems) -> list[Any]:
    measure, comparison = condition.get("measure"), condition.get("comparison")
    number = _whole(condition.get("number"))
    known = measure in MEASURES and comparison in COMPARISONS and number is not None
    if not known or not LOWEST <= number <= HIGHEST:
        problems.append(
            _(
                "In scene “%(scene)s” a condition is not complete: choose what it is about and a number from 0 to 10."
            )
            % {"scene": name}
        )
    elif not can_hold(comparison, number):
        problems.append(
            _("In scene “%(scene)s” a condition can never hold: %(measure)s goes from 0 to 10.")
            % {"scene": name, "measure": MEASURE_NAMES[measure]}
        )
    return [measure, comparison, number]


def _choice(
    choice: Fields, place: str, scene: str, keys: Mapping[str, str], problems: Problems
) -> Specification:
    text, feedback, target = _text(choice, "text"), _text(choice, "feedback"), _text(choice, "to")
    codes = list(dict.fromkeys(choice.get("codes") or ()))
    where = {"scene": scene, "sentence": text[:QUOTED] or place}
    if not text:
        problems.append(_("In scene “%(scene)s” sentence %(sentence)s has no words.") % where)
    if not feedback:
        problems.append(_("In scene “%(scene)s” the sentence “%(sentence)s” has no feedback.") % where)
    if _compared(target) not in keys:
        problems.append(
            _(
                "In scene “%(scene)s” the sentence “%(sentence)s” leads to “%(target)s”, and there is no such scene."
            )
            % {**where, "target": target}
        )
    _check_codes(codes, where, problems)
    return {
        "key": _key(choice, place),
        "text": text,
        "to": keys.get(_compared(target), ""),
        "codes": codes,
        "moves": _moves(choice, where, problems),
        "feedback": feedback,
    }


def _check_codes(codes: Sequence[str], where: Mapping[str, str], problems: Problems) -> None:
    if not codes:
        problems.append(
            _(
                "In scene “%(scene)s” the sentence “%(sentence)s” does not say what kind of sentence it is. "
                "Choose “none of these” if it is none."
            )
            % where
        )
    elif not set(codes) <= set(CODES):
        problems.append(
            _("In scene “%(scene)s” the sentence “%(sentence)s” has a kind that does not exist.") % where
        )
    elif NONE in codes and len(codes) > 1:
        problems.append(
            _("In scene “%(scene)s” the sentence “%(sentence)s” is “none of these” and something else too.")
            % where
        )


def _moves(choice: Fields, where: Mapping[str, str], problems: Problems) -> dict[str, int]:
    moves = {name: _whole(choice.get(name) or 0) for name in MEASURES}
    if any(move is None or abs(move) > BIGGEST_MOVE for move in moves.values()):
        problems.append(
            _(
                "In scene “%(scene)s” the sentence “%(sentence)s” moves the client by more than 3. "
                "Use whole numbers from -3 to 3."
            )
            % where
        )
    return {name: move for name, move in moves.items() if move}


def _check_identities(scenes: Sequence[Specification], problems: Problems) -> None:
    choices = [choice["key"] for scene in scenes for choice in scene["choices"]]
    if len(set(choices)) != len(choices) or len({scene["key"] for scene in scenes}) != len(scenes):
        problems.append(_("Two parts of this conversation share one identity. Delete one and write it anew."))


def _check_ways(scenes: Sequence[Specification], problems: Problems) -> None:
    """Every scene can be reached from the first one, and an end from every scene."""
    ends = [scene["key"] for scene in scenes if not scene["choices"]]
    if not ends:
        problems.append(
            _("No scene ends the talk. Write one without sentences to choose from, with closing words.")
        )
        return
    ways = {scene["key"]: [choice["to"] for choice in scene["choices"] if choice["to"]] for scene in scenes}
    reached, ending = distances(ways, scenes[0]["key"]), distances(turned(ways), *ends)
    if lost := [scene["name"] for scene in scenes if scene["key"] not in reached]:
        problems.append(
            _("No sentence leads here, so nobody will see it: %(scenes)s.") % {"scenes": _listed(lost)}
        )
    if endless := [scene["name"] for scene in scenes if scene["key"] not in ending]:
        problems.append(
            _("From here the talk can never end; let a sentence lead out of it: %(scenes)s.")
            % {"scenes": _listed(endless)}
        )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names[:MOST_TOLD])


def _text(fields: Fields, name: str) -> str:
    return str(fields.get(name) or "").strip()


def _name(scene: Fields) -> str:
    return _compared(_text(scene, "name"))


def _compared(name: str) -> str:
    """Names are the same whatever their capitals and spaces."""
    return " ".join(name.split()).casefold()


def _key(part: Fields, place: str) -> str:
    return option_key(part.get("id") or place)


def _whole(value: object) -> int | None:
    """A whole number, or `None` for what is none."""
    try:
        return int(str(value))
    except ValueError:
        return None
