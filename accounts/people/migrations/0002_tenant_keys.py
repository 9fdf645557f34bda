"""Rows of one clinic refer to rows of the same clinic, and the database sees to it (PostgreSQL)."""

from django.db import migrations

from accounts.people.models.tenancy import TenantKeys


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_first_tables"),
    ]

    operations = [
        TenantKeys(
            [
                ("people_absence", "bodyworker_id", "people_membership"),
                ("people_absence", "cover_id", "people_membership"),
                ("people_auditevent", "client_id", "people_client"),
                ("people_carerelationship", "client_id", "people_client"),
                ("people_carerelationship", "bodyworker_id", "people_membership"),
                ("people_consent", "client_id", "people_client"),
                ("people_contact", "client_id", "people_client"),
                ("people_invitation", "client_id", "people_client"),
                ("people_invitation", "membership_id", "people_membership"),
            ]
        )
    ]
