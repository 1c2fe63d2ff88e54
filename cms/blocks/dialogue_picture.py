"""A picture of a conversation: scenes in rows by their distance from the beginning, with lines between them. Pure.

Sizes are in the drawing's own units. The template draws it; `Drawn.leads_to` says the same in words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from courses.activities.dialogue_graph import distances

BOX_WIDTH, BOX_HEIGHT = 168, 44
GAP_X, GAP_Y = 20, 60
MARGIN = 24
NAME_FITS = 19  # characters in a box
TURN_OUT = 44  # how far a line to an earlier scene bends out
DIP, HEAD = 34, 24  # how far a line along a row bends down, and how far from the middle it leaves


@dataclass(frozen=True)
class Drawn:
    """A scene in the picture: its number, where its box stands, and where its sentences lead."""

    number: int
    name: str
    short: str
    x: int
    y: int
    leads_to: tuple[str, ...]
    is_end: bool
    is_lost: bool

    @property
    def middle(self) -> int:
        return self.x + BOX_WIDTH // 2

    @property
    def text_y(self) -> int:
        return self.y + BOX_HEIGHT // 2 + 5


@dataclass(frozen=True)
class Picture:
    """All boxes and lines (`d` of a path), and how large the drawing is."""

    scenes: tuple[Drawn, ...]
    lines: tuple[str, ...]
    width: int
    height: int
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


def picture_of(scenes: Iterable[Mapping[str, Any]]) -> Picture | None:
    """Draw scenes `{name, choices: [{to}]}`, finished or not; ways to scenes that do not exist are left out."""
    written = [(str(scene.get("name") or "").strip(), scene) for scene in scenes]
    named = [(name, scene) for name, scene in written if name]
    if not named:
        return None
    ways = _ways(named)
    first = next(iter(ways))
    rows = _rows(list(ways), distances(ways, first))
    drawn = _place(rows, ways, lost=set(ways) - set(distances(ways, first)))
    lines = [_line(drawn[here], drawn[there]) for here, theres in ways.items() for there in theres]
    widest = max(len(row) for row in rows)
    return Picture(
        tuple(sorted(drawn.values(), key=lambda scene: scene.number)),
        tuple(lines),
        width=2 * MARGIN + widest * (BOX_WIDTH + GAP_X) + TURN_OUT,
        height=2 * MARGIN + len(rows) * (BOX_HEIGHT + GAP_Y) - GAP_Y + DIP,
    )


def _ways(named: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, list[str]]:
    """Where each scene leads, each place once; names are compared without capitals."""
    known = {name.casefold(): name for name, _scene in reversed(named)}
    ways: dict[str, list[str]] = {}
    for name, scene in named:
        targets = (
            known.get(str(choice.get("to") or "").strip().casefold()) for choice in scene.get("choices") or ()
        )
        ways.setdefault(known[name.casefold()], list(dict.fromkeys(filter(None, targets))))
    return ways


def _rows(names: Sequence[str], steps: Mapping[str, int]) -> list[list[str]]:
    """Names by distance from the beginning; what cannot be reached comes last."""
    deepest = max(steps.values())
    rows: list[list[str]] = [[] for _row in range(deepest + 1)]
    lost = []
    for name in names:
        (rows[steps[name]] if name in steps else lost).append(name)
    return [*rows, lost] if lost else rows


def _place(
    rows: Sequence[Sequence[str]], ways: Mapping[str, Sequence[str]], *, lost: set[str]
) -> dict[str, Drawn]:
    numbers = {name: number for number, name in enumerate(ways, start=1)}
    widest = max(len(row) for row in rows)
    drawn = {}
    for depth, row in enumerate(rows):
        indent = (widest - len(row)) * (BOX_WIDTH + GAP_X) // 2
        for place, name in enumerate(row):
            drawn[name] = Drawn(
                number=numbers[name],
                name=name,
                short=name if len(name) <= NAME_FITS else f"{name[: NAME_FITS - 1]}…",
                x=MARGIN + indent + place * (BOX_WIDTH + GAP_X),
                y=MARGIN + depth * (BOX_HEIGHT + GAP_Y),
                leads_to=tuple(ways[name]),
                is_end=not ways[name],
                is_lost=name in lost,
            )
    return drawn


def _line(here: Drawn, there: Drawn) -> str:
    """With an arrowhead: down to a later row, below a row to its own scenes, and out to the right to an earlier one."""
    if there.y > here.y:
        start, end = here.y + BOX_HEIGHT, there.y
        bend = (end - start) // 2
        curve = f"M{here.middle} {start}C{here.middle} {start + bend} {there.middle} {end - bend} {there.middle} {end}"
        return curve + f"M{there.middle - 5} {end - 7}l5 7l5-7"
    if there.y == here.y:
        foot = here.y + BOX_HEIGHT
        start, end = here.middle + HEAD, there.middle - HEAD
        curve = f"M{start} {foot}C{start} {foot + DIP} {end} {foot + DIP} {end} {foot}"
        return curve + f"M{end - 5} {foot + 7}l5-7l5 7"
    start, end = here.y + BOX_HEIGHT // 2, there.y + BOX_HEIGHT // 2
    right_here, right_there = here.x + BOX_WIDTH, there.x + BOX_WIDTH
    out = max(right_here, right_there) + TURN_OUT
    curve = f"M{right_here} {start}C{out} {start} {out} {end} {right_there} {end}"
    return curve + f"M{right_there + 7} {end - 5}l-7 5l7 5"
