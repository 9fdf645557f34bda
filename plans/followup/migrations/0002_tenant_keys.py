"""Rows of one clinic refer to rows of the same clinic, and the database sees to it (PostgreSQL)."""

from django.db import migrations

from accounts.people.models.tenancy import TenantKeys


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0001_first_tables"),
        ("people", "0001_first_tables"),
        ("post", "0001_first_tables"),
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
                ("followup_policyoverride", "client_id", "people_client"),
                ("followup_assessment", "override_id", "followup_policyoverride"),
                ("followup_escalation", "override_id", "followup_policyoverride"),
            ]
        )
    ]
