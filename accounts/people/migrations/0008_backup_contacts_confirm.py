from django.db import migrations, models


class Migration(migrations.Migration):
    """An address that stands there already is asked anew: nobody knows whose it is."""

    dependencies = [("people", "0007_absence_addresses_are_unique")]

    operations = [
        migrations.AddField(
            model_name="clinic",
            name="backup_generation",
            field=models.PositiveIntegerField(default=1, help_text="Raised with every link; older ones are void"),
        ),
        migrations.AddField(
            model_name="clinic", name="backup_asked_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="clinic", name="backup_confirmed_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddConstraint(
            model_name="clinic",
            constraint=models.CheckConstraint(
                condition=models.Q(("backup_confirmed_at__isnull", True), models.Q(("backup_email", ""), _negated=True), _connector="OR"),
                name="clinic_backup_has_an_address",
            ),
        ),
    ]
