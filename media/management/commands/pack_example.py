from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from media.packages.packing import EXAMPLES


class Command(BaseCommand):
    help = "Write one of our own examples as a package, for trying an import."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write; it must not exist yet")
        parser.add_argument("--kind", choices=sorted(EXAMPLES), default="h5p")

    def handle(self, *args: Any, file: Path, kind: str, **options: Any) -> None:
        try:
            with file.open("xb") as opened:
                opened.write(EXAMPLES[kind]())
        except OSError as error:
            raise CommandError(f"Could not write {file}: {error.strerror}.") from None
        self.stdout.write(f"{file} written.")
