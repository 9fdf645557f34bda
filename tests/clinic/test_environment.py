"""`make run` on machines that lack something: one clear sentence, and exit code 1."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from clinic.running import environment
from clinic.running.environment import CannotStart

SOURCE = Path(environment.__file__)


@pytest.fixture
def clone(tmp_path):
    """A folder that looks like a clone as far as the first step can see."""
    folder = tmp_path / "clone"
    (folder / "clinic" / "running").mkdir(parents=True)
    shutil.copy(SOURCE, folder / "clinic" / "running")
    return folder


def start(clone, *arguments, **variables):
    script = clone / "clinic" / "running" / "environment.py"
    return subprocess.run(
        [sys.executable, str(script), *arguments],
        env={"PATH": os.environ["PATH"], "HOME": str(clone), **variables},
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_an_old_python_gets_a_sentence():
    with pytest.raises(CannotStart, match=r"needs Python 3\.11 or newer, and python3 here is 3\.9\.2"):
        environment.check_python((3, 9, 2), "python3")


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 13, 1), (4, 0, 0)])
def test_a_newer_python_is_welcome(version):
    environment.check_python(version, "python3")


def test_a_python_without_venv_is_told_which_package_to_install(clone, tmp_path):
    (tmp_path / "ensurepip.py").write_text("raise ImportError")
    ended = start(clone, "run", PYTHONPATH=str(tmp_path))
    assert ended.returncode == 1
    assert "apt install python3-venv" in ended.stderr


def test_a_busy_port_is_named(clone):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        ended = start(clone, "run", PORT=str(port))
    assert ended.returncode == 1
    assert f"Port {port} is already in use" in ended.stderr
    assert "make run PORT=" in ended.stderr


@pytest.mark.parametrize("text", ["eight", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none_is_refused(clone, text):
    ended = start(clone, "run", PORT=text)
    assert ended.returncode == 1
    assert "PORT must be a number from 1 to 65535" in ended.stderr


def test_a_second_copy_is_refused_and_told_who_runs(clone):
    (clone / "var").mkdir()
    with (clone / "var" / "run.lock").open("w+") as seat:
        seat.write("4711")
        seat.flush()
        fcntl.flock(seat, fcntl.LOCK_EX)
        ended = start(clone, "run")
    assert ended.returncode == 1
    assert "already running from this folder (process 4711)" in ended.stderr


def test_a_refusal_is_one_sentence_and_no_traceback(clone):
    ended = start(clone, "run", PORT="eight")
    assert len(ended.stderr.strip().splitlines()) == 1


def test_an_unknown_word_is_answered(clone):
    ended = start(clone, "fly")
    assert ended.returncode == 1
    assert "setup" in ended.stderr


def test_a_pinned_block_keeps_its_hashes(tmp_path):
    lock = tmp_path / "some.lock"
    lock.write_text("uvloop==1 \\\n    --hash=sha256:aa\nuv==2 \\\n    --hash=sha256:bb\n    # via -r x\nvine==3\n")
    assert environment.pinned_block("uv", lock) == "uv==2 \\\n    --hash=sha256:bb\n"


def test_the_lock_pins_the_installer():
    block = environment.pinned_block("uv", environment.DEV_LOCK)
    assert block.startswith("uv==")
    assert "--hash=sha256:" in block
