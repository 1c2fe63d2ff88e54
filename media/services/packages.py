"""Packages as lessons and editors use them: which version is current, going back to an older one, setting aside."""

from datetime import datetime

from django.db import transaction

from media.models import Package, PackageVersion


def current_version(package: Package) -> PackageVersion | None:
    """What lessons that are published from now on show; None where nothing was ever brought in."""
    return package.current


@transaction.atomic
def roll_back(*, package: Package, version: PackageVersion) -> None:
    """Make an older version the current one again. The newer one stays, for learners who are under way in it.

    `ValueError` where the version is another package's.
    """
    if version.package_id != package.pk:
        raise ValueError("the version belongs to another package")
    Package.objects.filter(pk=package.pk).update(current=version)
    package.current = version


def archive(*, package: Package, now: datetime) -> None:
    """Offer a package for lessons no longer. Lessons that show it go on, and so do their learners."""
    Package.objects.filter(pk=package.pk, archived_at=None).update(archived_at=now)
    package.refresh_from_db(fields=["archived_at"])


def take_back(*, package: Package) -> None:
    """Offer an archived package again."""
    Package.objects.filter(pk=package.pk).update(archived_at=None)
    package.archived_at = None
