"""What happened to an award, and the line it belongs to."""

from dataclasses import dataclass

from certification.models import Award, AwardAccess, AwardEvent
from certification.queries.renewal import line_of


@dataclass(frozen=True)
class History:
    """Events oldest first; who opened it, the latest first; the awards that renew one another, the oldest first."""

    events: list[AwardEvent]
    accesses: list[AwardAccess]
    line: list[Award]


def history_of(award: Award, *, most: int = 20) -> History:
    """An award's history, at most so many accesses. Three queries, and one per renewal."""
    return History(
        events=list(award.events.select_related("by")),
        accesses=list(award.accesses.select_related("by")[:most]),
        line=line_of(award),
    )


def latest_of(award: Award) -> Award:
    """The last paper of an award's chain of corrections: the award itself where none took its place."""
    while following := Award.objects.filter(replaces=award).first():
        award = following
    return award
