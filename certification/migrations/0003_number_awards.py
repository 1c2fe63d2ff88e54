"""Numbers for what was awarded before there were any: per organisation and year, in the order of issue."""

from collections import Counter
from typing import Any

from django.db import migrations
from django.utils import timezone


def number(apps: Any, schema_editor: Any) -> None:
    awards = apps.get_model("certification", "Award").objects
    organisations = dict(
        apps.get_model("courses", "Course").objects.values_list("key", "programme__organisation")
    )
    last: Counter[tuple[int, int]] = Counter()
    for award in awards.filter(serial_number=None).order_by("issued_at", "pk").iterator():
        # Courses are archived, never deleted: every award finds its own.
        award.organisation_id = organisations[award.course_key]
        award.serial_year = timezone.localdate(award.issued_at).year
        last[award.organisation_id, award.serial_year] += 1
        award.serial_number = last[award.organisation_id, award.serial_year]
        award.save(update_fields=["organisation", "serial_year", "serial_number"])
    counters = apps.get_model("certification", "SerialCounter").objects
    for (organisation, year), number in last.items():
        counters.update_or_create(organisation_id=organisation, year=year, defaults={"last": number})


class Migration(migrations.Migration):
    dependencies = [("certification", "0002_schemes")]

    operations = [migrations.RunPython(number, migrations.RunPython.noop)]
