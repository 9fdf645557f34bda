"""Rows of one clinic refer to rows of the same clinic, and the database sees to it (PostgreSQL)."""

from django.db import migrations

from accounts.people.models.tenancy import TenantKeys


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0001_first_tables"),
        ("library", "0001_first_tables"),
        ("people", "0001_first_tables"),
    ]

    operations = [
        TenantKeys(
            [
                ("programs_intakeanswer", "client_id", "people_client"),
                ("programs_intakeanswer", "contraindication_id", "library_contraindication"),
                ("programs_plannedsession", "client_id", "people_client"),
                ("programs_plannedsession", "program_id", "programs_program"),
                ("programs_program", "client_id", "people_client"),
                ("programs_program", "template_id", "programs_programtemplate"),
                ("programs_programtemplate", "gentler_id", "programs_programtemplate"),
                ("programs_programtemplate", "harder_id", "programs_programtemplate"),
                ("programs_programtemplate", "escalate_to_id", "library_technique"),
                ("programs_signoff", "client_id", "people_client"),
                ("programs_signoff", "technique_id", "library_technique"),
                ("programs_signoff", "contraindication_id", "library_contraindication"),
            ]
        )
    ]
