import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("certification", "0003_number_awards")]

    operations = [
        migrations.AlterField(
            model_name="award",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
            ),
        ),
        migrations.AlterField(
            model_name="award", name="serial_number", field=models.PositiveIntegerField()
        ),
        migrations.AlterField(
            model_name="award", name="serial_year", field=models.PositiveSmallIntegerField()
        ),
    ]
