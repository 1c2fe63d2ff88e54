"""What is told in tables: to a register of one run, and to a coordinator of the PDFs in one zip file.

For PE-online: course, run, number with its prefix, date and points; no names, the number says who it is. The index of a
zip file knows people by their name in the group: their full name is on the paper, and the file may lie around.
"""

from collections.abc import Iterable
from datetime import date

import tablib
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.models import Award, Edition, Points

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
    return _written(data, kind)


def paper_name(award: Award) -> str:
    """What a PDF is called in a zip file: its serial number, which is on the paper too, and says nothing to strangers."""
    return f"{award.serial}.pdf"


def index_file(awards: Iterable[Award], kind: str) -> bytes:
    """Which PDF is whose, of a kind in `KINDS`, in the active language. The awards come with their enrolment."""
    headers = (
        *(_("File"), _("Number"), _("Name in the group"), _("Issued on"), _("Valid until")),
        _("Number to check it by"),
    )
    data = tablib.Dataset(headers=headers)
    for award in awards:
        cells = (
            paper_name(award),
            award.serial,
            award.enrolment.alias if award.enrolment else "",
            timezone.localdate(award.issued_at).strftime("%d-%m-%Y"),
            award.valid_until.strftime("%d-%m-%Y") if award.valid_until else "",
            award.grouped_id,
        )
        data.append([as_text(cell) for cell in cells])
    return _written(data, kind)


def _written(data: tablib.Dataset, kind: str) -> bytes:
    written = data.export(kind, delimiter=";") if kind == "csv" else data.export(kind)
    # With a mark of its encoding, or a spreadsheet program reads it as another.
    return ("\ufeff" + written).encode() if isinstance(written, str) else written


def as_text(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    return f"'{cell}" if cell.startswith(_DANGEROUS) else cell
