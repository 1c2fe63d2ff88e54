"""Inviting by e-mail address: a pasted list or CSV is read and reported on first; nothing is sent until that is confirmed."""

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses.models import Cohort, Enrolment
from meetings.models import Invitation
from meetings.rules import INVITATION_STANDS, MOST_INVITED
from meetings.services.tokens import digest, new_secret
from people.models import User

OK, DOUBLE, BAD, TOO_LONG, FORMULA, INVITED, INSIDE, TOO_MANY = (
    "ok",
    "double",
    "bad",
    "too_long",
    "formula",
    "invited",
    "inside",
    "too_many",
)
VERDICTS = {
    OK: _("gets an invitation"),
    DOUBLE: _("stands in the list twice"),
    BAD: _("is no e-mail address"),
    TOO_LONG: _("is longer than an e-mail address can be"),
    FORMULA: _("looks like a formula of a spreadsheet, not like an address"),
    INVITED: _("has an invitation already"),
    INSIDE: _("is in the group already"),
    TOO_MANY: _("does not fit: at most 200 people are invited at once"),
}
MOST_LINES = 20_000
LONGEST_LINE = 1000
# As much as an invitation and its mail hold; the check of addresses lets longer ones pass.
LONGEST_ADDRESS = 254


@dataclass(frozen=True)
class Line:
    """A line of the list: its number, what stands there, and what becomes of it (`VERDICTS`)."""

    number: int
    text: str
    email: str
    verdict: str

    @property
    def in_words(self) -> str:
        return str(VERDICTS[self.verdict])


@dataclass(frozen=True)
class Report:
    lines: list[Line]

    @property
    def emails(self) -> list[str]:
        return [line.email for line in self.lines if line.verdict == OK]

    @property
    def problems(self) -> list[Line]:
        return [line for line in self.lines if line.verdict != OK]

    @property
    def counts(self) -> Counter[str]:
        return Counter(line.verdict for line in self.lines)


def read_list(text: str, *, cohort: Cohort) -> Report:
    """What each line of a pasted list or CSV comes to. Two queries, however long it is. Writes nothing.

    Of a CSV the first cell with an @ counts; a first line without any is taken for its heading.
    """
    lines: list[Line] = []
    invited, inside = _known(cohort)
    seen: set[str] = set()
    for number, cells in _rows(text):
        cell = _address_cell(cells)
        if number == 1 and "@" not in cell and len(cells) >= 1 and _is_heading(cells):
            continue
        email = cell.casefold()
        verdict = _verdict(cell)
        if verdict == OK:
            if email in seen:
                verdict = DOUBLE
            elif email in inside:
                verdict = INSIDE
            elif email in invited:
                verdict = INVITED
            elif len(seen) >= MOST_INVITED:
                verdict = TOO_MANY
            if verdict != TOO_MANY:
                seen.add(email)
        lines.append(Line(number, cell[:80], email, verdict))
    return Report(lines)


@transaction.atomic
def write_invitations(
    *, cohort: Cohort, emails: Sequence[str], by: User, now: datetime
) -> list[tuple[Invitation, str]]:
    """An invitation per address, with the secret of its link. Whoever has an open one gets no second."""
    open_ones = set(Invitation.objects.open().filter(cohort=cohort).values_list("email", flat=True))
    made = []
    for email in dict.fromkeys(emails):
        if email in open_ones:
            continue
        secret, kept = new_secret()
        invitation = Invitation.objects.create(
            cohort=cohort,
            email=email,
            token_digest=kept,
            invited_by=by,
            invited_at=now,
            expires_at=now + INVITATION_STANDS,
        )
        made.append((invitation, secret))
    return made


def invitation_of(secret: str, *, now: datetime) -> Invitation | None:
    """The invitation behind a link that still stands."""
    return (
        Invitation.objects.open()
        .filter(token_digest=digest(secret), expires_at__gt=now, cohort__archived_at=None)
        .select_related("cohort__course__programme")
        .first()
    )


def was_taken_up_by(secret: str, *, person: User) -> bool:
    """Whether somebody comes back by a link that they used themselves: a second click, or the mail opened again."""
    return Invitation.objects.filter(token_digest=digest(secret), accepted_by=person).exists()


def use_invitation(*, invitation: Invitation, person: User, now: datetime) -> bool:
    """Once. The address goes: from here on the person is known by their account. False where it was used a moment ago."""
    return bool(
        Invitation.objects.open()
        .filter(pk=invitation.pk)
        .update(accepted_by=person, accepted_at=now, email="")
    )


def withdraw_invitation(*, invitation: Invitation, now: datetime) -> None:
    """It holds no more, and whom it was for may be invited again. The address goes."""
    Invitation.objects.open().filter(pk=invitation.pk).update(withdrawn_at=now, email="")


def let_invitations_run_out(*, now: datetime) -> int:
    """For the clock: what nobody took up in time holds no more, as if it were withdrawn. How many."""
    return Invitation.objects.open().filter(expires_at__lte=now).update(withdrawn_at=now, email="")


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Lines with their number, empty ones left out, split as spreadsheets do."""
    rows = []
    clean = text.replace("\x00", "").lstrip("\ufeff")
    for number, line in enumerate(io.StringIO(clean), start=1):
        if not line.strip():
            continue
        if len(rows) >= MOST_LINES:
            break
        cut = line.strip()[:LONGEST_LINE]
        separator = ";" if ";" in cut else "\t" if "\t" in cut else ","
        try:
            cells = next(csv.reader([cut], delimiter=separator), [])
        except csv.Error:
            cells = [cut]
        rows.append((number, [cell.strip() for cell in cells if cell.strip()] or [cut]))
    return rows


def _address_cell(cells: Sequence[str]) -> str:
    with_at = next((cell for cell in cells if "@" in cell), cells[0])
    # "Anna <anna@example.org>", as mail programs copy it.
    if with_at.endswith(">") and "<" in with_at:
        with_at = with_at[with_at.rindex("<") + 1 : -1]
    return unicodedata.normalize("NFC", with_at).strip()


def _is_heading(cells: Sequence[str]) -> bool:
    words = {cell.casefold() for cell in cells}
    return bool(words & {"e-mail", "email", "e-mailadres", "emailadres", "mail", "naam", "name", "adres"})


def _verdict(cell: str) -> str:
    if cell[:1] in {"=", "+", "-", "@"}:
        return FORMULA
    try:
        validate_email(cell)
    except ValidationError:
        return BAD
    if len(cell.casefold()) > LONGEST_ADDRESS:
        return TOO_LONG
    return OK


def _known(cohort: Cohort) -> tuple[set[str], set[str]]:
    invited = Invitation.objects.open().filter(cohort=cohort).values_list("email", flat=True)
    inside = cohort.enrolments.exclude(status=Enrolment.Status.WITHDRAWN).values_list(
        "learner__email", flat=True
    )
    return {email.casefold() for email in invited}, {email.casefold() for email in inside}
