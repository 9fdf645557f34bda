"""Rows of one clinic refer to rows of the same clinic, and the database sees to it (PostgreSQL)."""

from django.db import migrations

from accounts.people.models.tenancy import TenantKeys


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0003_nudges_waiting_for_an_end"),
        ("people", "0002_sign_in_attempts"),
        ("post", "0002_letters_to_wipe"),
    ]

    operations = [
        TenantKeys(
            [
                ("followup_assessment", "client_id", "people_client"),
                ("followup_escalation", "client_id", "people_client"),
                ("followup_escalation", "holder_id", "people_membership"),
                ("followup_nudge", "client_id", "people_client"),
                ("followup_nudge", "letter_id", "post_letter"),
                ("followup_review", "client_id", "people_client"),
                ("followup_watch", "client_id", "people_client"),
            ]
        )
    ]
