from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.exporting import NothingToExport, export
from cms.programmes.writing import ProgrammeCannotBeWritten


class Command(BaseCommand):
    help = "Writes a programme's live pages as text, in the format of docs/programme-format.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", metavar="KEY", help="the programme's key, as in programme.yaml")
        parser.add_argument("folder", type=Path, metavar="DIR", help="a new or an empty folder")

    def handle(self, *args: object, key: str, folder: Path, **options: object) -> None:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CommandError(f"{folder} is not empty. Name a new folder: files of before would stay in it.")
        try:
            exported, files = export(key, folder)
        except NothingToExport as nothing:
            raise CommandError(str(nothing)) from nothing
        except ProgrammeCannotBeWritten as refused:
            raise CommandError(f"{refused}\nNothing was written.") from refused
        for title in exported.not_live:
            self.stdout.write(f"not live, left out: {title}")
        for title in exported.drafts:
            self.stdout.write(f"has changes that are not published; written as it is live: {title}")
        self.stdout.write(f"{key}: {files} files in {folder}")
