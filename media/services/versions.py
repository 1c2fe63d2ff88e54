"""Writing a package that was read as a version: libraries once, rows in one transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from media.models import (
    Blob,
    Library,
    LibraryDependency,
    LibraryFile,
    Package,
    PackageFile,
    PackageImport,
    PackageVersion,
    PackageVersionLibrary,
)
from media.packages.h5p import ReadLibrary
from media.packages.readers import Read
from media.packages.refusals import PackageRefused

BATCH = 500


def keep_version(
    *,
    job: PackageImport,
    package: Read,
    held: Mapping[str, Blob],
    report: dict[str, Any],
    now: datetime,
) -> PackageVersion:
    """The next version of the package that is replaced, or the first of a new one, and current from now on.

    Contents that were brought in before are that version again. Must run in the transaction that ends the import.
    """
    target = _target(job, package.kind, now)
    version = target.versions.filter(tree_hash=package.tree_hash).first()
    if version is None:
        kept = {
            # In one order for all: two imports must not wait for each other.
            library.tree_hash: _library(library, held)
            for library in sorted(package.libraries, key=lambda library: library.tree_hash)
        }
        newest = target.versions.aggregate(newest=Max("number"))["newest"] or 0
        version = PackageVersion.objects.create(
            package=target,
            number=newest + 1,
            tree_hash=package.tree_hash,
            manifest=package.raw,
            main_library=kept[package.main.tree_hash] if package.main else None,
            launch=package.launch,
            size=sum(entry.size for entry in package.all_entries()),
            report=report,
            imported_at=now,
        )
        PackageVersionLibrary.objects.bulk_create(
            PackageVersionLibrary(
                version=version,
                library=kept[library.tree_hash],
                position=position,
                preloaded=library.preloaded,
            )
            for position, library in enumerate(package.libraries)
        )
        PackageFile.objects.bulk_create(
            [
                PackageFile(
                    version=version,
                    path=entry.path,
                    blob=held[entry.sha256],
                    content_type=entry.content_type,
                )
                for entry in package.entries
            ],
            batch_size=BATCH,
        )
    target.current = version
    target.save(update_fields=["current"])
    return version


def _target(job: PackageImport, kind: str, now: datetime) -> Package:
    if job.replaces_id is None:
        return Package.objects.create(
            title=job.title,
            kind=kind,
            organisation=job.organisation,
            uploaded_by_id=job.uploaded_by_id,
            created_at=now,
        )
    # Locked: two uploads at once must not both become the next version.
    target = Package.objects.select_for_update().get(pk=job.replaces_id)
    if target.kind != kind:
        raise PackageRefused("other_kind", kind=Package.Kind(kind).label)
    if job.title and job.title != target.title:
        target.title = job.title
        target.save(update_fields=["title"])
    return target


def _library(read: ReadLibrary, held: Mapping[str, Blob]) -> Library:
    """The library with these contents: the one that is there, held against clean-up, or a new one."""
    there = Library.objects.select_for_update().filter(tree_hash=read.tree_hash)
    if (found := there.first()) is not None:
        return found
    try:
        with transaction.atomic():
            return _new_library(read, held)
    except IntegrityError:
        # Another import brought the same library a moment ago.
        return there.get()


def _new_library(read: ReadLibrary, held: Mapping[str, Blob]) -> Library:
    manifest = read.manifest
    library = Library.objects.create(
        tree_hash=read.tree_hash,
        machine_name=manifest.name.machine_name,
        major=manifest.name.major,
        minor=manifest.name.minor,
        patch=manifest.patch,
        title=manifest.title,
        runnable=manifest.runnable,
        metadata=manifest.raw,
    )
    LibraryFile.objects.bulk_create(
        [
            LibraryFile(
                library=library,
                path=entry.path,
                blob=held[entry.sha256],
                content_type=entry.content_type,
            )
            for entry in read.entries
        ],
        batch_size=BATCH,
    )
    kinds = LibraryDependency.Kind
    needed = (
        (kinds.PRELOADED, manifest.preloaded),
        (kinds.DYNAMIC, manifest.dynamic),
        (kinds.EDITOR, manifest.editor),
    )
    LibraryDependency.objects.bulk_create(
        LibraryDependency(
            library=library,
            machine_name=other.machine_name,
            major=other.major,
            minor=other.minor,
            kind=kind,
        )
        for kind, others in needed
        for other in others
    )
    return library
