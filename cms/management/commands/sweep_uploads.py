from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cms.importing import sweep_uploads


class Command(BaseCommand):
    help = "Removes uploaded programmes that nobody confirmed. The clock runs it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{sweep_uploads(timezone.now())} removed")
