"""Rows of one clinic refer to rows of the same clinic, and the database sees to it (PostgreSQL)."""

from django.db import migrations

from accounts.people.models.tenancy import TenantKeys


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0001_first_tables"),
    ]

    operations = [
        TenantKeys(
            [
                ("library_clinicalreview", "revision_id", "library_techniquerevision"),
                ("library_technique", "current_id", "library_techniquerevision"),
                ("library_techniquerevision", "technique_id", "library_technique"),
                ("library_triggerpoint", "muscle_id", "library_muscle"),
            ]
        )
    ]
