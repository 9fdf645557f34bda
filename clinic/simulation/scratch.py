"""A database of the simulation's own, and a way back to how it began, in a moment."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from .surgery import open_surgery


class Beginning:
    """Remembers the rows of now, and brings them back."""

    def __init__(self) -> None:
        self.name = str(connection.settings_dict["NAME"])
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            # Workers die in it, but never the machine: nothing need wait for the disk.
            connection.connection.execute("PRAGMA synchronous = OFF")
            self.copy = sqlite3.connect(":memory:", check_same_thread=False)
            connection.connection.backup(self.copy)
        else:
            self._copy_database(self.name, f"{self.name}_beginning")

    def come_back(self) -> None:
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            self.copy.backup(connection.connection)
        else:
            self._copy_database(f"{self.name}_beginning", self.name)

    def forget(self) -> None:
        if connection.vendor == "sqlite":
            self.copy.close()
            return
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{self.name}_beginning"')

    def _copy_database(self, like: str, name: str) -> None:
        connection.close()  # PostgreSQL copies no database that somebody is in
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')


@contextmanager
def simulated() -> Iterator[Beginning]:
    """A scratch database with the small clinic in it, gone at the end whatever happened."""
    options: dict[str, Any] = connection.settings_dict
    real = options["NAME"]
    options["TEST"]["NAME"] = None if connection.vendor == "sqlite" else "unknot_simulated"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        open_surgery()
        beginning = Beginning()
        try:
            yield beginning
        finally:
            beginning.forget()
    finally:
        connection.creation.destroy_test_db(real, verbosity=0)
