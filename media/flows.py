"""What is done in one go: an import and the task that does it share one transaction."""

from datetime import datetime

from django.core.files.base import File
from django.db import transaction

from media.models import Package, PackageImport
from media.queries.packages import overdue_imports
from media.services import imports
from media.tasks import import_package as import_task
from people.models import Organisation, User
from people.queries import live_task_ids

# As many as one round of the clock enqueues again; the next round takes the next ones.
ONE_ROUND = 100


@transaction.atomic
def queue_import(
    *,
    file: File,
    title: str,
    uploaded_by: User | None,
    now: datetime,
    organisation: Organisation | None = None,
    replaces: Package | None = None,
) -> PackageImport:
    """Keep an uploaded file and have a worker bring it in. `OSError` where it cannot be stored."""
    job = imports.receive(
        file=file,
        title=title,
        organisation=organisation,
        uploaded_by=uploaded_by,
        replaces=replaces,
        now=now,
    )
    _enqueue(job)
    return job


def import_package(
    *,
    file: File,
    title: str,
    now: datetime,
    organisation: Organisation | None = None,
    uploaded_by: User | None = None,
    replaces: Package | None = None,
) -> PackageImport:
    """Bring a package in at once, for whoever waits or is at a terminal. The import says how it ended.

    Nothing is tried again: it stays out of the clock's way and ends here.
    """
    job = imports.receive(
        file=file,
        title=title,
        organisation=organisation,
        uploaded_by=uploaded_by,
        replaces=replaces,
        now=now,
    )
    return imports.run_to_the_end(job=job, now=now)


@transaction.atomic
def requeue_overdue_imports(*, now: datetime) -> int:
    """For the clock: enqueue again what is due and has no task that will do it. How many."""
    due = list(overdue_imports(now)[:ONE_ROUND])
    live = live_task_ids([job.task_id for job in due if job.task_id], now)
    again = [job for job in due if job.task_id not in live]
    for job in again:
        _enqueue(job)
    return len(again)


def _enqueue(job: PackageImport) -> None:
    result = import_task.enqueue(str(job.pk))
    imports.note_task(job=job, task_id=result.id)
