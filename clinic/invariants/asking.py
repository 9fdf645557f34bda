"""How an invariant is asked: a question whose answers are the rows for which it does not hold."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

GRACE = dt.timedelta(minutes=5)
WINDOW = dt.timedelta(days=60)
FAR = dt.timedelta(days=3)
"""Nothing that the engine puts off is put further."""
REACH = 50_000
"""How many of a table's newest rows a round asks about: what is older was asked about when it was new."""
SHOWN = 20

Row = tuple[object, ...]


@dataclass(frozen=True)
class Asked:
    """When, and how far back; `reach` is a number of rows of each table."""

    now: dt.datetime
    reach: int = REACH

    @property
    def late(self) -> dt.datetime:
        """What should have been done by then is late."""
        return self.now - GRACE


@dataclass(frozen=True)
class Invariant:
    """`find` answers a row for each violation: the clinic's id (None: every clinic's), then what names it."""

    id: str
    statement: str
    find: Callable[[Asked], Sequence[Row]]


def by_sql(statement: str) -> Callable[[Asked], Sequence[Row]]:
    """A question in SQL that SQLite and PostgreSQL both understand.

    `:now`, `:late`, `:hour`, `:window`, `:soon` and `:far` are instants; `:newest(table)` stands where an id must
    be among the newest of that table.
    """
    pieces = statement.replace("(", " ( ").replace(")", " ) ").split()

    def find(asked: Asked) -> Sequence[Row]:
        sql, values = _filled(pieces, asked)
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} LIMIT {SHOWN}", values)
            return list(cursor.fetchall())

    return find


def _filled(pieces: Sequence[str], asked: Asked) -> tuple[str, list[Any]]:
    times = {
        ":now": asked.now,
        ":late": asked.late,
        ":hour": asked.now - dt.timedelta(hours=1),
        ":window": asked.now - WINDOW,
        ":soon": asked.now + GRACE,
        ":far": asked.now + FAR,
    }
    words: list[str] = []
    values: list[Any] = []
    left = iter(pieces)
    for piece in left:
        if piece in times:
            words.append("%s")
            values.append(connection.ops.adapt_datetimefield_value(times[piece]))
        elif piece == ":newest":
            _, table, _ = next(left), next(left), next(left)
            words.append(f"> (SELECT COALESCE(MAX(id), 0) - %s FROM {table})")  # noqa: S608 (a name of this site)
            values.append(asked.reach)
        else:
            words.append(piece)
    return " ".join(words), values
