"""Rows of one clinic refer to rows of the same clinic, and the database sees to it (PostgreSQL)."""

from django.db import migrations

from accounts.people.models.tenancy import TenantKeys


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0001_first_tables"),
        ("library", "0001_first_tables"),
        ("people", "0001_first_tables"),
        ("programs", "0001_first_tables"),
    ]

    operations = [
        TenantKeys(
            [
                ("journal_outcomeanswer", "client_id", "people_client"),
                ("journal_outcomeanswer", "measure_id", "library_outcomemeasure"),
                ("journal_outcomeskip", "client_id", "people_client"),
                ("journal_outcomeskip", "program_id", "programs_program"),
                ("journal_painreport", "client_id", "people_client"),
                ("journal_painreport", "session_id", "journal_session"),
                ("journal_redflaganswer", "client_id", "people_client"),
                ("journal_redflaganswer", "session_id", "journal_session"),
                ("journal_redflaganswer", "red_flag_id", "library_redflag"),
                ("journal_refusedlog", "client_id", "people_client"),
                ("journal_refusedlog", "session_id", "journal_session"),
                ("journal_session", "client_id", "people_client"),
                ("journal_session", "program_id", "programs_program"),
                ("journal_session", "planned_session_id", "programs_plannedsession"),
            ]
        )
    ]
