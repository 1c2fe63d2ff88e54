"""What the worker does for certificates."""

from django.utils import timezone
from django_tasks import task

from certification.services.documents import produce


@task(priority=20)  # somebody is waiting for it; the editor's own indexing comes after
def render_document(award_id: int) -> bool:
    """Make the document of one award. Safe to run twice, and by two workers at once."""
    return produce(award_id=award_id, now=timezone.now())
