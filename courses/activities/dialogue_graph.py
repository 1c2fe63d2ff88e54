"""The way through a conversation: scenes, what each sentence does to the client, and where one can get from where. Pure.

A scene: `{key, name, says: [{when: [[measure, comparison, number]], text}], choices: [{key, text, to, codes, moves,
feedback}], end}`. `to` is a scene's key. A scene without choices is an end.
"""

import operator
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Scene = Mapping[str, Any]
State = Mapping[str, int]

MEASURES = ("trust", "shame", "change")
LOWEST, HIGHEST = 0, 10
BIGGEST_MOVE = 3
COMPARISONS = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}


class NoWay(ValueError):
    """A path that is no way through this conversation."""


@dataclass(frozen=True)
class Turn:
    """One step: what the client said, what was answered, and the client's state before and after it."""

    number: int
    client: str
    choice: Mapping[str, Any]
    before: State
    after: State


@dataclass(frozen=True)
class Talk:
    """A conversation so far: where it stands, and the client's state there."""

    turns: tuple[Turn, ...]
    scene: Scene
    state: State

    @property
    def client(self) -> str:
        """What the client says now."""
        return words_of(self.scene, self.state)

    @property
    def ended(self) -> bool:
        return not self.scene["choices"]

    @property
    def path(self) -> list[str]:
        return [turn.choice["key"] for turn in self.turns]


def walk(scenes: Sequence[Scene], start: State, path: Iterable[str]) -> Talk:
    """Follow the keys of the chosen sentences from the first scene. Raises `NoWay`."""
    by_key = {scene["key"]: scene for scene in scenes}
    scene, state, turns = scenes[0], dict(start), []
    for number, key in enumerate(path, start=1):
        choice = next((choice for choice in scene["choices"] if choice["key"] == key), None)
        if choice is None:
            raise NoWay(key)
        after = moved(state, choice["moves"])
        turns.append(Turn(number, words_of(scene, state), choice, state, after))
        scene, state = by_key[choice["to"]], after
    return Talk(tuple(turns), scene, state)


def moved(state: State, moves: State) -> dict[str, int]:
    """The state after a sentence; it stays within 0-10."""
    return {name: min(max(state[name] + moves.get(name, 0), LOWEST), HIGHEST) for name in MEASURES}


def words_of(scene: Scene, state: State) -> str:
    """What the client says in this state: the first words whose conditions all hold; the last have none."""
    return next(
        says["text"]
        for says in scene["says"]
        if all(COMPARISONS[comparison](state[name], number) for name, comparison, number in says["when"])
    )


def can_hold(comparison: str, number: int) -> bool:
    """Whether a state within 0-10 can be so."""
    return any(COMPARISONS[comparison](value, number) for value in range(LOWEST, HIGHEST + 1))


def distances(ways: Mapping[str, Iterable[str]], *starts: str) -> dict[str, int]:
    """How many steps each place is from the nearest start; places that cannot be reached are left out."""
    found = dict.fromkeys(starts, 0)
    queue = deque(starts)
    while queue:
        here = queue.popleft()
        for there in ways.get(here, ()):
            if there not in found:
                found[there] = found[here] + 1
                queue.append(there)
    return found


def turned(ways: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The same ways, walked backwards."""
    back: dict[str, list[str]] = {}
    for here, theres in ways.items():
        for there in theres:
            back.setdefault(there, []).append(here)
    return back
