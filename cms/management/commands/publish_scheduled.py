from typing import Any

from django.utils import timezone
from wagtail.management.commands import publish_scheduled

from cms.publishing import hold_back_scheduled


class Command(publish_scheduled.Command):
    """Wagtail's own, after holding back what was scheduled by somebody who may no longer publish it."""

    def handle(self, *args: Any, dryrun: bool = False, **options: Any) -> None:
        if not dryrun:
            hold_back_scheduled(timezone.now())
        super().handle(*args, dryrun=dryrun, **options)
