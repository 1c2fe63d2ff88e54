"""An assignment as text: what to hand in, then `== criterion` with the words of its three levels."""

import re
from typing import Any

from cms.programmes.entries import Entries, Entry
from cms.programmes.messages import Message
from cms.programmes.source import shorten

LEVELS = {"nog niet": "not_yet", "voldoende": "enough", "sterk": "strong"}
ASSIGNMENT_MARKERS = {
    "upload": re.compile(r"upload>\s*(.*)"),
    "days": re.compile(r"days>\s*(.*)"),
    "criterion": re.compile(r"==(?:\s+(.*))?"),
    "level": re.compile(rf"({'|'.join(LEVELS)})>\s*(.*)"),
}
MOST_CRITERIA = 8
MOST_DAYS = 60
_MUST = " must"
_ANSWERS = {"yes": True, "no": False}
_DAYS = re.compile(r"[0-9]{1,2}")


def read_assignment(entries: Entries) -> dict[str, Any]:
    """question, upload, days, criteria [title, must, not_yet, enough, strong]"""
    criteria = _read_criteria(entries)
    if not 1 <= len(criteria) <= MOST_CRITERIA:
        entries.source.report(
            entries.line,
            Message("Give one to %(most)s criteria, each with a line '== name'.", most=MOST_CRITERIA),
        )
    elif sum(criterion["must"] for criterion in criteria) != 1:
        entries.source.report(
            entries.line,
            Message("Mark exactly one criterion as '== name must': nothing else can make up for it."),
        )
    return {
        "question": entries.question(),
        "upload": _read_upload(entries),
        "days": _read_days(entries),
        "criteria": criteria,
    }


def _read_upload(entries: Entries) -> bool:
    text = entries.take_one("upload")
    if text and text not in _ANSWERS:
        entries.source.report(
            entries.take("upload")[0].line,
            Message("'upload>' is yes or no, not '%(text)s'.", text=shorten(text)),
        )
    return _ANSWERS.get(text, False)


def _read_days(entries: Entries) -> int:
    text = entries.take_one("days")
    if _DAYS.fullmatch(text) and int(text) <= MOST_DAYS:
        return int(text)
    if text:
        entries.source.report(
            entries.take("days")[0].line,
            Message(
                "'days>' is a number from 0 to %(most)s, not '%(text)s'.", most=MOST_DAYS, text=shorten(text)
            ),
        )
    return 0


def _read_criteria(entries: Entries) -> list[dict[str, Any]]:
    criteria: list[dict[str, Any]] = []
    lines: list[int] = []
    for entry in entries.entries:
        if entry.name == "criterion":
            criteria.append(_new_criterion(entry))
            lines.append(entry.line)
        elif entry.name == "level":
            _add_level(entries, entry, criteria)
        elif criteria:
            entries.source.report(
                entry.line,
                Message("'%(name)s>' belongs before the first '== name'. Move it up.", name=entry.name),
            )
    for line, criterion in zip(lines, criteria, strict=True):
        for label, name in LEVELS.items():
            if not criterion[name]:
                entries.source.report(
                    line, Message("This criterion has no '%(label)s>' line. Add it.", label=label)
                )
    return criteria


def _new_criterion(entry: Entry) -> dict[str, Any]:
    title = entry.text.removesuffix(_MUST)
    return {"title": title, "must": title != entry.text, **dict.fromkeys(LEVELS.values(), "")}


def _add_level(entries: Entries, entry: Entry, criteria: list[dict[str, Any]]) -> None:
    (label,) = entry.marker
    if not criteria:
        entries.source.report(
            entry.line, Message("This level stands before the first criterion. Write '== name' above it.")
        )
    elif criteria[-1][LEVELS[label]]:
        entries.source.report(
            entry.line, Message("This criterion has a '%(label)s>' line already. Join the two.", label=label)
        )
    else:
        criteria[-1][LEVELS[label]] = entry.text
