"""What nobody needs any more goes: imports that ended, libraries no version runs with, bytes no file holds."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from media.models import Blob, Library, PackageImport, PackageVersion, PackageVersionLibrary
from media.services import blobs, imports

# How long an uploader can look at how an import went.
KEEP_IMPORTS = timedelta(days=30)


def clear_unused(*, now: datetime) -> int:
    """For the clock, once a night. Safe while packages are being brought in. How many rows and files went."""
    removed = PackageImport.objects.filter(ended_at__lt=now - KEEP_IMPORTS).delete()[0]
    removed += _clear_libraries()
    removed += blobs.clear(Blob.objects.all())
    return removed + blobs.sweep(now=now) + imports.sweep(now=now)


def _clear_libraries() -> int:
    removed = 0
    for pk in _unused(Library.objects.all()).values_list("pk", flat=True):
        with transaction.atomic():
            # An import that takes the library up locks it, too; asked again once nobody else holds it.
            if Library.objects.select_for_update().filter(pk=pk).first() is None:
                continue
            removed += _unused(Library.objects.filter(pk=pk)).delete()[0]
    return removed


def _unused(libraries: QuerySet[Library]) -> QuerySet[Library]:
    return libraries.filter(
        ~Exists(PackageVersionLibrary.objects.filter(library=OuterRef("pk"))),
        ~Exists(PackageVersion.objects.filter(main_library=OuterRef("pk"))),
    )
