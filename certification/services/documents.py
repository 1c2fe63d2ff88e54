"""Making the document of an award, once, whatever happens on the way.

A worker takes it under a lease and writes down the name of the file before there is one; who ends last finds another
name in the row and removes its own file. No transaction is open while a document is rendered.
"""

import contextlib
import errno
import hashlib
import logging
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from certification.models import LETTER_MISSING, MOST_ATTEMPTS, Document
from certification.queries import look_of
from certification.signing import KeyProblem
from people.flows import send_message

log = logging.getLogger(__name__)

State = Document.State
FOLDER = "bewijzen"
# Rendering takes a tenth of a second; a worker that needs this long is dead.
LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)


def private_storage() -> Storage:
    """Where documents are: never under an address of its own."""
    return storages["private"]


def produce(*, award_id: int, now: datetime) -> bool:
    """Make the document of an award if it is due and nobody else is at it. True where it is ready now.

    Safe to run twice, by two workers at once, and again after a crash at any point: one document, one message.
    """
    # WeasyPrint takes 34 MB and a second at start, which web processes must not pay.
    from certification.services.papers import make_paper  # noqa: PLC0415 -- only the worker needs it

    document = claim_document(award_id=award_id, now=now)
    if document is None:
        return False
    try:
        pdf = make_paper(award=document.award, mark=document.mark, now=now)
        private_storage().save(document.file_name, ContentFile(pdf))
    except Exception as error:  # whatever it was: tried again
        log.warning("document of award %s was not made: %s", award_id, _kind_of(error))
        remove_file(document.file_name)
        mark_failed(document=document, error=error, now=now)
        return False
    return mark_ready(document=document, pdf=pdf, now=now)


@transaction.atomic
def claim_document(*, award_id: int, now: datetime) -> Document | None:
    """Take a document for rendering, for as long as the lease runs; None where it is ready, gone, or somebody else's."""
    document = (
        Document.objects.select_for_update(of=("self",))
        .select_related("award__holder", "mark")
        .filter(award_id=award_id, award__erased_at=None)
        .first()
    )
    if document is None or not _is_due(document, now):
        return None
    # What a worker that died left behind. Nothing is lost if this transaction fails: the document was not ready.
    remove_file(document.file_name)
    document.file_name = ""
    if document.state == State.RENDERING and document.attempts >= MOST_ATTEMPTS:
        # Workers died over it without saying why.
        _put_off(document, now, "worker lost")
        return None
    document.file_name = f"{FOLDER}/{secrets.token_hex(16)}.pdf"
    document.state, document.lease_until = State.RENDERING, now + LEASE
    document.attempts += 1
    if (
        document.looked_at is None
    ):  # the first time settles how it looks, also where it is made again years later
        document.mark, document.looked_at = look_of(document.award.organisation_id), now
    document.save(update_fields=["file_name", "state", "lease_until", "attempts", "mark", "looked_at"])
    return document


@transaction.atomic
def mark_ready(*, document: Document, pdf: bytes, now: datetime) -> bool:
    """The file is written: say so, and tell the holder, in one transaction. False where another worker took over.

    The message says nothing of the course: somebody may look over a shoulder.
    """
    taken = Document.objects.filter(
        pk=document.pk, state=State.RENDERING, file_name=document.file_name
    ).update(
        state=State.READY,
        sha256=hashlib.sha256(pdf).hexdigest(),
        size=len(pdf),
        rendered_at=now,
        lease_until=None,
        last_error="",
    )
    if not taken:
        remove_file(document.file_name)
        return False
    award = document.award
    with translation.override(award.language):
        text = _(
            "Hello,\n\n"
            "Your document is ready. Log in to find it on your own page:\n%(address)s\n\n"
            "You need not do anything with this message."
        ) % {"address": settings.SITE_URL}
        send_message(
            recipient=award.holder,
            kind="document_ready",
            cause=f"document-ready:{award.pk}",
            subject=_("Your document is ready"),
            text=text,
            now=now,
        )
    return True


def mark_failed(*, document: Document, error: Exception, now: datetime) -> None:
    """It was not made: try again after 1, 2, 4 … minutes, from the fifth time on at most every six hours.

    Where no font has a letter it counts as failed at once, so that whoever can do something reads it. Only the kind of
    error is kept: what went wrong may quote the name on the document.
    """
    with transaction.atomic():
        current = (
            Document.objects.select_for_update()
            .filter(pk=document.pk, state=State.RENDERING, file_name=document.file_name)
            .first()
        )
        if current is not None:
            _put_off(current, now, _kind_of(error))


@transaction.atomic
def note_lost_file(*, document: Document, now: datetime) -> bool:
    """A ready document has no file any more: it is to be made again. The same award gives the same bytes."""
    return bool(
        Document.objects.filter(pk=document.pk, state=State.READY).update(
            state=State.WAITING,
            attempts=0,
            due_at=now,
            task_id=None,
            file_name="",
            sha256="",
            size=0,
            rendered_at=None,
            last_error="file lost",
        )
    )


def note_task(*, document: Document, task_id: UUID | str | None) -> None:
    """Remember which row of the worker's queue will make a document. The document of a new award is kept with that."""
    document.task_id = task_id
    if document.pk is None:
        document.save()
    else:
        Document.objects.filter(pk=document.pk).update(task_id=task_id)


def remove_file(name: str) -> None:
    """Delete a file of ours; one that is not there is fine. A storage that is away is left to `sweep_files`."""
    if name:
        with contextlib.suppress(OSError):
            private_storage().delete(name)


def sweep_files(*, now: datetime) -> int:
    """Delete files that no document names and that have been there for a day: what crashes left. How many."""
    known = set(Document.objects.exclude(file_name="").values_list("file_name", flat=True))
    return sweep_folder(FOLDER, known=known, now=now)


def sweep_folder(folder: str, *, known: Collection[str], now: datetime) -> int:
    """Delete files of a folder that are not known and that have been there for a day. How many."""
    storage = private_storage()
    try:
        _folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return 0
    removed = 0
    for name in (f"{folder}/{file}" for file in files):
        if name not in known and storage.get_modified_time(name) < now - timedelta(days=1):
            storage.delete(name)
            removed += 1
    return removed


def _is_due(document: Document, now: datetime) -> bool:
    if document.state == State.RENDERING:
        return document.lease_until <= now
    return document.state in {State.WAITING, State.FAILED} and document.due_at <= now


def _put_off(document: Document, now: datetime, reason: str) -> None:
    if reason.startswith(LETTER_MISSING):  # trying again helps only once somebody did something
        document.attempts = max(document.attempts, MOST_ATTEMPTS)
    wait = min(FIRST_WAIT * 2 ** min(document.attempts - 1, 20), LONGEST_WAIT)
    document.state = State.FAILED if document.attempts >= MOST_ATTEMPTS else State.WAITING
    document.due_at, document.lease_until = now + wait, None
    document.file_name, document.last_error = "", reason
    document.save(update_fields=["state", "attempts", "due_at", "lease_until", "file_name", "last_error"])


def _kind_of(error: Exception) -> str:
    # These say which key and why, or which letter, and nothing of anybody.
    if isinstance(error, KeyProblem) or str(error).startswith(LETTER_MISSING):
        return str(error)[:200]
    code = errno.errorcode.get(error.errno or 0, "") if isinstance(error, OSError) else ""
    return f"{type(error).__name__} {code}".strip()
