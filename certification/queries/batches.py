"""Who would get a certificate in one go, and how far that is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from certification.models import Award, Batch, BatchLine, Bundle, Document
from certification.queries.standing import Standing
from people.queries import live_task_ids


@dataclass(frozen=True)
class Roll:
    """Who of a group would get a certificate now, and why not the others; in the order given."""

    ready: list[Standing]
    had: list[Standing]
    nameless: list[Standing]
    missing: list[Standing]

    @property
    def taken(self) -> list[Standing]:
        """Who stands in the batch: who is ready, and who has one already, so that one file holds all of the group's."""
        return [*self.ready, *self.had]


def roll_of(standings: Iterable[Standing]) -> Roll:
    """Sort people by how they stand. No queries."""
    roll = Roll([], [], [], [])
    for each in standings:
        if each.award is not None:
            roll.had.append(each)
        elif each.lacks_name:
            roll.nameless.append(each)
        elif each.earned:
            roll.ready.append(each)
        else:
            roll.missing.append(each)
    return roll


def forgotten_lines(now: datetime, *, most: int) -> list[BatchLine]:
    """Lines that wait in a batch that is not paused, and that no task will see to. Two queries."""
    waiting = BatchLine.objects.filter(state=BatchLine.State.WAITING, batch__paused_at=None).order_by("pk")
    found = list(waiting[:most])
    live = live_task_ids(list({line.task_id for line in found if line.task_id}), now)
    return [line for line in found if line.task_id not in live]


def forgotten_bundles(now: datetime) -> list[Bundle]:
    """Zip files that should have been made and that no task will make. Two queries."""
    state = Bundle.State
    due = list(Bundle.objects.filter(Q(state=state.WAITING) | Q(state=state.PACKING, lease_until__lte=now)))
    live = live_task_ids([bundle.task_id for bundle in due if bundle.task_id], now)
    return [bundle for bundle in due if bundle.task_id not in live]


def papers_of(batch_id: UUID) -> QuerySet[Award]:
    """The certificates of everybody in a batch that count and whose PDF is there, by serial number.

    Of a chain of corrections the last; not what was withdrawn.
    """
    return (
        _awards_of(batch_id)
        .filter(status=Award.Status.VALID, document__state=Document.State.READY)
        .select_related("document", "enrolment")
        .order_by("serial_year", "serial_number")
    )


def _awards_of(batch_id: UUID) -> QuerySet[Award]:
    theirs = BatchLine.objects.filter(batch=batch_id, award__isnull=False, enrolment__isnull=False)
    return Award.objects.current().filter(enrolment__in=theirs.values("enrolment"))


@dataclass(frozen=True)
class Papers:
    """How many PDFs a zip file holds, and how many certificates of its batch it does not hold, by why.

    `to_come`: those that count, and whose PDF was not there (yet) when the file was made.
    """

    inside: int
    to_come: int
    withdrawn: int
    erased: int


def count_papers(batch_id: UUID, *, bundle: Bundle | None) -> Papers:
    """Of this zip file, or of the one that would be made now. Three queries."""
    inside = bundle.awards.all() if bundle is not None else papers_of(batch_id)
    left_out = (
        _awards_of(batch_id)
        .exclude(pk__in=inside.values("pk"))
        .aggregate(
            to_come=Count("pk", filter=Q(status=Award.Status.VALID)),
            withdrawn=Count("pk", filter=Q(status=Award.Status.REVOKED)),
        )
    )
    erased = BatchLine.objects.filter(batch=batch_id, award__isnull=False, enrolment=None).count()
    return Papers(inside=inside.count(), erased=erased, **left_out)


def recent_batches(batches: QuerySet[Batch], *, most: int = 10) -> list[Batch]:
    """The latest batches with their counts. One query."""
    return list(batches.counted().select_related("course", "cohort", "by")[:most])
