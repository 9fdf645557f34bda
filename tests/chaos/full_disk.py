"""A disk that is full while a file says so: SQLite's own limit, in every connection of the process that imports this.

granian … tests.chaos.full_disk:application      the clinic's pages on such a disk
"""

from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from tests.chaos.stage import FOLDER

IS_FULL = FOLDER / "disk.full"
MOST_PAGES = 2**32 - 2


class Limit:
    """Looks at the file before each statement; a limit below the database's size means its size."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection, self.is_set = connection, False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if (is_full := IS_FULL.exists()) != self.is_set:
            self.connection.connection.execute(f"PRAGMA max_page_count = {1 if is_full else MOST_PAGES}")
            self.is_set = is_full
        return execute(sql, params, many, context)


def limit(sender: object, connection: BaseDatabaseWrapper, **_: object) -> None:
    others = [each for each in connection.execute_wrappers if not isinstance(each, Limit)]
    connection.execute_wrappers[:] = [*others, Limit(connection)]


connection_created.connect(limit)
application = get_wsgi_application()
