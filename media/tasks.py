"""What the worker does for media."""

from django.utils import timezone
from django_tasks import task

from media.services import imports


@task(priority=10)  # somebody is watching; sign-in codes and certificates go before
def import_package(import_id: str) -> None:
    """Bring a package in. Safe to run twice, and by two workers at once."""
    imports.run(import_id=import_id, now=timezone.now())
