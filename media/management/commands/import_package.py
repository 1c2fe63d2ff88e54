from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from media.flows import import_package
from media.models import Package, PackageImport
from media.packages.refusals import sentence_of
from people.models import Organisation


class Command(BaseCommand):
    help = "Bring a package in, H5P or SCORM. Prints its key, or why it is refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--title", required=True, help="what trainers find it by")
        parser.add_argument("--replace", type=UUID, help="key of the package this is the new version of")
        parser.add_argument("--organisation", help="slug of whose it is; without it, it is the whole house's")

    def handle(
        self,
        *args: Any,
        file: Path,
        title: str,
        replace: UUID | None,
        organisation: str | None,
        **options: Any,
    ) -> None:
        replaced = Package.objects.filter(pk=replace).first() if replace else None
        if replace and replaced is None:
            raise CommandError("There is no package with this key.")
        owner = Organisation.objects.filter(slug=organisation).first() if organisation else None
        if organisation and owner is None:
            raise CommandError("There is no organisation with this slug.")
        try:
            with file.open("rb") as opened:
                job = import_package(
                    file=File(opened, file.name),
                    title=title,
                    organisation=owner,
                    replaces=replaced,
                    now=timezone.now(),
                )
        except OSError as error:
            raise CommandError(f"{file} could not be read or stored: {error.strerror}.") from None
        ended = (job.state, job.version, sentence_of(job.refusal), job.last_error)
        if job.state != PackageImport.State.DONE:
            job.delete()  # whoever is at the terminal has read it
        self._say(*ended)

    def _say(self, state: str, version: Any, refusal: str, error: str) -> None:
        if refusal:
            raise CommandError(f"Refused: {refusal}")
        if state != PackageImport.State.DONE:
            raise CommandError(f"It could not be stored ({error}). Nothing was kept.")
        self.stdout.write(str(version.package_id))
