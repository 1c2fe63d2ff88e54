"""What happened to an award, and the chain it belongs to."""

from dataclasses import dataclass

from certification.models import Award, AwardAccess, AwardEvent


@dataclass(frozen=True)
class History:
    """Events oldest first; who opened it, the latest first; the awards it renews and is renewed by, in order of issue."""

    events: list[AwardEvent]
    accesses: list[AwardAccess]
    renewed_by: list[Award]


def history_of(award: Award, *, most: int = 20) -> History:
    """An award's history, at most so many accesses. Three queries."""
    return History(
        events=list(award.events.select_related("by")),
        accesses=list(award.accesses.select_related("by")[:most]),
        renewed_by=list(award.renewals.current()),
    )
