from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from media.packages.packing import pack_example


class Command(BaseCommand):
    help = "Write our own H5P content type with its example as an .h5p file, for trying an import."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the .h5p file to write; it must not exist yet")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            with file.open("xb") as opened:
                opened.write(pack_example())
        except OSError as error:
            raise CommandError(f"Could not write {file}: {error.strerror}.") from None
        self.stdout.write(f"{file} written.")
