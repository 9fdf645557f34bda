from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("post", "0004_preferences_know_more_kinds")]

    operations = [
        migrations.AddField(
            model_name="heartbeat",
            name="bell_at",
            field=models.DateTimeField(
                help_text="When Celery last ended one; until then the watchdog stands in", null=True
            ),
        ),
    ]
