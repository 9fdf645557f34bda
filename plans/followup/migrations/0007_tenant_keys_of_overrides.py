"""A client's own numbers, and what names them, stay in one clinic (PostgreSQL)."""

from django.db import migrations

from accounts.people.models.tenancy import TenantKeys


class Migration(migrations.Migration):
    dependencies = [("followup", "0006_policies_have_reasons_and_overrides")]

    operations = [
        TenantKeys(
            [
                ("followup_policyoverride", "client_id", "people_client"),
                ("followup_assessment", "override_id", "followup_policyoverride"),
                ("followup_escalation", "override_id", "followup_policyoverride"),
            ]
        )
    ]
