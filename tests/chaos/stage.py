"""Real processes for the tests of the engine: a database, a broker, a mail sink, worker and beat.

A play runs in a process of its own (`python -m tests.chaos.starting <play>`), because the database of the
test run is not one that other processes can see.
"""

import contextlib
import datetime as dt
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from clinic.running.broker import free_port
from tests.processes import scratch_database

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("PLAY_FOLDER", "."))
"""Where a play keeps what it writes; each has its own."""


def play(module: str, folder: Path, *, seconds: float, like: str = "", alone: bool = False, **more: str) -> str:
    """Run a play to its end and answer what it said; its folder is short enough for a socket.

    `like`: the database that its own begins as a copy of; without one it makes the tables itself.
    `alone`: on the embedded database, whatever DATABASE_URL says.

    Raises:
        AssertionError: it failed; the words are its own.
    """
    with scratch_database(folder, like=like, alone=alone) as address:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
            "DATABASE_URL": address,
            "SECRET_KEY": "a-secret-for-one-play-of-the-tests-and-nothing-else",
            "DJANGO_SETTINGS_MODULE": "clinic.settings",
            "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}",
            "PLAY_FOLDER": str(folder),
            "PYTHONPATH": str(ROOT),
            "IS_COPIED": "1" if like else "",
            **more,
        }
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "tests.chaos.starting", module],
            cwd=ROOT,
            env=environment,
            timeout=seconds,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-9000:] + done.stderr[-6000:]
    return done.stdout


@contextlib.contextmanager
def short_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="u") as name:
        yield Path(name)


# What a play itself uses


def size(name: str, default: int) -> int:
    """A size of the play, from its environment."""
    return int(os.environ.get(name, default))


@contextlib.contextmanager
def copied() -> Iterator[None]:
    """Goes on in a copy of the play's database; at the end that is gone, and the one from before is there."""
    connection.close()
    kept = connection.settings_dict["NAME"]
    folder = Path(tempfile.mkdtemp(dir=FOLDER))
    with scratch_database(folder, like=os.environ["DATABASE_URL"]) as address:
        connection.settings_dict["NAME"] = urlsplit(address).path[1:]
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = kept


@contextlib.contextmanager
def process(*command: str, log: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process group of its own; killed at the end, whatever happened."""
    with (Path(os.environ["PLAY_FOLDER"]) / log).open("ab") as words:
        started = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, stdout=words, stderr=words, start_new_session=True
        )
    try:
        yield started
    finally:
        kill(started)


def kill(started: subprocess.Popen[bytes]) -> None:
    """SIGKILL for the whole group: no process of it gets a word in."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(started.pid, signal.SIGKILL)
    started.wait()


class Sink:
    """The mail server of a play, and its own log of what came."""

    def __init__(self, folder: Path) -> None:
        self.log, self.mode_file = folder / "sink.jsonl", folder / "sink.mode"
        self.log.touch()
        self.begins_at = 0
        self.behaves("kind")

    def behaves(self, mode: str) -> None:
        half = self.mode_file.with_suffix(".half")
        half.write_text(mode)
        half.rename(self.mode_file)

    def rows(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()[self.begins_at :]]

    def begin(self) -> None:
        """What came until now belongs to an earlier scene."""
        self.begins_at += len(self.rows())

    def counts(self) -> Counter[str]:
        """How often each Message-ID came."""
        return Counter(row["id"] for row in self.rows())

    @contextlib.contextmanager
    def serving(self, port: int) -> Iterator[None]:
        command = ["-m", "tests.chaos.sink", str(port), str(self.log), str(self.mode_file)]
        with process(*command, log="sink.log"):
            wait_for(lambda: listens(port), "the mail sink listens", 15)
            yield


def listens(port: int) -> bool:
    with socket.socket() as line:
        line.settimeout(1)
        return line.connect_ex(("127.0.0.1", port)) == 0


def wait_for(true: Callable[[], object], what: str, seconds: float) -> None:
    """Raises AssertionError naming what did not come in time, with the ends of all logs."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return
        time.sleep(0.05)
    for log in Path(os.environ["PLAY_FOLDER"]).glob("*.log"):
        print(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}")
    raise AssertionError(f"not within {seconds} s: {what}")


def seconds_between(earlier: dt.datetime, later: dt.datetime) -> float:
    return (later - earlier).total_seconds()
