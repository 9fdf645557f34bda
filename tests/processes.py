"""A database that other processes can see, for the tests that start some."""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection
from psycopg import sql

THE_SUITES_OWN = "the suite's own"


@contextmanager
def scratch_database(folder: Path, *, like: str = "", alone: bool = False) -> Iterator[str]:
    """A DATABASE_URL of this test alone, on the server the suite runs on; a file in `folder` without one.

    `like`: with the tables and rows of the database at that address, or of THE_SUITES_OWN, so that nothing
    need be migrated. `alone`: in a file, whatever the suite runs on.
    """
    given = os.environ.get("DATABASE_URL", "")
    if alone or not given.startswith("postgres"):
        yield f"sqlite:///{_file(folder / 'unknot.sqlite3', like)}"
        return
    name = f"unknot_scene_{os.getpid()}_{time.time_ns()}"
    model = _name(like)
    # Whoever copies a database must not be in it.
    door = urlunsplit(urlsplit(given)._replace(path="/postgres")) if model == _name(given) else given
    with psycopg.connect(door, autocommit=True) as server:
        # A thread of a live server may have left a connection behind, and PostgreSQL copies no database in use.
        server.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [model])
        create = sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(model))
        server.execute(create)
        try:
            yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        finally:
            server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _file(path: Path, like: str) -> Path:
    if like == THE_SUITES_OWN:
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
    elif like:
        shutil.copy(like.removeprefix("sqlite:///"), path)
    return path


def _name(like: str) -> str:
    if like == THE_SUITES_OWN:
        connection.close()  # PostgreSQL copies no database that somebody is in
        return str(connection.settings_dict["NAME"])
    return urlsplit(like).path.lstrip("/") or "template1"
