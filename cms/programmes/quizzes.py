"""A test in a lesson: which bank it draws from, how many questions, and how many right answers pass."""

import re
from typing import Any

from cms.programmes.entries import Entries
from cms.programmes.source import KEY, shorten

MAX_QUESTIONS = 100
MAX_TRIES = 100

QUIZ_MARKERS = {name: re.compile(rf"{name}>\s*(.*)") for name in ("bank", "draw", "pass", "attempts")}


def read_quiz(entries: Entries) -> dict[str, Any]:
    """question, bank (its key), draw, pass_score, attempts (0: as many as people like)."""
    question, bank = entries.question(), entries.take_one("bank")
    if bank and not KEY.fullmatch(bank):
        _report(entries, "bank", f"'{shorten(bank)}' is no key of a bank: small letters, digits and dashes.")
        bank = ""
    drawn = _read_number(entries, "draw", MAX_QUESTIONS)
    needed = _read_number(entries, "pass", MAX_QUESTIONS)
    if drawn and needed > drawn:
        _report(entries, "pass", f"{needed} right answers cannot be had of {drawn} questions. Lower 'pass>'.")
    tries = _read_number(entries, "attempts", MAX_TRIES) if entries.take("attempts") else 0
    return {"question": question, "bank": bank, "draw": drawn, "pass_score": needed, "attempts": tries}


def _read_number(entries: Entries, name: str, highest: int) -> int:
    """A whole number from 1; 0 after a reported error."""
    text = entries.take_one(name)
    if re.fullmatch(r"[0-9]{1,4}", text) and 1 <= int(text) <= highest:
        return int(text)
    if text:
        _report(
            entries, name, f"'{name}>' must be a whole number from 1 to {highest}, not '{shorten(text)}'."
        )
    return 0


def _report(entries: Entries, name: str, message: str) -> None:
    entries.source.report(entries.take(name)[0].line, message)
