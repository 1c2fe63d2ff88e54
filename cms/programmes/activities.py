"""The activities: one reader per kind. Questions, options and feedback are plain text."""

import re
from collections.abc import Callable, Sequence
from typing import Any, cast

from cms.programmes.dialogues import DIALOGUE_MARKERS, read_dialogue
from cms.programmes.entries import Entries, Entry, read_entries
from cms.programmes.notation import ActivityKind, ActivityText
from cms.programmes.source import KEY, MAX_KEY_LENGTH, Source, shorten

MAX_SCALE = 100
MAX_STATEMENT = 120
FEWEST = 2  # options, items or pairs: below that there is nothing to choose

_TRUE_FALSE = ["Niet waar", "Waar"]

_OPTION = re.compile(r"-\s+\[([ xX])\](?:\s+(.*))?")
_FEEDBACK = re.compile(r">\s*(.*)")
_NUMBERED = re.compile(r"([0-9]{1,4})\.(?:\s+(.*))?")
_PAIR = re.compile(r"-(?:\s+(.*))?")
_END = re.compile(r"([0-9]{1,4})\s*=\s*(.*)")
_BAND = re.compile(r"([0-9]{1,4})(?:\s*[-–]\s*([0-9]{1,4}))?>\s*(.*)")
_RIGHT = re.compile(r"right>\s*(.*)")
_WRONG = re.compile(r"wrong>\s*(.*)")
_HINT = re.compile(r"hint>\s*(.*)")

_OPTION_MARKERS = {"option": _OPTION, "feedback": _FEEDBACK}
_ORDER_MARKERS = {"item": _NUMBERED, "right": _RIGHT, "wrong": _WRONG}
_MATCH_MARKERS = {"pair": _PAIR, "right": _RIGHT, "wrong": _WRONG}
_SCALE_MARKERS = {"end": _END, "band": _BAND}


def read_activity(
    source: Source, kind: str, rest: str, line: int, lines: Sequence[str]
) -> ActivityText | None:
    """Read an activity of a known kind; `rest` is what stands after the kind. Errors go to the source."""
    key, required = _read_heading(source, kind, rest, line)
    markers, read = _KINDS[kind]
    fields = read(read_entries(source, line, lines, markers))
    if not key:
        return None
    return ActivityText(
        cast(ActivityKind, kind), key, required and kind != "reflection", fields, line, source.path
    )


def _read_heading(source: Source, kind: str, rest: str, line: int) -> tuple[str, bool]:
    words = rest.split()
    if not words:
        source.report(line, f"This block has no id. Write it after '::: {kind}'.")
        return "", True
    key, *options = words
    if not KEY.fullmatch(key) or len(key) > MAX_KEY_LENGTH:
        source.report(
            line,
            f"The id '{shorten(key)}' must be small letters, digits and dashes, at most {MAX_KEY_LENGTH} in all.",
        )
    if options not in ([], ["optional"]):
        source.report(line, f"Only 'optional' may stand after the id, not '{shorten(' '.join(options))}'.")
    return key, not options


def _read_options(entries: Entries) -> list[dict[str, Any]]:
    options: list[dict[str, Any]] = []
    lines: list[int] = []
    for entry in entries.entries:
        if entry.name == "option":
            options.append({"text": entry.text, "right": entry.marker[0] in "xX", "feedback": ""})
            lines.append(entry.line)
        elif not options:
            entries.source.report(
                entry.line, "This feedback stands before the first option. Move it below one."
            )
        elif options[-1]["feedback"]:
            entries.source.report(entry.line, "This option has feedback already. Join the two.")
        else:
            options[-1]["feedback"] = entry.text
    for line, option in zip(lines, options, strict=True):
        if not option["feedback"]:
            entries.source.report(line, "This option has no feedback. Add a line '  > ...' below it.")
    return options


def _read_choice(entries: Entries, *, several: bool) -> dict[str, Any]:
    question = entries.question()
    options = _read_options(entries)
    right = sum(option["right"] for option in options)
    if len(options) < FEWEST:
        entries.source.report(entries.line, "A question needs at least two options. Add '- [ ] ...' lines.")
    elif not right:
        entries.source.report(entries.line, "No option is right. Mark the right one with [x].")
    elif right > 1 and not several:
        entries.source.report(
            entries.line, f"{right} options are right; 'single' has one. Use 'multiple' or remove an x."
        )
    _report_repeats(entries, entries.take("option"), "option")
    return {"question": question, "options": options}


def _read_single(entries: Entries) -> dict[str, Any]:
    return _read_choice(entries, several=False)


def _read_multiple(entries: Entries) -> dict[str, Any]:
    return _read_choice(entries, several=True)


def _read_truefalse(entries: Entries) -> dict[str, Any]:
    statement = entries.question("statement")
    options = _read_options(entries)
    by_text = {option["text"]: option for option in options}
    if sorted(option["text"] for option in options) != _TRUE_FALSE:
        entries.source.report(
            entries.line, "A statement has two options: 'Waar' and 'Niet waar'. Write exactly those."
        )
        return {}
    if by_text["Waar"]["right"] == by_text["Niet waar"]["right"]:
        entries.source.report(entries.line, "Mark either 'Waar' or 'Niet waar' with [x].")
    return {
        "statement": statement,
        "right": by_text["Waar"]["right"],
        "feedback_true": by_text["Waar"]["feedback"],
        "feedback_false": by_text["Niet waar"]["feedback"],
    }


