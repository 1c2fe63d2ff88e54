import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people.models import User
from people.services.privacy import export_person


class Command(BaseCommand):
    help = "Write all that is held about a person to a JSON file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the e-mail address of the account")
        parser.add_argument("--to", required=True, type=Path, help="the file to write; it must not exist yet")

    def handle(self, *args: Any, email: str, to: Path, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError("There is no account with this e-mail address.")
        held = export_person(user=user, now=timezone.now())
        try:
            with to.open("x", encoding="utf-8") as file:
                to.chmod(0o600)
                json.dump(held, file, ensure_ascii=False, indent=2)
        except OSError as error:
            raise CommandError(f"Could not write {to}: {error.strerror}.") from None
        self.stdout.write(f"{sum(map(len, held['holdings'].values()))} rows written to {to}.")
