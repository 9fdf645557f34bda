"""The clinic's own processes for a test: web, worker, beat and mail on a scratch database and a broker of their own."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

from clinic.running.broker import embedded_broker, free_port
from clinic.running.stack import processes_of
from tests.architecture.tree import ROOT

COMMANDS = processes_of(ROOT / "Procfile")


@dataclass
class Site:
    """One running installation; everything is asked from outside, as a person or a machine would."""

    folder: Path
    environ: dict[str, str]
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.environ['PORT']}"

    @property
    def mail(self) -> Path:
        return self.folder / "mail"

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """A line of the Procfile, in a session of its own; what it says goes to <name>.log."""
        command = COMMANDS[name].replace("var/mail", str(self.mail))
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command, shell=True, cwd=ROOT, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """As a power cut would: no goodbye."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def play(self, scene: str) -> Any:
        """Run `main()` of a module of tests/ inside the site; what it returns comes back as JSON."""
        code = f"import django; django.setup(); import json; from {scene} import main; print(json.dumps(main()))"
        environ = {**self.environ, "DJANGO_SETTINGS_MODULE": "clinic.settings"}
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """What the database holds, read from outside."""
        if path := re.match(r"sqlite:///(.+)", self.environ["DATABASE_URL"]):
            with closing(sqlite3.connect(f"file:{path[1]}?mode=ro", uri=True, timeout=20)) as reader:
                return reader.execute(question).fetchall()
        with psycopg.connect(self.environ["DATABASE_URL"]) as connection:
            return connection.execute(question).fetchall()  # type: ignore[arg-type]

    def call(self, method: str, path: str, token: str, body: Any = None) -> tuple[int, Any]:
        """One API request: its status and its answer."""
        request = urllib.request.Request(
            self.address + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Token {token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read() or b"null")

    def status(self, path: str) -> int:
        """The HTTP status of a page; 0 when nobody answers."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            return 0

    def letters(self) -> list[str]:
        return [path.read_text() for path in sorted(self.mail.glob("*.eml"))]

    def empty_the_broker(self) -> None:
        url = self.environ.get("REDIS_URL")
        with (
            redis.Redis.from_url(url) if url else redis.Redis(unix_socket_path=self.environ["VALKEY_SOCKET"]) as client
        ):
            client.flushdb()


def eventually(question: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """The first true answer within so many seconds; fails naming what never came."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.2)
    raise AssertionError(f"within {seconds:.0f} s there was no {what}")


@contextmanager
def scratch_database(folder: Path) -> Iterator[str]:
    """A DATABASE_URL of this test alone, on the server the suite runs on."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{folder / 'unknot.sqlite3'}"
        return
    name = f"unknot_scene_{os.getpid()}_{time.time_ns()}"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"create database {name}")  # type: ignore[arg-type]
        try:
            yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        finally:
            server.execute(f"drop database {name} with (force)")  # type: ignore[arg-type]


@contextmanager
def scratch_broker(folder: Path) -> Iterator[dict[str, str]]:
    """The variables of a broker of this test alone."""
    if given := os.environ.get("REDIS_URL"):
        worker = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "0")) or 0)
        url = urlunsplit(urlsplit(given)._replace(path=f"/{10 + worker}"))
        with redis.Redis.from_url(url) as client:
            client.flushdb()
        yield {"REDIS_URL": url}
        return
    with embedded_broker(folder / "broker") as broker:
        yield broker.environ


@contextmanager
def scratch_site(folder: Path) -> Iterator[Site]:
    """An empty, migrated installation; what a test starts on it ends with the block."""
    with ExitStack() as stack:
        mail_port = free_port()
        environ = {
            "HOME": str(folder),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONWARNINGS": "ignore",
            "SECRET_KEY": "only-for-this-test-" * 4,
            "PORT": str(free_port()),
            "MAIL_PORT": str(mail_port),
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "DATABASE_URL": stack.enter_context(scratch_database(folder)),
            **stack.enter_context(scratch_broker(folder)),
        }
        site = Site(folder, environ)
        site.manage("migrate", "--verbosity", "0")
        try:
            yield site
        finally:
            for process in site.running:
                site.kill(process)
