"""What a register is told of one run, as a file for PE-online: course, run, number with its prefix, date and points.

No names and no dates of birth: the number says who it is.
"""

from collections.abc import Iterable
from datetime import date

import tablib

from certification.models import Edition, Points

# As many as PE-online takes at once.
MOST_RECORDS = 1_000
HEADERS = ("Cursusnummer", "Uitvoeringsnummer", "Registratienummer", "Datum", "Punten", "Minuten")
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What a spreadsheet reads as a formula, and the blanks before one.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


class NotYet(Exception):
    """The run has not ended, or nobody knows when: registers take points after the last day only."""


def check_ended(edition: Edition, *, today: date) -> None:
    """Raises `NotYet` before the day after the group's last."""
    ends_on = edition.cohort.ends_on
    if ends_on is None or ends_on >= today:
        raise NotYet


def run_file(edition: Edition, lines: Iterable[Points], kind: str) -> bytes:
    """One file of at most `MOST_RECORDS` lines, of a kind in `KINDS`. Every cell is text: no zero in front is lost."""
    data = tablib.Dataset(headers=HEADERS)
    for line in lines:
        cells = (
            line.accreditation_number,
            edition.number,
            line.register_number,
            line.earned_on.strftime("%d-%m-%Y"),
            str(line.points.normalize()) if line.points % 1 else str(int(line.points)),
            str(line.minutes),
        )
        data.append([as_text(cell) for cell in cells])
    written = data.export(kind, delimiter=";") if kind == "csv" else data.export(kind)
    # With a mark of its encoding, or a spreadsheet program reads it as another.
    return ("\ufeff" + written).encode() if isinstance(written, str) else written


def as_text(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    return f"'{cell}" if cell.startswith(_DANGEROUS) else cell
