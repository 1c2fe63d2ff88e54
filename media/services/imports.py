"""Bringing a package in: read to the last byte first, written only when nothing speaks against it.

A worker holds an import by a lease and prolongs it as it goes on; one that lost it stops. No transaction is open
while an archive is read or bytes are written. Whatever ends an import, what only it needed goes with it.
"""

import contextlib
import errno
import logging
import secrets
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from media.archives import Archive, Refused
from media.models import Blob, Package, PackageImport
from media.packages import reports
from media.packages.entries import cleaned
from media.packages.imsmanifest import SCORM_12, SCORM_2004
from media.packages.readers import Read, open_package
from media.packages.refusals import PackageRefused
from media.services import blobs
from media.services.versions import keep_version
from people.models import Organisation, User

log = logging.getLogger(__name__)

State = PackageImport.State
FOLDER = "uploads"
# Prolonged as it goes on; a worker that is silent for so long is dead.
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 4
FIRST_WAIT = timedelta(minutes=1)
# How often somebody who watches is told, and the lease prolonged (seconds).
TELL_EVERY = 1.0
# How far reading is on its own; the rest is writing.
READ_PERCENT = 70


class LeaseLost(Exception):
    """Another worker took the import over."""


def receive(
    *,
    file: File,
    title: str,
    now: datetime,
    organisation: Organisation | None = None,
    uploaded_by: User | None = None,
    replaces: Package | None = None,
) -> PackageImport:
    """Keep an uploaded file, with the import that is to read it (`media.flows.queue_import` enqueues as well).

    `OSError` where it cannot be stored; nothing is left of it then.
    """
    name = f"{FOLDER}/{secrets.token_hex(16)}.zip"
    try:
        name = blobs.private_storage().save(name, file)
        return PackageImport.objects.create(
            title=title.strip()[:255],
            organisation=replaces.organisation if replaces else organisation,
            uploaded_by=uploaded_by,
            replaces=replaces,
            file_name=name,
            original_name=(file.name or "").rpartition("/")[2][:255],
            file_size=file.size,
            due_at=now,
            created_at=now,
        )
    except BaseException:
        blobs.remove_files([name])
        raise


def run(*, import_id: str, now: datetime) -> PackageImport | None:
    """Do an import if it is due and nobody else is at it; None where it was not. Its row says how it ended.

    Safe to run twice, by two workers at once, and again after a crash at any point: one version.
    """
    job = claim(import_id=import_id, now=now)
    if job is None:
        return None
    try:
        with blobs.private_storage().open(job.file_name) as file:
            _bring_in(job, file, now)
    except Refused as refusal:
        _end(job, now, state=State.REFUSED, refusal={"code": refusal.code, "values": refusal.values})
    except LeaseLost:
        return None
    except Exception as error:  # whatever it was: tried again
        log.warning("import %s did not succeed: %s", job.pk, type(error).__name__)
        _put_off(job, error, now)
    job.refresh_from_db()
    return job


def run_to_the_end(*, job: PackageImport, now: datetime) -> PackageImport:
    """Do an import here and now; what would be tried again later has failed instead."""
    ended = run(import_id=str(job.pk), now=now) or job
    if ended.under_way:
        _end(ended, now, state=State.FAILED)
        ended.refresh_from_db()
    return ended


def sweep(*, now: datetime) -> int:
    """Delete uploaded files that no import names and that have been there for a day: what crashes left. How many."""
    known = set(PackageImport.objects.exclude(file_name="").values_list("file_name", flat=True))
    return blobs.sweep_folder(FOLDER, known=known, now=now)


@transaction.atomic
def claim(*, import_id: str, now: datetime) -> PackageImport | None:
    """Take an import for as long as the lease runs; None where it has ended, is not due, or is somebody else's."""
    takeable = Q(state=State.WAITING, due_at__lte=now) | Q(state=State.RUNNING, lease_until__lte=now)
    taken = PackageImport.objects.filter(takeable, pk=import_id).update(
        state=State.RUNNING, lease_until=now + LEASE, attempts=F("attempts") + 1, progress=0
    )
    if not taken:
        return None
    job = PackageImport.objects.select_related("replaces").get(pk=import_id)
    if job.attempts > MOST_ATTEMPTS:
        # Workers died over it without saying why.
        _end(job, now, state=State.FAILED)
        return None
    return job


