"""The activities: one reader per kind. Questions, options and feedback are plain text."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

from cms.programmes.assignments import ASSIGNMENT_MARKERS, read_assignment
from cms.programmes.dialogues import DIALOGUE_MARKERS, read_dialogue
from cms.programmes.entries import Entries, Entry, read_entries
from cms.programmes.identity import is_identity, row_identities
from cms.programmes.messages import Message
from cms.programmes.notation import ROWS, ActivityKind, ActivityText
from cms.programmes.quizzes import QUIZ_MARKERS, read_quiz
from cms.programmes.recordings import DOWNLOAD_MARKERS, FILE_MARKERS, reader_of
from cms.programmes.source import KEY, MAX_KEY_LENGTH, Source, shorten

MAX_SCALE = 100
MAX_STATEMENT = 120
FEWEST = 2  # options, items or pairs: below that there is nothing to choose

FEWEST_SORTED, MOST_GROUPS = 3, 5
MOST_GAPS, MAX_GAP = 8, 80  # gaps, and characters in one
MOST_CHECKS = 5
MOST_LABELS, FEWEST_LABELLED = 10, 4
MOST_FIELDS = 12
MOST_ITEMS = 30

NEVER_REQUIRED = ("reflection", "worksheet")  # nobody has to write about themselves
ON_ITS_OWN = "los"
_MOMENTS = ("T0", "T1", ON_ITS_OWN)
_TRUE_FALSE = ["Niet waar", "Waar"]

_NO_STATEMENT = Message("The statement is missing. Write it below the line that opens the block.")
_SAME_OPTION = Message("This option is the same as one above. Change or remove it.")
_SAME_ITEM = Message("This item is the same as one above. Change or remove it.")
_SAME_LEFT_SIDE = Message("This left side is the same as one above. Change or remove it.")
_SAME_LINE = Message("This line is the same as one above. Change or remove it.")
_SAME_POINT = Message("This point is the same as one above. Change or remove it.")
_SAME_FIELD_ID = Message("This field id is the same as one above. Change or remove it.")
_SAME_ID = Message("This id is the same as one above. Change or remove it.")

_OPTION = re.compile(r"-\s+\[([ xX])\](?:\s+(.*))?")
_FEEDBACK = re.compile(r">\s*(.*)")
_NUMBERED = re.compile(r"([0-9]{1,4})\.(?:\s+(.*))?")
_PAIR = re.compile(r"-(?:\s+(.*))?")
_END = re.compile(r"([0-9]{1,4})\s*=\s*(.*)")
_BAND = re.compile(r"([0-9]{1,4})(?:\s*[-–]\s*([0-9]{1,4}))?>\s*(.*)")
_RIGHT = re.compile(r"right>\s*(.*)")
_WRONG = re.compile(r"wrong>\s*(.*)")
_HINT = re.compile(r"hint>\s*(.*)")

_ALTERNATIVE = re.compile(r"alternative>\s*(.*)")
_IDS = re.compile(r"ids>\s*(.*)")
_GAP = re.compile(r"\[\[(.*?)\]\]")
_TEXT = re.compile(r"text>\s*(.*)")
_MODEL = re.compile(r"model>\s*(.*)")
_CHECK = re.compile(r"check>\s*(.*)")
_LABELS = re.compile(r"labels>\s*(.*)")
_FIELD = re.compile(r"field\s+([a-z0-9-]{1,80})>\s*(.*)")
_MOMENT = re.compile(r"moment>\s*(.*)")
_SURVEY_SCALE = re.compile(r"scale\s+([a-z0-9-]{1,80})(?:\s+(\S+))?>\s*(.*)")
_SURVEY_OPEN = re.compile(r"open\s+([a-z0-9-]{1,80})>\s*(.*)")
_LINE = re.compile(r"-\s+([^:]{1,60}):\s+(.*)")

_OPTION_MARKERS = {"option": _OPTION, "feedback": _FEEDBACK}
_ORDER_MARKERS = {"item": _NUMBERED, "right": _RIGHT, "wrong": _WRONG}
_MATCH_MARKERS = {"pair": _PAIR, "right": _RIGHT, "wrong": _WRONG}
_SCALE_MARKERS = {"end": _END, "band": _BAND}
_SURVEY_MARKERS = {"end": _END, "moment": _MOMENT, "scale": _SURVEY_SCALE, "open": _SURVEY_OPEN}
_FILL_MARKERS = {"text": _TEXT, "right": _RIGHT, "wrong": _WRONG}
_OPEN_MARKERS = {"model": _MODEL, "check": _CHECK}
_LABEL_MARKERS = {"labels": _LABELS, "line": _LINE, "feedback": _FEEDBACK}


def read_activity(
    source: Source, kind: str, rest: str, line: int, lines: Sequence[str]
) -> ActivityText | None:
    """Read an activity of a known kind; `rest` is what stands after the kind. Errors go to the source."""
    key, required = _read_heading(source, kind, rest, line)
    markers, read = _KINDS[kind]
    entries = read_entries(source, line, lines, {**markers, "alternative": _ALTERNATIVE, "ids": _IDS})
    alternative, ids = _take_alternative(entries), _take_ids(entries)
    fields = read(entries) | alternative
    _check_ids(entries, fields, ids)
    if not key:
        return None
    return ActivityText(
        cast(ActivityKind, kind), key, required and kind not in NEVER_REQUIRED, fields, line, source.path, ids
    )


def _take_alternative(entries: Entries) -> dict[str, str]:
    """The equal alternative, which any kind may have, out of the entries."""
    if not entries.take("alternative"):
        return {}
    text = entries.take_one("alternative")
    entries.entries = [entry for entry in entries.entries if entry.name != "alternative"]
    return {"alternative": text}


def _take_ids(entries: Entries) -> tuple[str, ...]:
    """The identities of the rows, where they are written out, out of the entries."""
    ids = tuple(identity for entry in entries.take("ids") for identity in entry.text.split())
    entries.entries = [entry for entry in entries.entries if entry.name != "ids"]
    return ids


def _check_ids(entries: Entries, fields: dict[str, Any], ids: tuple[str, ...]) -> None:
    if not ids:
        return
    rows = next((fields[name] for name in ROWS if name in fields), [])
    wanted = len(list(row_identities("", rows)))
    if not all(map(is_identity, ids)) or len(set(ids)) < len(ids) or len(ids) != wanted:
        entries.source.report(
            entries.line,
            Message(
                "'ids>' names a different UUID for every line of this activity. Remove it to have them made anew."
            ),
        )


def _read_heading(source: Source, kind: str, rest: str, line: int) -> tuple[str, bool]:
    words = rest.split()
    if not words:
        source.report(line, Message("This block has no id. Write it after '::: %(kind)s'.", kind=kind))
        return "", True
    key, *options = words
    if not KEY.fullmatch(key) or len(key) > MAX_KEY_LENGTH:
        source.report(
            line,
            Message(
                "The id '%(key)s' must be small letters, digits and dashes, at most %(most)s in all.",
                key=shorten(key),
                most=MAX_KEY_LENGTH,
            ),
        )
    if options not in ([], ["optional"]):
        source.report(
            line,
            Message(
                "Only 'optional' may stand after the id, not '%(options)s'.",
                options=shorten(" ".join(options)),
            ),
        )
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
                entry.line, Message("This feedback stands before the first option. Move it below one.")
            )
        elif options[-1]["feedback"]:
            entries.source.report(entry.line, Message("This option has feedback already. Join the two."))
        else:
            options[-1]["feedback"] = entry.text
    for line, option in zip(lines, options, strict=True):
        if not option["feedback"]:
            entries.source.report(
                line, Message("This option has no feedback. Add a line '  > ...' below it.")
            )
    return options


def _read_choice(entries: Entries, *, several: bool) -> dict[str, Any]:
    question = entries.question()
    options = _read_options(entries)
    right = sum(option["right"] for option in options)
    if len(options) < FEWEST:
        entries.source.report(
            entries.line, Message("A question needs at least two options. Add '- [ ] ...' lines.")
        )
    elif not right:
        entries.source.report(entries.line, Message("No option is right. Mark the right one with [x]."))
    elif right > 1 and not several:
        entries.source.report(
            entries.line,
            Message(
                "%(right)s options are right; 'single' has one. Use 'multiple' or remove an x.", right=right
            ),
        )
    _report_repeats(entries, entries.take("option"), _SAME_OPTION)
    return {"question": question, "options": options}


def _read_single(entries: Entries) -> dict[str, Any]:
    return _read_choice(entries, several=False)


def _read_multiple(entries: Entries) -> dict[str, Any]:
    return _read_choice(entries, several=True)


def _read_truefalse(entries: Entries) -> dict[str, Any]:
    statement = entries.question(_NO_STATEMENT)
    options = _read_options(entries)
    by_text = {option["text"]: option for option in options}
    if sorted(option["text"] for option in options) != _TRUE_FALSE:
        entries.source.report(
            entries.line, Message("A statement has two options: 'Waar' and 'Niet waar'. Write exactly those.")
        )
        return {}
    if by_text["Waar"]["right"] == by_text["Niet waar"]["right"]:
        entries.source.report(entries.line, Message("Mark either 'Waar' or 'Niet waar' with [x]."))
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
            entries.line, Message("There must be at least two items to put in order. Add '1.' and '2.'.")
        )
    for number, item in enumerate(items, start=1):
        if item.marker[0] != str(number):
            entries.source.report(
                item.line,
                Message(
                    "This item must have number %(number)s. and not %(found)s.",
                    number=number,
                    found=item.marker[0],
                ),
            )
            break
    _report_repeats(entries, items, _SAME_ITEM)
    return {"question": entries.question(), "items": [item.text for item in items], **_read_verdicts(entries)}


def _read_match(entries: Entries) -> dict[str, Any]:
    pairs: list[dict[str, str]] = []
    lefts: list[Entry] = []
    for entry in entries.take("pair"):
        left, _, right = (side.strip() for side in entry.text.partition("=>"))
        if not left or not right or "=>" in right:
            entries.source.report(
                entry.line, Message("A pair is '- left => right', with one '=>' and text on both sides.")
            )
            continue
        pairs.append({"left": left, "right": right})
        lefts.append(Entry("pair", (), entry.line, left))
    if len(entries.take("pair")) < FEWEST:
        entries.source.report(
            entries.line, Message("There must be at least two pairs. Add '- left => right' lines.")
        )
    elif len(pairs) >= FEWEST and len({pair["right"] for pair in pairs}) < FEWEST:
        entries.source.report(
            entries.line, Message("All right sides are the same. Use at least two different ones.")
        )
    _report_repeats(entries, lefts, _SAME_LEFT_SIDE)
    return {"question": entries.question(), "pairs": pairs, **_read_verdicts(entries)}


def _read_sort(entries: Entries) -> dict[str, Any]:
    items: list[dict[str, str]] = []
    lines: list[Entry] = []
    for entry in entries.take("pair"):
        text, _, group = (side.strip() for side in entry.text.partition("=>"))
        if not text or not group or "=>" in group:
            entries.source.report(
                entry.line, Message("A line is '- text => group', with one '=>' and text on both sides.")
            )
            continue
        items.append({"text": text, "group": group})
        lines.append(Entry("pair", (), entry.line, text))
    _report_repeats(entries, lines, _SAME_LINE)
    if len(entries.take("pair")) < FEWEST_SORTED:
        entries.source.report(
            entries.line, Message("There must be at least three lines to sort. Add '- text => group'.")
        )
    elif items and not FEWEST <= len({item["group"] for item in items}) <= MOST_GROUPS:
        entries.source.report(
            entries.line, Message("Use two to %(most)s different groups.", most=MOST_GROUPS)
        )
    return {"question": entries.question(), "items": items, **_read_verdicts(entries)}


def _read_fill(entries: Entries) -> dict[str, Any]:
    text = entries.take_one("text")
    gaps = _GAP.findall(text)
    if "[[" in _GAP.sub("", text) or "]]" in _GAP.sub("", text):
        entries.source.report(entries.line, Message("A gap is not closed. Write it as [[answer]]."))
    elif text and not 1 <= len(gaps) <= MOST_GAPS:
        entries.source.report(
            entries.line, Message("Make one to %(most)s gaps, each written as [[answer]].", most=MOST_GAPS)
        )
    elif not all(0 < len(answer.strip()) <= MAX_GAP for gap in gaps for answer in gap.split("|")):
        entries.source.report(
            entries.line, Message("A gap needs an answer of at most %(most)s characters.", most=MAX_GAP)
        )
    return {"question": entries.question(), "text": text, **_read_verdicts(entries)}


def _read_open(entries: Entries) -> dict[str, Any]:
    checks = entries.take("check")
    _report_repeats(entries, checks, _SAME_POINT)
    if not 1 <= len(checks) <= MOST_CHECKS:
        entries.source.report(entries.line, Message("Give one to %(most)s 'check>' lines.", most=MOST_CHECKS))
    return {
        "question": entries.question(),
        "model": entries.take_one("model"),
        "checks": [check.text for check in checks],
    }


def _read_label(entries: Entries) -> dict[str, Any]:
    lines: list[dict[str, str]] = []
    for entry in entries.entries:
        if entry.name == "line":
            text, arrow, label = (side.strip() for side in entry.text.partition("=>"))
            if arrow and not label:
                entries.source.report(
                    entry.line, Message("There is no label after '=>'. Write it, or remove the '=>'.")
                )
            lines.append({"speaker": entry.marker[0].strip(), "text": text, "label": label, "why": ""})
        elif entry.name == "feedback":
            if not lines or not lines[-1]["label"] or lines[-1]["why"]:
                entries.source.report(
                    entry.line, Message("This explanation belongs to no line with a label. Put it below one.")
                )
            else:
                lines[-1]["why"] = entry.text
    labels = [label.strip() for label in entries.take_one("labels").split("|")]
    if not FEWEST <= len(set(labels)) == len(labels) <= MOST_LABELS:
        entries.source.report(
            entries.line,
            Message("Give two to %(most)s different labels, with | between them.", most=MOST_LABELS),
        )
    for entry, line in zip(entries.take("line"), lines, strict=True):
        if line["label"] and line["label"].casefold() not in {label.casefold() for label in labels}:
            entries.source.report(
                entry.line, Message("'%(label)s' is not one of the labels.", label=shorten(line["label"]))
            )
        elif line["label"] and not line["why"]:
            entries.source.report(
                entry.line, Message("This label has no explanation. Add a line '  > ...' below it.")
            )
    if sum(bool(line["label"]) for line in lines) < FEWEST_LABELLED:
        entries.source.report(
            entries.line,
            Message("At least %(fewest)s lines need a label ('=> label').", fewest=FEWEST_LABELLED),
        )
    return {"question": entries.question(), "labels": labels, "lines": lines}


def _read_worksheet(entries: Entries) -> dict[str, Any]:
    asked = entries.take("field")
    if not FEWEST <= len(asked) <= MOST_FIELDS:
        entries.source.report(
            entries.line,
            Message("Give two to %(most)s questions, as 'field id> question'.", most=MOST_FIELDS),
        )
    _report_repeats(entries, [replace(field, text=field.marker[0]) for field in asked], _SAME_FIELD_ID)
    fields = [{"key": field.marker[0], "text": field.text} for field in asked]
    return {"question": entries.question(), "fields": fields}


def _read_survey(entries: Entries) -> dict[str, Any]:
    moment = entries.take_one("moment")
    if moment not in _MOMENTS:
        entries.source.report(
            entries.line, Message("'moment>' is one of %(moments)s.", moments=", ".join(_MOMENTS))
        )
    items = [_read_survey_item(entry) for entry in entries.entries if entry.name in {"scale", "open"}]
    if not 1 <= len(items) <= MOST_ITEMS:
        entries.source.report(
            entries.line,
            Message("Give one to %(most)s questions, as 'scale id> …' or 'open id> …'.", most=MOST_ITEMS),
        )
    for entry in entries.take("scale"):
        if entry.marker[1] not in ("", "reversed"):
            entries.source.report(entry.line, Message("Only 'reversed' may stand after the id of a scale."))
    names = [replace(each, text=each.marker[0]) for each in (*entries.take("scale"), *entries.take("open"))]
    _report_repeats(entries, names, _SAME_ID)
    return {
        "question": entries.question(),
        "moment": "" if moment == ON_ITS_OWN else moment,
        "items": items,
        **_read_ends(entries),
    }


def _read_survey_item(entry: Entry) -> dict[str, Any]:
    turned = entry.name == "scale" and entry.marker[1] == "reversed"
    return {"construct": entry.marker[0], "form": entry.name, "reversed": turned, "text": entry.text}


def _read_verdicts(entries: Entries) -> dict[str, str]:
    return {"feedback_right": entries.take_one("right"), "feedback_wrong": entries.take_one("wrong")}


def _read_scale(entries: Entries) -> dict[str, Any]:
    question, ends = entries.question(), _read_ends(entries)
    if not ends:
        return {}
    return {"question": question, **ends, "bands": _read_bands(entries, ends["minimum"], ends["maximum"])}


def _read_ends(entries: Entries) -> dict[str, Any]:
    """The lowest and highest number of a ruler with their labels; empty where they make no ruler."""
    try:
        low, high = entries.take("end")
    except ValueError:
        entries.source.report(
            entries.line, Message("A scale has two ends, such as '0 = niet' and '10 = heel erg'.")
        )
        return {}
    minimum, maximum = int(low.marker[0]), int(high.marker[0])
    if not minimum < maximum <= MAX_SCALE:
        entries.source.report(
            high.line,
            Message("The second end must be higher than the first, and at most %(most)s.", most=MAX_SCALE),
        )
        return {}
    return {"minimum": minimum, "maximum": maximum, "low_label": low.text, "high_label": high.text}


def _read_bands(entries: Entries, minimum: int, maximum: int) -> list[dict[str, Any]]:
    bands: list[dict[str, Any]] = []
    expected = minimum
    for entry in entries.take("band"):
        first = int(entry.marker[0])
        last = int(entry.marker[1] or first)
        bands.append({"first": first, "last": last, "feedback": entry.text})
        if first > expected:
            entries.source.report(
                entry.line,
                Message("The number %(expected)s has no feedback. Start this band there.", expected=expected),
            )
        elif first < expected:
            entries.source.report(
                entry.line,
                Message(
                    "The number %(first)s has feedback already or is too low. Start at %(expected)s.",
                    first=first,
                    expected=expected,
                ),
            )
        if last < first or last > maximum:
            entries.source.report(
                entry.line,
                Message(
                    "This band must end between %(first)s and %(maximum)s.", first=first, maximum=maximum
                ),
            )
        expected = max(expected, last + 1)
    if expected <= maximum:
        entries.source.report(
            entries.line,
            Message(
                "The number %(expected)s has no feedback. Add '%(expected)s-%(maximum)s> ...'.",
                expected=expected,
                maximum=maximum,
            ),
        )
    return bands


def _read_reflection(entries: Entries) -> dict[str, Any]:
    return {"question": entries.question(), "hint": entries.take_one("hint") if entries.take("hint") else ""}


def _read_confirmation(entries: Entries) -> dict[str, Any]:
    statement = entries.question(_NO_STATEMENT)
    if "\n" in statement or len(statement) > MAX_STATEMENT:
        entries.source.report(
            entries.line,
            Message(
                "This text is a button: one sentence of at most %(most)s characters.", most=MAX_STATEMENT
            ),
        )
    return {"statement": statement}


def _report_repeats(entries: Entries, found: Sequence[Entry], message: Message) -> None:
    seen: set[str] = set()
    for entry in found:
        if entry.text and entry.text in seen:
            entries.source.report(entry.line, message)
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
    "sort": (_MATCH_MARKERS, _read_sort),
    "fill": (_FILL_MARKERS, _read_fill),
    "open": (_OPEN_MARKERS, _read_open),
    "label": (_LABEL_MARKERS, _read_label),
    "worksheet": ({"field": _FIELD}, _read_worksheet),
    "survey": (_SURVEY_MARKERS, _read_survey),
    "dialogue": (DIALOGUE_MARKERS, read_dialogue),
    "quiz": (QUIZ_MARKERS, read_quiz),
    "assignment": (ASSIGNMENT_MARKERS, read_assignment),
    "video": (FILE_MARKERS, reader_of("video")),
    "audio": (FILE_MARKERS, reader_of("audio")),
    "download": (DOWNLOAD_MARKERS, reader_of("download")),
}
