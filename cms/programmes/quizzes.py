"""A test in a lesson: which bank it draws from, how many questions, and how many right answers pass."""

import re
from typing import Any

from cms.programmes.entries import Entries
from cms.programmes.messages import Message
from cms.programmes.source import KEY, shorten

MAX_QUESTIONS = 100
MAX_TRIES = 100

QUIZ_MARKERS = {name: re.compile(rf"{name}>\s*(.*)") for name in ("bank", "draw", "pass", "attempts")}


def read_quiz(entries: Entries) -> dict[str, Any]:
    """question, bank (its key), draw, pass_score, attempts (0: as many as people like)."""
    question, bank = entries.question(), entries.take_one("bank")
    if bank and not KEY.fullmatch(bank):
        _report(
            entries,
            "bank",
            Message("'%(bank)s' is no key of a bank: small letters, digits and dashes.", bank=shorten(bank)),
        )
        bank = ""
    drawn = _read_number(entries, "draw", MAX_QUESTIONS)
    needed = _read_number(entries, "pass", MAX_QUESTIONS)
    if drawn and needed > drawn:
        _report(
            entries,
            "pass",
            Message(
                "%(needed)s right answers cannot be had of %(drawn)s questions. Lower 'pass>'.",
                needed=needed,
                drawn=drawn,
            ),
        )
    tries = _read_number(entries, "attempts", MAX_TRIES) if entries.take("attempts") else 0
    return {"question": question, "bank": bank, "draw": drawn, "pass_score": needed, "attempts": tries}


def _read_number(entries: Entries, name: str, highest: int) -> int:
    """A whole number from 1; 0 after a reported error."""
    text = entries.take_one(name)
    if re.fullmatch(r"[0-9]{1,4}", text) and 1 <= int(text) <= highest:
        return int(text)
    if text:
        _report(
            entries,
            name,
            Message(
                "'%(name)s>' must be a whole number from 1 to %(highest)s, not '%(text)s'.",
                name=name,
                highest=highest,
                text=shorten(text),
            ),
        )
    return 0


def _report(entries: Entries, name: str, message: Message) -> None:
    entries.source.report(entries.take(name)[0].line, message)
