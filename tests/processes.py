"""A database that other processes can see, for the tests that start some."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


@contextmanager
def scratch_database(folder: Path) -> Iterator[str]:
    """A DATABASE_URL of this test alone, on the server the suite runs on; a file in `folder` without one."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{folder / 'unknot.sqlite3'}"
        return
    name = f"unknot_scene_{os.getpid()}_{time.time_ns()}"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        finally:
            server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
