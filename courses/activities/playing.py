"""What was really played of a recording: stretches of it, in seconds from its beginning.

A browser reports which stretches it played; here it is decided what of that can be believed. No database, no clock.
"""

from collections.abc import Sequence
from typing import Any

Stretch = tuple[float, float]

ENOUGH = 0.9  # of a recording: the last bars of music or a list of names need not be heard
FASTEST = 2.0  # times as fast as recorded: our own buttons go to 1.5, a browser's menu to 2
SLACK = 3.0  # seconds by which reports may come late one after another
MOST_STRETCHES = 200
# What a browser may say beyond the length that the file itself gives.
OVERSHOOT = 2.0


class NotPlayed(ValueError):
    """What was sent are no stretches of this recording."""


def cleaned(sent: Any, duration: float) -> list[Stretch]:
    """Stretches as a browser reports them: in order, apart from one another, within the recording. Raises `NotPlayed`."""
    if not isinstance(sent, list) or len(sent) > MOST_STRETCHES:
        raise NotPlayed(f"not a list of at most {MOST_STRETCHES} stretches")
    stretches: list[Stretch] = []
    before = 0.0
    for each in sent:
        if not isinstance(each, list) or len(each) != 2:  # noqa: PLR2004 -- a beginning and an end
            raise NotPlayed("a stretch has a beginning and an end")
        first, last = (second(value, duration) for value in each)
        if last < first or (stretches and first < before):
            raise NotPlayed("stretches go forward and do not overlap")
        stretches.append((first, last))
        before = last
    return stretches


def second(value: Any, duration: float) -> float:
    """A place in the recording. Raises `NotPlayed` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotPlayed("a place is a number of seconds")
    if not 0 <= value <= duration + OVERSHOOT:  # nor is anything that is not a number
        raise NotPlayed("a place lies within the recording")
    return min(float(value), duration)


def merged(*lists: Sequence[Stretch]) -> list[Stretch]:
    """All that is in one or more of the lists, in order and without overlap."""
    together: list[Stretch] = []
    for first, last in sorted(stretch for stretches in lists for stretch in stretches):
        if together and first <= together[-1][1]:
            together[-1] = (together[-1][0], max(together[-1][1], last))
        elif last > first:
            together.append((first, last))
    return together


def length(stretches: Sequence[Stretch]) -> float:
    """Seconds in a list without overlap."""
    return sum(last - first for first, last in stretches)


def credited(known: Sequence[Stretch], reported: Sequence[Stretch], elapsed: float) -> list[Stretch]:
    """`known` with as much of what is new in `reported` as can have been played in `elapsed` seconds, the first of it."""
    left = max(elapsed, 0.0) * FASTEST + SLACK
    counted = merged(known)
    for stretch in _beyond(counted, reported):
        if left <= 0:
            break
        first, last = stretch[0], min(stretch[1], stretch[0] + left)
        left -= last - first
        counted = merged(counted, [(first, last)])
    return counted


def _beyond(known: Sequence[Stretch], reported: Sequence[Stretch]) -> list[Stretch]:
    """What of `reported` lies outside `known`."""
    new: list[Stretch] = []
    for begin, last in merged(reported):
        first = begin
        for there, until in known:
            if until <= first or there >= last:
                continue
            if there > first:
                new.append((first, there))
            first = max(first, until)
        if first < last:
            new.append((first, last))
    return new


def is_enough(stretches: Sequence[Stretch], duration: float) -> bool:
    return length(stretches) >= duration * ENOUGH


def per_cent(stretches: Sequence[Stretch], duration: float) -> int:
    """How much of it was played, in whole per cents, rounded down."""
    return int(min(length(stretches) / duration, 1.0) * 100)
