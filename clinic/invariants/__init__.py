"""What must be true of the rows at every moment, as questions that answer the rows for which it is not.

Read-only, on SQLite and PostgreSQL. A round asks about each table's newest rows, so that its cost does not grow
with the years; `audit_invariants --whole` asks about all of them.
"""

import datetime as dt
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction

from . import cases, engine, journal, letters
from .asking import REACH, Asked, Invariant, Row

__all__ = ["INVARIANTS", "Broken", "Invariant", "broken"]

log = logging.getLogger(__name__)

INVARIANTS = (*journal.INVARIANTS, *cases.INVARIANTS, *letters.INVARIANTS, *engine.INVARIANTS)


@contextmanager
def _one_moment() -> Iterator[None]:
    """All statements see the rows of one moment: a case and then its events, told meanwhile, would not agree."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


@dataclass(frozen=True)
class Broken:
    """An invariant that does not hold, with some of the rows that show it; their first column is the clinic."""

    invariant: Invariant
    rows: Sequence[Row]


def broken(*, now: dt.datetime, whole: bool = False) -> list[Broken]:
    """The invariants that do not hold. One that can't be asked counts as broken: nobody knows whether it holds."""
    asked = Asked(now, reach=10**12 if whole else REACH)
    found = []
    for invariant in (*INVARIANTS, *engine.parentage()):
        rows = _rows(invariant, asked)
        if rows:
            found.append(Broken(invariant, rows))
    return found


def _rows(invariant: Invariant, asked: Asked) -> Sequence[Row]:
    try:
        with _one_moment():
            return invariant.find(asked)
    except DatabaseError:
        if connection.connection is None or not connection.is_usable():
            raise
        log.exception("the invariant %s could not be asked", invariant.id)
        return [(None, "could not be asked")]
