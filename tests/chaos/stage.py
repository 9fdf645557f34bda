"""Real processes for the tests of the engine: a database, a broker, a mail sink, worker and beat.

A play runs in a process of its own (`python -m tests.chaos.<play>`), because the database of the
test run is not one that other processes can see.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path

from clinic.running.broker import free_port
from tests.processes import scratch_database

ROOT = Path(__file__).resolve().parents[2]


def play(module: str, folder: Path, *, seconds: float, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a play to its end; its folder is short enough for a socket."""
    with scratch_database(folder) as address:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
            "DATABASE_URL": address,
            "SECRET_KEY": "a-secret-for-one-play-of-the-tests-and-nothing-else",
            "DJANGO_SETTINGS_MODULE": "clinic.settings",
            "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}",
            "PLAY_FOLDER": str(folder),
            "PYTHONPATH": str(ROOT),
            **more,
        }
        return subprocess.run(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=environment,
            timeout=seconds,
            capture_output=True,
            text=True,
            check=False,
        )


@contextlib.contextmanager
def short_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="u") as name:
        yield Path(name)


# What a play itself uses


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


@contextlib.contextmanager
def mail_sink(port: int, folder: Path) -> Iterator[None]:
    with process("-m", "clinic.running.mail_sink", str(port), str(folder), log="sink.log"):
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


def arrived(folder: Path) -> list[tuple[str, str]]:
    """(Message-ID, To) of every letter in the sink, in the order of arrival, doubles included."""
    found = []
    for path in sorted(folder.glob("*.eml")):
        message = message_from_bytes(path.read_bytes())
        found.append((message["Message-ID"], message["To"]))
    return found
