"""Rows of one clinic refer to rows of the same clinic, and the database sees to it (PostgreSQL)."""

from django.db import migrations

from accounts.people.models.tenancy import TenantKeys


class Migration(migrations.Migration):
    dependencies = [
        ("post", "0001_first_tables"),
        ("people", "0001_first_tables"),
    ]

    operations = [
        TenantKeys(
            [
                ("post_contactpreferences", "client_id", "people_client"),
                ("post_incident", "letter_id", "post_letter"),
                ("post_letter", "client_id", "people_client"),
                ("post_letter", "membership_id", "people_membership"),
            ]
        )
    ]