def note_task(*, job: PackageImport, task_id: str) -> None:
    """Remember which row of the worker's queue will do an import."""
    PackageImport.objects.filter(pk=job.pk).update(task_id=task_id)
    job.task_id = task_id


def _bring_in(job: PackageImport, file: BinaryIO, now: datetime) -> None:
    archive, read = open_package(file)
    report = _Progress(job, total=sum(member.size for member in archive.members))
    package = read(archive, tell=report.read)
    if package.kind in {SCORM_12, SCORM_2004} and not settings.CONTENT_HOST:
        raise PackageRefused("no_content_host")
    sizes = {entry.sha256: entry.size for entry in package.all_entries()}
    held = blobs.hold(sizes=sizes, held_by=job)
    written = _write_missing(archive, package, held, report)
    with transaction.atomic():
        try:
            _still_ours(job)
            blobs.settle(written=written)
            version = keep_version(
                job=job,
                package=package,
                held=held,
                report=reports.facts(package, ignored=archive.ignored),
                now=now,
            )
            _end(job, now, state=State.DONE, version=version, progress=100)
        except BaseException:
            # Not around the commit: one that was lost on its way back may have happened.
            blobs.remove_files(written.values())
            raise


def _write_missing(
    archive: Archive, package: Read, held: Mapping[str, Blob], report: "_Progress"
) -> dict[Blob, str]:
    """Write the bytes that are not there yet; all or, where one cannot be written, none."""
    written: dict[Blob, str] = {}
    try:
        for entry in {entry.sha256: entry for entry in package.all_entries()}.values():
            blob = held[entry.sha256]
            if not blob.file_name:
                written[blob] = blobs.write(blob=blob, chunks=cleaned(archive, entry.member))
            report.wrote(entry.size)
    except BaseException:
        blobs.remove_files(written.values())
        raise
    return written


class _Progress:
    """Tells whoever watches, and prolongs the lease. Raises `LeaseLost` where it is somebody else's by now."""

    def __init__(self, job: PackageImport, *, total: int) -> None:
        self._job, self._total = job, max(total, 1)
        self._read = self._wrote = 0
        self._told = time.monotonic()

    def read(self, count: int) -> None:
        self._read += count
        self._tell()

    def wrote(self, count: int) -> None:
        self._wrote += count
        self._tell()

    def _tell(self) -> None:
        if time.monotonic() - self._told < TELL_EVERY:
            return
        self._told = time.monotonic()
        share = (READ_PERCENT * self._read + (100 - READ_PERCENT) * self._wrote) / self._total
        _still_ours(self._job, progress=min(99, int(share)))


def _still_ours(job: PackageImport, **fields: int) -> None:
    ours = PackageImport.objects.filter(pk=job.pk, state=State.RUNNING, attempts=job.attempts)
    # The clock on the wall: it is about how long this worker has been at it.
    if not ours.update(lease_until=timezone.now() + LEASE, **fields):
        raise LeaseLost


def _end(job: PackageImport, now: datetime, **fields: object) -> None:
    """Say how it ended, and let go of everything: the uploaded file is needed no more."""
    with transaction.atomic():
        PackageImport.objects.filter(pk=job.pk).update(ended_at=now, lease_until=None, file_name="", **fields)
        transaction.on_commit(partial(_let_go, job.pk, job.file_name))


def _let_go(import_id: UUID, file_name: str) -> None:
    blobs.release(import_id=import_id)
    blobs.remove_files([file_name])


def _put_off(job: PackageImport, error: Exception, now: datetime) -> None:
    """Try again after 1, 2, 4 … minutes, and give up after four times. Nothing of it is kept meanwhile."""
    code = errno.errorcode.get(error.errno or 0, "") if isinstance(error, OSError) else ""
    PackageImport.objects.filter(pk=job.pk).update(last_error=f"{type(error).__name__} {code}".strip())
    if job.attempts >= MOST_ATTEMPTS:
        _end(job, now, state=State.FAILED)
        return
    PackageImport.objects.filter(pk=job.pk, state=State.RUNNING, attempts=job.attempts).update(
        state=State.WAITING, lease_until=None, progress=0, due_at=now + FIRST_WAIT * 2 ** (job.attempts - 1)
    )
    # The database may be what is away; what is left is cleared when the import ends.
    with contextlib.suppress(Exception):
        blobs.release(import_id=job.pk)
