"""Two rows that belong together belong to one clinic: composite foreign keys, where the database has them."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class TenantKeys(Operation):
    """`(clinic_id, <column>)` of each child refers to `(clinic_id, id)` of its parent, on PostgreSQL.

    Django's schema editor would drop such keys on SQLite when it rebuilds a table, so there the
    scoped querysets and the audit stand alone. `links` are (child table, column, parent table).
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, links: list[tuple[str, str, str]]) -> None:
        self.links = links

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__name__, [self.links], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The keys are the database's alone; no model knows them."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        for parent in sorted({parent for _child, _column, parent in self.links}):
            schema_editor.execute(
                f"do $$ begin alter table {parent} add constraint {parent}_tenant unique (clinic_id, id);"
                " exception when duplicate_table then null; end $$"
            )
        for child, column, parent in self.links:
            schema_editor.execute(
                f"alter table {child} add constraint {_name(child, column)}"
                f" foreign key (clinic_id, {column}) references {parent} (clinic_id, id)"
                " deferrable initially deferred"
            )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        for child, column, _parent in reversed(self.links):
            schema_editor.execute(f"alter table {child} drop constraint {_name(child, column)}")

    def describe(self) -> str:
        return "Keep rows that belong together in one clinic"


def _name(child: str, column: str) -> str:
    return f"{child}_{column}_tenant"[:63]
