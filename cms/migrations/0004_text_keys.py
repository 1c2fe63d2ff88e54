from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("cms", "0003_practice_and_trainers_notes"),
    ]

    operations = [
        migrations.CreateModel(
            name="TextKey",
            fields=[
                ("identity", models.UUIDField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=80)),
            ],
        ),
    ]
