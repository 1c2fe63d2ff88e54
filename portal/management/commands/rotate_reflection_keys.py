from typing import Any

from django.core.management.base import BaseCommand

from courses.models import Reflection
from courses.services.reflections import rotate_reflection_keys
from meetings.models import LearningPoint, Room
from meetings.services.learning_points import rotate_learning_point_keys
from meetings.services.rooms import rotate_case_keys
from people.services.sealing import reseal


class Command(BaseCommand):
    help = (
        "Writes everything that is kept encrypted anew under the first of REFLECTION_KEYS: private texts, learning "
        "points, and the cases of rooms that are open. Says whether the keys behind it may go. Safe to run again."
    )

    def handle(self, *args: object, **options: Any) -> None:
        closed = 0
        for what, rotate, texts in (
            (
                "private texts",
                rotate_reflection_keys,
                Reflection.objects.values_list("ciphertext", flat=True),
            ),
            (
                "learning points",
                rotate_learning_point_keys,
                LearningPoint.objects.values_list("ciphertext", flat=True),
            ),
            ("cases", rotate_case_keys, Room.objects.exclude(case=None).values_list("case", flat=True)),
        ):
            written = rotate()
            lost = sum(reseal(text) is None for text in texts.iterator())
            closed += lost
            self.stdout.write(f"{written} {what} written under the first key, {lost} that no key opens")
        if closed:
            self.stdout.write(
                "Put the key back that is missing and run this again, or accept that these stay closed."
            )
        else:
            self.stdout.write("If every process has the new key in front by now, the keys behind it may go.")
