from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people.models import User
from people.services.privacy import erase_person


class Command(BaseCommand):
    help = "Erase a person and all that is held about them. Certificates stay verifiable, without a name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the e-mail address of the account")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, email: str, yes: bool, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError("There is no account with this e-mail address.")
        if (
            not yes
            and input(f"Erase {user.email} for good? Type the address again: ").strip().lower() != user.email
        ):
            raise CommandError("Nothing was erased.")
        report = erase_person(user=user, now=timezone.now())
        for model, rows in report.rows.items():
            self.stdout.write(f"{model}: {rows}")
        if report.traces:
            for trace in report.traces:
                self.stderr.write(f"still in {trace.table}.{trace.column}: {trace.rows}")
            raise CommandError("Erased, but the places above still mention the person.")
        self.stdout.write("Erased. The database mentions the person nowhere.")
