from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0008_backup_contacts_confirm")]

    operations = [
        migrations.AddField(
            model_name="clinic",
            name="pain_lines",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Scores from which a log is answered at once; follow-up's rules write them",
            ),
        ),
        migrations.AddField(
            model_name="client",
            name="pain_lines",
            field=models.JSONField(
                blank=True, default=dict, help_text="This client's own, in place of the clinic's"
            ),
        ),
    ]
