"""No row of one clinic can refer to a row of another: the database itself refuses it, where it can."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models

from plans.followup.models import Watch
from tests.clock import NOW
from tests.conftest import Cast

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no composite keys that Django keeps"
)
SLICES = {"people", "post", "library", "programs", "journal", "followup"}


def owned(model: type[models.Model]) -> bool:
    return model._meta.app_label in SLICES and any(field.name == "clinic" for field in model._meta.concrete_fields)


def links() -> set[tuple[str, str]]:
    """(table, column) of every foreign key from a clinic's row to another clinic-owned row."""
    return {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        if owned(model)
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and owned(field.related_model)
    }


def test_every_link_between_rows_of_a_clinic_is_held_by_a_composite_key(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select c.conrelid::regclass::text, a.attname
            from pg_constraint c
            join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[2]
            where c.contype = 'f' and cardinality(c.conkey) = 2
            """
        )
        held = set(cursor.fetchall())
    assert links() - held == set()


def test_the_database_refuses_a_row_that_names_another_clinics_client(cast: Cast) -> None:
    Watch.objects.create(clinic=cast.harbour, client=cast.meadow_client, next_look_at=NOW)
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
