"""Zip files of the PDFs of a batch: made when somebody asks, there for a few days, and never half.

One PDF is in memory at a time. A worker holds a bundle by its lease and names the file before there is one, as with
documents; who ends last finds another name in the row, or no row, and removes its own file.
"""

import errno
import logging
import secrets
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from certification.exports import KINDS, index_file, paper_name
from certification.models import Award, Batch, Bundle
from certification.queries.batches import papers_of
from certification.services.documents import note_lost_file, private_storage, remove_file, sweep_folder
from people.models import User

log = logging.getLogger(__name__)

State, Reason = Bundle.State, Bundle.Reason
FOLDER = "bundels"
KEPT = timedelta(days=3)
# A thousand PDFs take seconds; a worker that needs this long is dead.
LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 3


class PaperLost(Exception):
    """The file of a document that was ready is not there."""


@transaction.atomic
def ask_for_bundle(*, batch: Batch, language: str, now: datetime) -> Bundle:
    """A new zip file for a batch, in place of an earlier one; the one under way where there is one."""
    Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    earlier = Bundle.objects.filter(batch=batch).first()
    if earlier is not None:
        if earlier.under_way:
            return earlier
        _drop(earlier)
    return Bundle.objects.create(batch=batch, language=language, asked_at=now)


def pack(*, bundle_id: UUID, now: datetime) -> bool:
    """Make a zip file if it waits and nobody else is at it. True where it is ready now. Safe to run twice."""
    bundle = claim_bundle(bundle_id=bundle_id, now=now)
    if bundle is None:
        return False
    try:
        awards = list(papers_of(bundle.batch_id).filter(bundles=bundle))
        if not awards:
            return _end(bundle, state=State.FAILED, reason=Reason.EMPTY)
        with tempfile.TemporaryFile() as file:
            with translation.override(bundle.language):
                write_zip(file, awards, now=now)
            size = file.tell()
            file.seek(0)
            private_storage().save(bundle.file_name, File(file))
    except Exception as error:  # whatever it was: it is said, and nothing is kept
        log.warning("bundle %s was not made: %s", bundle.pk, type(error).__name__)
        remove_file(bundle.file_name)
        return _end(bundle, state=State.FAILED, reason=_reason_of(error))
    return _end(bundle, state=State.READY, size=size, expires_at=now + KEPT)


@transaction.atomic
def claim_bundle(*, bundle_id: UUID, now: datetime) -> Bundle | None:
    """Take a bundle for as long as the lease runs, and write down whose PDFs will be in it."""
    bundle = Bundle.objects.select_for_update(of=("self",)).filter(pk=bundle_id).first()
    lost = bundle is not None and bundle.state == State.PACKING and bundle.lease_until <= now
    if bundle is None or not (bundle.state == State.WAITING or lost):
        return None
    remove_file(bundle.file_name)  # what a worker that died left behind
    bundle.file_name = ""
    if bundle.attempts >= MOST_ATTEMPTS:  # workers died over it without saying why
        bundle.state, bundle.reason, bundle.lease_until = State.FAILED, Reason.ERROR, None
        bundle.save()
        return None
    bundle.file_name = f"{FOLDER}/{secrets.token_hex(16)}.zip"
    bundle.state, bundle.lease_until = State.PACKING, now + LEASE
    bundle.attempts += 1
    bundle.save()
    bundle.awards.set(papers_of(bundle.batch_id))
    return bundle


def write_zip(file: BinaryIO, awards: Sequence[Award], *, now: datetime) -> None:
    """The PDFs, and an index of them as CSV and as a spreadsheet, in the active language.

    Raises `PaperLost` where a PDF is gone (it is being made again then), and `OSError`. PDFs are packed already: stored.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for kind in KINDS:
            archive.writestr(_entry(f"index.{kind}", now), index_file(awards, kind))
        for award in awards:
            try:
                paper = private_storage().open(award.document.file_name)
            except FileNotFoundError as lost:
                note_lost_file(document=award.document, now=now)
                raise PaperLost from lost
            with paper, archive.open(_entry(paper_name(award), award.issued_at), "w") as entry:
                for chunk in paper.chunks():
                    entry.write(chunk)


def drop_expired(*, now: datetime) -> int:
    """For the clock: take away zip files whose days are over, and what is left of those that failed. How many."""
    failed = Q(state=State.FAILED, asked_at__lte=now - KEPT)
    return sum(map(_drop, Bundle.objects.filter(Q(expires_at__lte=now) | failed)))


def drop_bundles_of(*, user: User, now: datetime) -> int:
    """Take away every zip file with somebody's PDF in it, also one that is being made. How many.

    Raises `OSError` where the storage refuses, so that nothing counts as erased that is still there.
    """
    theirs = Bundle.objects.filter(awards__holder=user).distinct()
    return sum(map(_drop, theirs))


def sweep_bundle_files(*, now: datetime) -> int:
    """Delete files that no bundle names and that have been there for a day: what crashes left. How many."""
    known = set(Bundle.objects.exclude(file_name="").values_list("file_name", flat=True))
    return sweep_folder(FOLDER, known=known, now=now)


def note_bundle_task(*, bundle: Bundle, task_id: str) -> None:
    """Remember which row of the worker's queue will make a bundle."""
    Bundle.objects.filter(pk=bundle.pk).update(task_id=task_id)


@transaction.atomic
def _drop(bundle: Bundle) -> bool:
    """The file first: a row without a file is made again, a file of names without a row would be left lying."""
    if bundle.file_name:
        private_storage().delete(bundle.file_name)
    return bool(Bundle.objects.filter(pk=bundle.pk).delete()[0])


def _end(bundle: Bundle, **fields: object) -> bool:
    """Say how it ended, if it is still ours: true where there is a file now. What another took over leaves no file."""
    if fields["state"] != State.READY:
        fields["file_name"] = ""
    ours = Bundle.objects.filter(pk=bundle.pk, state=State.PACKING, file_name=bundle.file_name)
    kept = bool(ours.update(lease_until=None, **fields)) and fields["state"] == State.READY
    if not kept:
        remove_file(bundle.file_name)
    return kept


def _reason_of(error: Exception) -> Reason:
    if isinstance(error, PaperLost):
        return Reason.LOST
    return Reason.FULL if isinstance(error, OSError) and error.errno == errno.ENOSPC else Reason.ERROR


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, timezone.localtime(at).timetuple()[:6])
