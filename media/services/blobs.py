"""The bytes of packages: written once, held while an import needs them, cleared when nothing does.

Of two imports that bring the same bytes at once each writes a file of its own, and the row says which one counts.
Clean-up and imports meet at the row of the blob: whoever locks it first goes first.
"""

import io
import logging
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from media.models import Blob, BlobHold, LibraryFile, PackageFile, PackageImport

log = logging.getLogger(__name__)

FOLDER = "blobs"
# A file without a row may belong to an import whose last transaction is still to come.
PATIENCE = timedelta(days=1)
# Rows at a time: SQLite takes no more than so many values in one statement.
BATCH = 500


def private_storage() -> Storage:
    """Where packages lie: never under an address of their own."""
    return storages["private"]


@transaction.atomic
def hold(*, sizes: Mapping[str, int], held_by: PackageImport) -> dict[str, Blob]:
    """Keep blobs from clean-up until `release`; by digest, those whose `file_name` is empty are still to be written."""
    digests = sorted(sizes)
    blobs: dict[str, Blob] = {}
    # Again, where clean-up takes away between the two statements what the first one found there.
    while missing := [digest for digest in digests if digest not in blobs]:
        Blob.objects.bulk_create(
            [Blob(sha256=digest, size=sizes[digest]) for digest in missing],
            ignore_conflicts=True,
            batch_size=BATCH,
        )
        for batch in _batches(missing):
            found = Blob.objects.select_for_update().filter(sha256__in=batch).order_by("pk")
            blobs |= {blob.sha256: blob for blob in found}
    BlobHold.objects.bulk_create(
        [BlobHold(blob=blob, held_by=held_by) for blob in blobs.values()],
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    return blobs


def write(*, blob: Blob, chunks: Iterator[bytes]) -> str:
    """Write a blob's bytes to a file of its own and return its name. `settle` says whether it is the one that counts.

    Nothing is left of it where it cannot be written.
    """
    name = f"{FOLDER}/{blob.sha256[:2]}/{blob.sha256}.{secrets.token_hex(4)}"
    try:
        return private_storage().save(name, File(io.BufferedReader(_Stream(chunks)), name))
    except BaseException:
        remove_files([name])
        raise


def settle(*, written: Mapping[Blob, str]) -> None:
    """Within the transaction that refers to them: name the written files in their rows, unless another import did."""
    names = {blob.pk: name for blob, name in written.items()}
    lost = []
    for batch in _batches(sorted(names)):
        blobs = list(Blob.objects.select_for_update().filter(pk__in=batch).order_by("pk"))
        lost += [names[blob.pk] for blob in blobs if blob.file_name]
        ours = [blob for blob in blobs if not blob.file_name]
        for blob in ours:
            blob.file_name = names[blob.pk]
        Blob.objects.bulk_update(ours, ["file_name"], batch_size=BATCH)
    transaction.on_commit(lambda: remove_files(lost))


def release(*, import_id: UUID) -> None:
    """An import ended: what only it needed goes."""
    with transaction.atomic():
        needed = list(BlobHold.objects.filter(held_by=import_id).values_list("blob_id", flat=True))
        BlobHold.objects.filter(held_by=import_id).delete()
    clear(Blob.objects.filter(pk__in=needed) if len(needed) <= BATCH else Blob.objects.all())


def clear(candidates: QuerySet[Blob]) -> int:
    """Delete those blobs that no file and no import needs: row first, then file. How many."""
    removed = 0
    for batch in _batches(list(_unneeded(candidates).values_list("pk", flat=True))):
        with transaction.atomic():
            locked = list(
                Blob.objects.select_for_update()
                .filter(pk__in=batch)
                .order_by("pk")
                .values_list("pk", flat=True)
            )
            # Asked again now that nobody else can take hold of them.
            gone = list(_unneeded(Blob.objects.filter(pk__in=locked)))
            Blob.objects.filter(pk__in=[blob.pk for blob in gone]).delete()
        # After the transaction: were it lost, there would be rows without bytes.
        remove_files(blob.file_name for blob in gone if blob.file_name)
        removed += len(gone)
    return removed


def sweep(*, now: datetime) -> int:
    """Delete files that no row names: a worker died over them, or another one's file counts. How many."""
    removed = 0
    for folder in _folders(FOLDER):
        names = Blob.objects.filter(file_name__startswith=f"{folder}/").values_list("file_name", flat=True)
        removed += sweep_folder(folder, known=set(names), now=now)
    return removed


def sweep_folder(folder: str, *, known: set[str], now: datetime) -> int:
    """Delete the files of a folder that are not `known` and a day old. How many."""
    storage = private_storage()
    try:
        names = {f"{folder}/{name}" for name in storage.listdir(folder)[1]}
    except FileNotFoundError:
        return 0
    return remove_files(name for name in names - known if _is_old(storage, name, now))


def remove_files(names: Iterable[str]) -> int:
    """Delete files from the private storage. What cannot be deleted is swept away later. How many were."""
    removed = 0
    for name in names:
        try:
            private_storage().delete(name)
        except OSError as error:
            log.warning("%s was not deleted: %s", name, type(error).__name__)
        else:
            removed += 1
    return removed


def _unneeded(blobs: QuerySet[Blob]) -> QuerySet[Blob]:
    return blobs.filter(
        ~Exists(LibraryFile.objects.filter(blob=OuterRef("pk"))),
        ~Exists(PackageFile.objects.filter(blob=OuterRef("pk"))),
        ~Exists(BlobHold.objects.filter(blob=OuterRef("pk"))),
    )


def _is_old(storage: Storage, name: str, now: datetime) -> bool:
    try:
        return storage.get_modified_time(name) <= now - PATIENCE
    except OSError:
        return False  # gone by now


def _folders(root: str) -> list[str]:
    try:
        return [f"{root}/{name}" for name in private_storage().listdir(root)[0]]
    except FileNotFoundError:
        return []


def _batches(items: list) -> Iterator[list]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


class _Stream(io.RawIOBase):
    """Pieces of bytes as a file that is read once: storages want one."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks, self._left = chunks, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:
        while not self._left:
            piece = next(self._chunks, None)
            if piece is None:
                return 0
            self._left = memoryview(piece)
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count