def _read_order(entries: Entries) -> dict[str, Any]:
    items = entries.take("item")
    if len(items) < FEWEST:
        entries.source.report(
            entries.line, "There must be at least two items to put in order. Add '1.' and '2.'."
        )
    for number, item in enumerate(items, start=1):
        if item.marker[0] != str(number):
            entries.source.report(
                item.line, f"This item must have number {number}. and not {item.marker[0]}."
            )
            break
    _report_repeats(entries, items, "item")
    return {"question": entries.question(), "items": [item.text for item in items], **_read_verdicts(entries)}


def _read_match(entries: Entries) -> dict[str, Any]:
    pairs: list[dict[str, str]] = []
    lefts: list[Entry] = []
    for entry in entries.take("pair"):
        left, _, right = (side.strip() for side in entry.text.partition("=>"))
        if not left or not right or "=>" in right:
            entries.source.report(
                entry.line, "A pair is '- left => right', with one '=>' and text on both sides."
            )
            continue
        pairs.append({"left": left, "right": right})
        lefts.append(Entry("pair", (), entry.line, left))
    if len(entries.take("pair")) < FEWEST:
        entries.source.report(entries.line, "There must be at least two pairs. Add '- left => right' lines.")
    elif len(pairs) >= FEWEST and len({pair["right"] for pair in pairs}) < FEWEST:
        entries.source.report(entries.line, "All right sides are the same. Use at least two different ones.")
    _report_repeats(entries, lefts, "left side")
    return {"question": entries.question(), "pairs": pairs, **_read_verdicts(entries)}


def _read_verdicts(entries: Entries) -> dict[str, str]:
    return {"feedback_right": entries.take_one("right"), "feedback_wrong": entries.take_one("wrong")}


def _read_scale(entries: Entries) -> dict[str, Any]:
    question = entries.question()
    try:
        low, high = entries.take("end")
    except ValueError:
        entries.source.report(entries.line, "A scale has two ends, such as '0 = niet' and '10 = heel erg'.")
        return {}
    minimum, maximum = int(low.marker[0]), int(high.marker[0])
    if not minimum < maximum <= MAX_SCALE:
        entries.source.report(
            high.line, f"The second end must be higher than the first, and at most {MAX_SCALE}."
        )
        return {}
    return {
        "question": question,
        "minimum": minimum,
        "maximum": maximum,
        "low_label": low.text,
        "high_label": high.text,
        "bands": _read_bands(entries, minimum, maximum),
    }


def _read_bands(entries: Entries, minimum: int, maximum: int) -> list[dict[str, Any]]:
    bands: list[dict[str, Any]] = []
    expected = minimum
    for entry in entries.take("band"):
        first = int(entry.marker[0])
        last = int(entry.marker[1] or first)
        bands.append({"first": first, "last": last, "feedback": entry.text})
        if first > expected:
            entries.source.report(
                entry.line, f"The number {expected} has no feedback. Start this band there."
            )
        elif first < expected:
            entries.source.report(
                entry.line, f"The number {first} has feedback already or is too low. Start at {expected}."
            )
        if last < first or last > maximum:
            entries.source.report(entry.line, f"This band must end between {first} and {maximum}.")
        expected = max(expected, last + 1)
    if expected <= maximum:
        entries.source.report(
            entries.line, f"The number {expected} has no feedback. Add '{expected}-{maximum}> ...'."
        )
    return bands


def _read_reflection(entries: Entries) -> dict[str, Any]:
    return {"question": entries.question(), "hint": entries.take_one("hint")}


def _read_confirmation(entries: Entries) -> dict[str, Any]:
    statement = entries.question("statement")
    if "\n" in statement or len(statement) > MAX_STATEMENT:
        entries.source.report(
            entries.line, f"This text is a button: one sentence of at most {MAX_STATEMENT} characters."
        )
    return {"statement": statement}


def _report_repeats(entries: Entries, found: Sequence[Entry], what: str) -> None:
    seen: set[str] = set()
    for entry in found:
        if entry.text and entry.text in seen:
            entries.source.report(entry.line, f"This {what} is the same as one above. Change or remove it.")
        seen.add(entry.text)


_KINDS: dict[str, tuple[dict[str, re.Pattern[str]], Callable[[Entries], dict[str, Any]]]] = {
    "single": (_OPTION_MARKERS, _read_single),
    "multiple": (_OPTION_MARKERS, _read_multiple),
    "truefalse": (_OPTION_MARKERS, _read_truefalse),
    "order": (_ORDER_MARKERS, _read_order),
    "match": (_MATCH_MARKERS, _read_match),
    "scale": (_SCALE_MARKERS, _read_scale),
    "reflection": ({"hint": _HINT}, _read_reflection),
    "read": ({}, _read_confirmation),
    "dialogue": (DIALOGUE_MARKERS, read_dialogue),
}
