"""What the worker does for people."""

from django.utils import timezone
from django_tasks import task

from people.services.messages import deliver


@task(priority=50)  # a sign-in code must not stand in line
def deliver_message(message_id: str) -> bool:
    """Send one message of the outbox. Safe to run twice, and by two workers at once."""
    return deliver(message_id=message_id, now=timezone.now())
