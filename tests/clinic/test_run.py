"""The whole clinic as processes: it starts, answers, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, suppress
from pathlib import Path

import pytest

from clinic.running import stack
from clinic.running.broker import free_port
from clinic.running.environment import CannotStart
from clinic.running.stack import processes_of
from tests.architecture.tree import ROOT

pytestmark = [
    pytest.mark.processes,
    pytest.mark.timeout(180),
    pytest.mark.skipif(sys.platform != "linux", reason="it looks for left processes in /proc"),
]
SECONDS_TO_STOP = 5
SECONDS_TO_RING = 45


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The code in a folder of its own, with a var/ of its own: the first test starts it new, the next once more."""
    folder = tmp_path_factory.mktemp("clinic")
    for name in ("clinic", "accounts", "plans", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("manage.py", "Procfile"):
        shutil.copy(ROOT / name, folder)
    return folder


def processes_in(folder: Path) -> set[int]:
    """Everything that still works in that folder."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if Path(os.readlink(entry / "cwd")) == folder:
                    found.add(int(entry.name))
    return found


def start(copy: Path, port: int) -> subprocess.Popen[str]:
    variables = {
        "HOME": str(copy),
        "PATH": os.environ["PATH"],
        "PORT": str(port),
        "SECRET_KEY": "only-for-this-test-" * 4,
    }
    command = [sys.executable, "-m", "clinic.running.stack"]
    return subprocess.Popen(
        command,
        cwd=copy,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_for(process: subprocess.Popen[str], words: str) -> str:
    """What it printed up to the line with these words."""
    assert process.stdout is not None
    printed = []
    for line in process.stdout:
        printed.append(line)
        if words in line:
            return "".join(printed)
    raise AssertionError("it ended early and said:\n" + "".join(printed))


def status_of(port: int, page: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def wait_for_a_round(folder: Path) -> None:
    """Beat rang, a worker heard it and ended a round."""
    deadline = time.monotonic() + SECONDS_TO_RING
    asked = "select count(*) from post_heartbeat where by = 'celery' and ended_at is not null"
    with closing(sqlite3.connect(folder / "var" / "unknot.sqlite3")) as database:
        while not database.execute(asked).fetchone()[0]:
            assert time.monotonic() < deadline, "no round of the engine ended"
            time.sleep(0.5)


def test_it_starts_answers_and_leaves_nothing_behind_after_ctrl_c(copy):
    port = free_port()
    with start(copy, port) as process:
        try:
            wait_for(process, f"Unknot is ready: http://127.0.0.1:{port}")
            assert status_of(port, "/health/ready") == 200
            assert len(processes_in(copy)) > len(processes_of(ROOT / "Procfile"))  # and the broker, and who watches
            wait_for_a_round(copy)
            asked = time.monotonic()
            os.killpg(process.pid, signal.SIGINT)
            process.communicate(timeout=30)
            took = time.monotonic() - asked
        finally:
            for left in processes_in(copy):
                with suppress(OSError):
                    os.kill(left, signal.SIGKILL)
    assert took < SECONDS_TO_STOP
    assert process.returncode == 0
    assert processes_in(copy) == set()
    assert not (copy / "var" / "valkey.sock").exists()


def test_a_port_taken_while_the_demo_was_made_gets_a_sentence(tmp_path, monkeypatch):
    """Nothing but the making is left out: somebody takes the port in that minute."""
    monkeypatch.setattr(stack, "VAR", tmp_path)
    with socket.socket() as somebody:

        def make_the_demo(variables):
            somebody.bind(("127.0.0.1", int(variables["PORT"])))
            somebody.listen()
            return ""

        monkeypatch.setattr(stack, "prepare", make_the_demo)
        with pytest.raises(CannotStart, match="already in use"):
            stack.run({"PORT": str(free_port()), "PATH": os.environ["PATH"]})


def test_a_second_clinic_of_this_machine_finds_another_port_for_its_letters():
    with socket.socket() as first:
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):  # a clinic that runs here already holds it for us
            first.bind(("127.0.0.1", stack.USUAL_MAIL_PORT))
            first.listen()
        assert stack.mail_port() != stack.USUAL_MAIL_PORT


def test_a_part_that_dies_takes_the_others_along_and_is_named(copy):
    lines = processes_of(copy / "Procfile")
    (copy / "Procfile").write_text(f"web: {lines['web']}\nmail: {lines['mail']}\n")  # two are enough for this
    with start(copy, free_port()) as process:
        try:
            said = wait_for(process, "Unknot is ready")
            mail = next(line for line in said.splitlines() if "mail started" in line)
            os.kill(int(mail.partition("pid=")[2].rstrip(")")), signal.SIGKILL)
            rest, _ = process.communicate(timeout=30)
        finally:
            for left in processes_in(copy):
                with suppress(OSError):
                    os.kill(left, signal.SIGKILL)
    assert "mail stopped" in rest
    assert process.returncode != 0
