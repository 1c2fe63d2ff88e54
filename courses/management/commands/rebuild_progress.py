from django.core.management.base import BaseCommand, CommandParser

from courses.models import Enrolment
from courses.services.progress import rebuild_progress


class Command(BaseCommand):
    help = (
        "Computes every learner's progress anew from the record of attempts, and says how many rows differed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--enrolment", help="Only this enrolment (its id).")

    def handle(self, *args: object, **options: str) -> None:
        enrolments = Enrolment.objects.all()
        if options["enrolment"]:
            enrolments = enrolments.filter(pk=options["enrolment"])
        changed = rebuild_progress(enrolments=enrolments.iterator())
        self.stdout.write(f"{changed} rows changed")
