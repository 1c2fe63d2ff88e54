"""A conversation as text: the inverse of `cms.programmes.dialogues`."""

from collections.abc import Iterator, Mapping
from typing import Any

from cms.programmes.dialogues import CODES, MEASURES

Fields = Mapping[str, Any]

_WORDS = {code: words for words, code in CODES.items()}


def write_dialogue(fields: Fields) -> Iterator[str]:
    yield f"client> {fields['client']}"
    yield from (f"{measure}> {fields[measure]}" for measure in MEASURES)
    if not fields["figures"]:
        yield "figures> no"
    for scene in fields["scenes"]:
        yield ""
        yield from _write_scene(scene)


def _write_scene(scene: Fields) -> Iterator[str]:
    yield f"== {scene['name']}"
    for variant in scene["variants"]:
        yield f"says {_conditions(variant['when'])}> {variant['text']}"
    yield f"says> {scene['says']}"
    for choice in scene["choices"]:
        yield from _write_choice(choice)
    if scene["end"]:
        yield f"end> {scene['end']}"


def _conditions(when: list[Fields]) -> str:
    return ", ".join(f"{each['measure']} {each['comparison']} {each['number']}" for each in when)


def _write_choice(choice: Fields) -> Iterator[str]:
    yield f"- {choice['text']} => {choice['to']}"
    yield f"  code> {', '.join(_WORDS[code] for code in choice['codes'])}"
    moves = [f"{measure} {choice[measure]:+}" for measure in MEASURES if choice[measure]]
    if moves:
        yield f"  moves> {', '.join(moves)}"
    yield f"  > {choice['feedback']}"
