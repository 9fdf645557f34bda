"""A PostgreSQL server of a play's own: made, started and killed with all of its processes, again and again."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from clinic.running.broker import free_port

SERVER_USER = "postgres"
# PostgreSQL refuses to be run by root.
AS_ITS_USER: dict[str, Any] = {"user": SERVER_USER, "group": SERVER_USER} if os.geteuid() == 0 else {}
SECONDS_TO_START = 60.0


def server_folder() -> Path | None:
    """Where initdb and postgres lie, the newest version first; None where this machine has no server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if config := shutil.which("pg_config"):
        told = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True)
        found.insert(0, Path(told.stdout.strip()))
    return next((each for each in found if (each / "initdb").exists() and (each / "postgres").exists()), None)


@dataclass
class Cluster:
    binaries: Path
    folder: Path
    port: int
    server: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        self.folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(self.folder, SERVER_USER)
        make = [str(self.binaries / "initdb"), "-D", str(self.folder), "-U", SERVER_USER, "-A", "trust", "-E", "UTF8"]
        subprocess.run([*make, "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd="/", **AS_ITS_USER)

    def start(self) -> None:
        """Start it and wait until it answers; what was killed is recovered from its log first."""
        deadline = time.monotonic() + SECONDS_TO_START
        options = ["-D", str(self.folder), "-p", str(self.port), "-c", "listen_addresses=127.0.0.1"]
        command = [
            str(self.binaries / "postgres"),
            *options,
            "-c",
            "unix_socket_directories=",
            "-c",
            "max_connections=40",
        ]
        while time.monotonic() < deadline:
            with self.folder.with_suffix(".log").open("ab") as words:
                server = subprocess.Popen(command, stdout=words, stderr=words, cwd="/", **AS_ITS_USER)
            while server.poll() is None and time.monotonic() < deadline:
                if self.answers():
                    self.server = server
                    return
                time.sleep(0.05)
            time.sleep(0.2)  # a process of the killed one was still there
        raise AssertionError(self.folder.with_suffix(".log").read_text()[-3000:])

    def answers(self) -> bool:
        try:
            psycopg.connect(self.address, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    @property
    def address(self) -> str:
        return f"postgres://{SERVER_USER}@127.0.0.1:{self.port}/postgres"

    def kill(self) -> int:
        """SIGKILL for the postmaster and every process of its; answers how many those were."""
        assert self.server is not None
        os.kill(self.server.pid, signal.SIGSTOP)  # so that it starts no other meanwhile
        family = [self.server.pid, *children_of(self.server.pid)]
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.server.wait()
        return len(family)


def children_of(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


@contextlib.contextmanager
def cluster(binaries: Path, folder: Path) -> Iterator[Cluster]:
    """Running when the block begins; gone when it ends."""
    folder.chmod(0o711)  # its user is another one
    one = Cluster(binaries, folder / "cluster", free_port())
    one.make()
    one.start()
    try:
        yield one
    finally:
        one.kill()
