"""How is something measured? In CPU time, side by side with the control, in a scratch database.

Milliseconds drift by half on a machine that others use; counts and ratios do not.
"""

import gc
import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import override_settings

ALMOST_BEST = 0.2
"""The percentile that is kept: the best one is luck, the median is the neighbours'."""


@contextmanager
def scratch_database() -> Iterator[None]:
    """A new database with the site's tables, dropped at the end whatever happens."""
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def analyse() -> None:
    """What the database's own housekeeping would have done by night."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


@dataclass
class Counted:
    """The statements one call sent to the database, as they were written."""

    statements: list[str] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith("BEGIN"):
            self.statements.append(sql)
        return execute(sql, params, many, context)


@contextmanager
def counting() -> Iterator[Counted]:
    counted = Counted()
    with connection.execute_wrapper(counted):
        yield counted


class DatabaseClock:
    """CPU of the database process that serves us, in nanoseconds; 0 where it is not on this machine."""

    def __init__(self) -> None:
        self.path: Path | None = None
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                path = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
            self.path = path if path.exists() else None

    def __call__(self) -> int:
        return int(self.path.read_text().split()[0]) if self.path else 0


def handler(middleware: list[str]) -> WSGIHandler:
    """The whole of Django with this middleware; two may stand side by side in one process."""
    with override_settings(MIDDLEWARE=middleware):
        return WSGIHandler()


@dataclass
class Answer:
    status: int
    body: bytes


@dataclass
class Call:
    """One request that can be made again and again; `body` is asked anew each time."""

    name: str
    app: WSGIHandler
    url: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: Callable[[], tuple[str, bytes]] | None = None
    expected: int = 200

    def __call__(self) -> Answer:
        url, content = self.body() if self.body else (self.url, b"")
        return self.send(self.environ(url, content))

    def environ(self, url: str, content: bytes) -> dict[str, Any]:
        parts = urlsplit(url)
        return {
            "REQUEST_METHOD": self.method,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "HTTP_HOST": settings.SITE_HOST,
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(content)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(content),
            "wsgi.errors": io.StringIO(),
            **self.headers,
        }

    def send(self, environ: dict[str, Any]) -> Answer:
        response: Any = self.app(environ, lambda status, headers, error=None, /: lambda written: None)
        body = b"".join(response)
        response.close()
        return Answer(response.status_code, body)

    def timed(self, database: DatabaseClock) -> tuple[int, int]:
        """CPU of our thread, and of the database, in nanoseconds."""
        url, content = self.body() if self.body else (self.url, b"")
        environ, before = self.environ(url, content), database()
        began = time.thread_time_ns()
        answer = self.send(environ)
        ours = time.thread_time_ns() - began
        if answer.status != self.expected:
            raise AssertionError(f"{self.name} answered {answer.status}: {answer.body[:500]!r}")
        return ours, database() - before


@dataclass(frozen=True)
class Cost:
    """Milliseconds of CPU: ours, and the database's."""

    ours: float
    theirs: float

    @property
    def both(self) -> float:
        return self.ours + self.theirs


def almost_best(values: list[int]) -> float:
    """In milliseconds, from nanoseconds."""
    return sorted(values)[int(len(values) * ALMOST_BEST)] / 1e6


def round_robin(calls: list[Call], rounds: int) -> dict[str, Cost]:
    """Each call once a round, so that whatever slows the machine slows them all."""
    database = DatabaseClock()
    for call in calls:
        for _ in range(3):
            call.timed(database)
    ours: dict[str, list[int]] = {call.name: [] for call in calls}
    theirs: dict[str, list[int]] = {call.name: [] for call in calls}
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        for call in calls:
            mine, database_time = call.timed(database)
            ours[call.name].append(mine)
            theirs[call.name].append(database_time)
    return {call.name: Cost(almost_best(ours[call.name]), almost_best(theirs[call.name])) for call in calls}
