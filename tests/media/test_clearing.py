"""What clean-up takes of packages: all that nobody needs, nothing else, and also while something is brought in."""

import threading
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone

from media.flows import queue_import
from media.models import (
    Blob,
    BlobHold,
    Library,
    LibraryFile,
    Package,
    PackageFile,
    PackageImport,
    PackageVersion,
)
from media.services import blobs, imports
from media.services.clearing import clear_unused
from tests.media.conftest import bytes_of, files_in, queued
from tests.media.made_packages import OTHER, content, library, package

pytestmark = pytest.mark.django_db


def drop(version):
    """A version goes, as it will when an administrator deletes what nobody uses."""
    version.imports.update(version=None, state="failed")
    Package.objects.filter(pk=version.package_id).update(current=None)
    version.delete()


def test_clean_up_takes_what_nobody_needs_and_nothing_else(bring_in, now, private_files):
    first = bring_in(package()).version
    other = bring_in(package(OTHER | library("H5P.Deel", patch=9))).version
    drop(first)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction, "on_commit", lambda work, **_kwargs: work())
        assert clear_unused(now=now) > 0
    assert list(PackageVersion.objects.all()) == [other]
    assert sorted(str(each) for each in Library.objects.all()) == ["H5P.Deel 1.0.9", "H5P.Vraag 1.2.3"]
    referred = {
        *LibraryFile.objects.values_list("blob", flat=True),
        *PackageFile.objects.values_list("blob", flat=True),
    }
    assert set(Blob.objects.values_list("pk", flat=True)) == referred
    assert len(files_in(private_files)) == len(referred)
    assert clear_unused(now=now) == 0


def test_clean_up_leaves_what_an_import_holds(now):
    job = queued(now)
    held = blobs.hold(sizes={"a" * 64: 1}, held_by=job)
    assert blobs.clear(Blob.objects.all()) == 0
    blobs.release(import_id=job.pk)
    assert not Blob.objects.filter(pk=held["a" * 64].pk).exists()


def test_files_without_a_row_are_swept_away_after_a_day(bring_in, now, private_files):
    bring_in(package())
    stray = [private_files / "blobs" / "aa" / f"{'a' * 64}.0", private_files / "uploads" / "x.zip"]
    for path in stray:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"stray")
    known = set(files_in(private_files)) - set(stray)
    assert clear_unused(now=timezone.now()) == 0
    assert clear_unused(now=timezone.now() + timedelta(days=2)) == 2
    assert set(files_in(private_files)) == known


def test_imports_that_ended_are_forgotten_after_a_month(bring_in, now):
    bring_in(package())
    clear_unused(now=now + timedelta(days=29))
    assert PackageImport.objects.count() == 1
    clear_unused(now=now + timedelta(days=31))
    assert (PackageImport.objects.count(), PackageVersion.objects.count()) == (0, 1)


def run_together(*works):
    """Each in a thread of its own with a connection of its own, started at once."""
    start, failed = threading.Barrier(len(works)), []

    def run(work):
        try:
            start.wait()
            work()
        except Exception as error:  # told below, in the test's own thread
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


@pytest.mark.django_db(transaction=True)
def test_imports_and_clean_up_at_once_lose_nothing(now, private_files):
    """Four imports of the same bytes while clean-up runs again and again: every version has all its bytes."""
    jobs = [queued(now, package(OTHER if number % 2 else None)) for number in range(4)]

    def bring_in(job):
        return lambda: imports.run(import_id=job.pk, now=now)

    def clean():
        for _time in range(25):
            clear_unused(now=now)

    run_together(*map(bring_in, jobs), clean)
    for job in jobs:  # of two that waited for each other's rows the database stops one: it is tried again
        imports.run(import_id=job.pk, now=now + timedelta(minutes=10))
    states = [PackageImport.objects.get(pk=job.pk).state for job in jobs]
    assert states == ["done"] * 4
    for file in [*PackageFile.objects.select_related("blob"), *LibraryFile.objects.select_related("blob")]:
        assert len(bytes_of(file.blob)) == file.blob.size
    assert len(files_in(private_files)) == Blob.objects.count() == 7
    assert (Library.objects.count(), BlobHold.objects.count()) == (2, 0)


@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_are_two_versions(now):
    first = imports.run(import_id=queued(now).pk, now=now).version
    jobs = []
    for number in range(3):
        data = package(content({"question": f"Vraag {number}"}))
        jobs.append(
            queue_import(
                file=ContentFile(data, "a.h5p"), title="x", uploaded_by=None, replaces=first.package, now=now
            )
        )
    run_together(*(lambda job=job: imports.run(import_id=job.pk, now=now) for job in jobs))
    assert sorted(first.package.versions.values_list("number", flat=True)) == [1, 2, 3, 4]
