from django.db import migrations


def tell_the_syllabus(apps, schema_editor):
    """The syllabus knows from now on which sessions are heavy; live pages have said so since they were written."""
    Session = apps.get_model("courses", "Session")
    heavy = apps.get_model("cms", "SessionPage").objects.filter(heavy=True, live=True)
    Session.objects.filter(key__in=list(heavy.values_list("translation_key", flat=True))).update(heavy=True)


class Migration(migrations.Migration):

    dependencies = [
        ("cms", "0008_files_in_lessons"),
        ("courses", "0008_care"),
    ]

    operations = [migrations.RunPython(tell_the_syllabus, migrations.RunPython.noop)]
