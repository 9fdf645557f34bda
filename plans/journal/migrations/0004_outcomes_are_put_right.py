"""Outcome answers say who gave them and may be put right on the same day; a week's questions may be laid aside."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.people.models.encrypted
from accounts.people.models.tenancy import TenantKeys

OCCASIONS = ["baseline", "week2", "week4", "week6", "end"]


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0003_tenant_keys"),
        ("people", "0002_sign_in_attempts"),
        ("programs", "0003_tenant_keys"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="outcomeanswer",
            name="answered_by",
            # Nothing has ever been written into this table, so no row is without a person.
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="outcomeanswer", name="replaced_at", field=models.DateTimeField(null=True)
        ),
        migrations.AlterField(
            model_name="outcomeanswer",
            name="item",
            field=models.PositiveSmallIntegerField(help_text="Counted from 1, in the measure's own order"),
        ),
        migrations.AlterField(
            model_name="outcomeanswer",
            name="label",
            field=accounts.people.models.encrypted.EncryptedTextField(
                blank=True, help_text="The client's own activity, for PSFS", max_length=80
            ),
        ),
        migrations.AlterField(
            model_name="outcomeanswer",
            name="local_on",
            field=models.DateField(help_text="The client's own day"),
        ),
        migrations.RemoveConstraint(model_name="outcomeanswer", name="outcome_once_a_day"),
        migrations.AddConstraint(
            model_name="outcomeanswer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at__isnull", True)),
                fields=("client", "measure", "item", "local_on"),
                name="outcome_once_a_day",
            ),
        ),
        migrations.CreateModel(
            name="OutcomeSkip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("occasion", models.CharField(choices=[(each, each) for each in OCCASIONS], max_length=10)),
                ("skipped_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.client"
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.clinic"
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="programs.program"
                    ),
                ),
                (
                    "skipped_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("program", "occasion"), name="outcome_skip_once")
                ],
            },
        ),
        TenantKeys(
            [
                ("journal_outcomeskip", "client_id", "people_client"),
                ("journal_outcomeskip", "program_id", "programs_program"),
            ]
        ),
    ]
