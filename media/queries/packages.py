"""Shared reads about packages: what a version consists of, and who uses what."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from media.models import (
    KEEPERS,
    LibraryFile,
    PackageFile,
    PackageImport,
    PackageVersion,
    PackageVersionLibrary,
)
from people.models import Membership, Organisation


def files_of(version: PackageVersion) -> QuerySet[PackageFile]:
    """The version's own files with their blobs, by path; of H5P what lies below `content/`."""
    return PackageFile.objects.filter(version=version).select_related("blob").order_by("path")


def libraries_of(version: PackageVersion) -> QuerySet[PackageVersionLibrary]:
    """The libraries a version runs with, in the order in which they load: what is needed comes first."""
    return (
        PackageVersionLibrary.objects.filter(version=version).select_related("library").order_by("position")
    )


def file_at(version: PackageVersion, path: str) -> PackageFile | None:
    """One of the version's own files."""
    return PackageFile.objects.filter(version=version, path=path).select_related("blob").first()


def content_file_at(version_id: int, path: str) -> PackageFile | None:
    """One of the files below `content/` of the version with this number."""
    if "\0" in path:  # PostgreSQL knows no such text
        return None
    return PackageFile.objects.filter(version=version_id, path=path).select_related("blob").first()


def library_file_at(tree_hash: str, path: str) -> LibraryFile | None:
    """A file of the library that is served under `tree_hash`."""
    if "\0" in path or "\0" in tree_hash:
        return None
    return LibraryFile.objects.filter(library__tree_hash=tree_hash, path=path).select_related("blob").first()


def overdue_imports(now: datetime) -> QuerySet[PackageImport]:
    """Imports that should have ended: due and waiting, or held by a worker whose lease ran out. Oldest first."""
    state = PackageImport.State
    return PackageImport.objects.filter(
        Q(state=state.WAITING, due_at__lte=now) | Q(state=state.RUNNING, lease_until__lte=now)
    ).order_by("due_at")


def homes_for_packages(user: Any) -> QuerySet[Organisation]:
    """The organisations for which somebody may bring packages in: those where they train or edit."""
    if user.is_superuser:
        return Organisation.objects.order_by("name")
    theirs = Membership.objects.filter(user=user, role__in=KEEPERS)
    return Organisation.objects.filter(pk__in=theirs.values("organisation")).order_by("name")
