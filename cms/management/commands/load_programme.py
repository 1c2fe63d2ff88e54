from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.filing import FileRefused
from cms.loading import IdentityTaken, Loader, SiteMissing
from cms.programmes import ProgrammeErrors, ProgrammeText, SiteText, read_programme, read_site


class Command(BaseCommand):
    help = "Creates or updates the pages and the syllabus of a programme (or of the site) from its text."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH", help="content/<programme>, or content/site"
        )
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="Also take the text over where a page was edited in Wagtail.",
        )

    def handle(
        self, *args: object, paths: list[Path], overwrite: bool, verbosity: int, **options: object
    ) -> None:
        site = next((path for path in paths if (path / "home.md").exists()), None)
        if site is not None and len(paths) > 1:
            paths = [*paths, site]  # once more at the end: its doors lead to courses that are there now
        texts = [(path, _read(path)) for path in paths]
        for path, text in texts:
            loader = Loader(
                overwrite=overwrite, say=self.stdout.write if verbosity > 1 else lambda _line: None
            )
            try:
                done = loader.load_site(text) if isinstance(text, SiteText) else loader.load_programme(text)
            except (SiteMissing, IdentityTaken) as refused:
                raise CommandError(str(refused)) from refused
            except FileRefused as refused:
                raise CommandError(f"{path}/{refused}\nNothing was changed.") from refused
            for title in done.left_alone:
                self.stdout.write(f"edited in Wagtail, left alone: {title}")
            self.stdout.write(
                f"{path.name}: {len(done.created)} new, {len(done.updated)} changed, {len(done.unchanged)} the same"
                + (f", {len(done.withdrawn)} off line" if done.withdrawn else "")
                + ("" if done.changed else "; nothing changed")
            )


def _read(path: Path) -> ProgrammeText | SiteText:
    """The folder's text, before anything is changed."""
    if not path.is_dir():
        raise CommandError(f"{path} is not a folder.")
    try:
        return read_site(path) if (path / "home.md").exists() else read_programme(path)
    except ProgrammeErrors as errors:
        lines = "\n".join(f"{path}/{error.path}:{error.line}: {error.message}" for error in errors.errors)
        raise CommandError(f"{lines}\nNothing was changed.") from errors
