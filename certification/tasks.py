"""What the worker does for certificates."""

from uuid import UUID

from django.utils import timezone
from django_tasks import task

from certification.services.batches import give_line
from certification.services.bundles import pack
from certification.services.documents import produce


@task(priority=20)  # somebody is waiting for it; the editor's own indexing comes after
def render_document(award_id: int) -> bool:
    """Make the document of one award. Safe to run twice, and by two workers at once."""
    return produce(award_id=award_id, now=timezone.now())


@task(priority=5)  # many at once stand back for whoever waits for their own
def give_lines(line_ids: list[int]) -> None:
    """Give certificates to a few people of a batch. Safe to run twice, and by two workers at once."""
    for line_id in line_ids:
        give_line(line_id=line_id, now=timezone.now())


@task(priority=5)
def pack_bundle(bundle_id: str) -> bool:
    """Make the zip file of a batch. Safe to run twice, and by two workers at once."""
    return pack(bundle_id=UUID(bundle_id), now=timezone.now())
