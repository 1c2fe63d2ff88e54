"""`manage.py issue_sample --out FILE`: a signed sample of a certificate, for validators and for looking at."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from certification.documents import DocumentError
from certification.services.samples import signed_sample
from certification.signing import KeyProblem


class Command(BaseCommand):
    help = "Write a signed sample of a certificate to a file. Leaves nothing in the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pdf = signed_sample(now=timezone.now())
            options["out"].write_bytes(pdf)
        except (KeyProblem, DocumentError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{options['out']}: {len(pdf)} bytes")
