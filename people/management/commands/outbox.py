from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Count

from people.models import OutboxMessage


class Command(BaseCommand):
    help = (
        "Shows what waits in the outbox, and the messages that could not be delivered. Never what they said."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dead", type=int, default=50, help="How many of the undelivered to list.")

    def handle(self, *args: object, **options: Any) -> None:
        states = OutboxMessage.objects.values_list("state").annotate(number=Count("pk")).order_by("state")
        for state, number in states:
            self.stdout.write(f"{state:9} {number}")
        dead = OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD).select_related("recipient")
        for message in dead.order_by("-created_at")[: options["dead"]]:
            whom = message.recipient.alias if message.recipient else "an address that is not kept"
            self.stdout.write(
                f"{message.created_at:%Y-%m-%d %H:%M} {message.kind}: to {whom}, {message.attempts} attempts, "
                f"{message.last_error or 'a worker died over it'}"
            )
