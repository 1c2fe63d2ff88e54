from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_fewer_messages'),
    ]

    operations = [
        migrations.AddField(
            model_name='outboxmessage',
            name='useless_from',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
