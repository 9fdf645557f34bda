"""How do the clinic's processes start together and all end together?

The broker first, then the database and its content, then the lines of the Procfile under honcho.
This adds what a person at a terminal expects: a closed terminal ends them too, nothing outlives
three seconds of asking, and the address is printed once the site really answers. It imports no
Django: it only watches.

    python -m clinic.running.stack      (environment.py becomes this)
"""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from subprocess import Popen
from typing import Any, NoReturn

import redis
from honcho import manager as honcho_manager
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from clinic.running.broker import BrokerUnavailable, embedded_broker, free_port
from clinic.running.environment import CannotStart, check_port_is_free

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
USUAL_MAIL_PORT = 2525
SECONDS_TO_STOP = 3
SECONDS_TO_ANSWER = 120


class Stack(Manager):
    """Honcho's manager with a broker beneath it and a word when the site is ready."""

    _processes: dict[str, dict[str, Any]]

    def __init__(self, broker: Popen[bytes] | None, ready_url: str, greet: Callable[[], str]) -> None:
        super().__init__(Printer(sys.stdout, colour=sys.stdout.isatty()))
        self.broker = broker
        self.ready_url = ready_url
        self.greet = greet
        honcho_manager.KILL_WAIT = SECONDS_TO_STOP

    def _start(self) -> None:
        super()._start()
        signal.signal(signal.SIGHUP, self._hang_up)
        # Threads begin after the forks above: a fork of a threaded process may deadlock.
        threading.Thread(target=self._say_when_ready, daemon=True).start()
        if self.broker is not None:
            threading.Thread(target=self._end_with_the_broker, daemon=True).start()

    def _hang_up(self, *_: Any) -> None:
        self.returncode = 129
        self.terminate()

    def _say_when_ready(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while time.monotonic() < deadline and not self._terminating:
            try:
                with urllib.request.urlopen(self.ready_url, timeout=5):  # noqa: S310 (loopback)
                    break
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        else:
            return
        print(self.greet(), flush=True)

    def _end_with_the_broker(self) -> None:
        assert self.broker is not None
        self.broker.wait()
        if not self._terminating:
            self._system_print("the broker ended by itself; var/broker.log says why\n")
            self.returncode = 1
            self.terminate()

    def _killall(self, force: bool = False) -> None:
        """Signal what has started; what has not yet a pid is met by the kill that follows."""
        starting = {name: row for name, row in self._processes.items() if "pid" not in row}
        self._processes = {n: row for n, row in self._processes.items() if n not in starting}
        try:
            super()._killall(force)
        finally:
            self._processes |= starting


def processes_of(procfile: Path) -> dict[str, str]:
    """Name and command of each line of the Procfile."""
    return dict(parse_procfile(procfile.read_text()).processes)


def mail_port() -> int:
    """The usual port of the mail sink, or another when somebody holds that one."""
    try:
        check_port_is_free(USUAL_MAIL_PORT)
    except CannotStart:
        return free_port()
    return USUAL_MAIL_PORT


def check_broker_answers(url: str) -> None:
    """Raises CannotStart when REDIS_URL names a broker that is not there; its password stays unsaid."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3) as client:
            client.ping()
    except (redis.RedisError, ValueError) as problem:
        kind = type(problem).__name__
        raise CannotStart(
            f"REDIS_URL is set, but no broker answers there ({kind}). Start it, or unset REDIS_URL to use our own."
        ) from None


def prepare(variables: dict[str, str]) -> str:
    """Bring database and content up to date; answers who can sign in.

    Raises:
        CannotStart: when that failed; its own words stand above.
    """
    command = [sys.executable, str(ROOT / "manage.py"), "prepare"]
    done = subprocess.run(command, check=False, env=variables, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise CannotStart("The database could not be prepared; the lines above say why.")
    return done.stdout


def run(variables: dict[str, str]) -> int:
    """Everything, until somebody stops it. Answers the exit code."""
    commands = processes_of(ROOT / "Procfile")
    address = f"http://127.0.0.1:{variables['PORT']}"
    with ExitStack() as running:
        broker = None
        if variables.get("REDIS_URL"):
            check_broker_answers(variables["REDIS_URL"])
        else:
            embedded = running.enter_context(embedded_broker(VAR))
            broker = embedded.process
            variables.update(embedded.environ)
        who = prepare(variables)
        # Making the demo takes a minute: a port that was free before it may be somebody's by now.
        check_port_is_free(int(variables["PORT"]))
        if variables.get("EMAIL_URL"):
            del commands["mail"]
        else:
            variables["MAIL_PORT"] = str(mail_port())
            variables["EMAIL_URL"] = f"smtp://127.0.0.1:{variables['MAIL_PORT']}"
        greeting = f"\nUnknot is ready: {address}\n\n{who}\nCtrl-C stops everything.\n"
        stack = Stack(broker, f"{address}/health/ready", lambda: greeting)
        for name, command in commands.items():
            stack.add_process(name, command, env=variables, cwd=str(ROOT))
        stack.loop()
    # Asked to stop is what we were here for, not a failure.
    return 0 if stack.returncode in {129, 130, 143} else int(stack.returncode or 0)


def leave(number: int, _frame: Any) -> NoReturn:
    """Until honcho listens, an end asked for still takes the broker along."""
    sys.exit(128 + number)


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, leave)
    variables = dict(os.environ)
    # The demo's worker may run as root on a throw-away machine; Celery's page about that helps nobody here.
    variables.setdefault("PYTHONWARNINGS", "ignore:You're running the worker")
    variables["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{variables.get('PATH', '')}"
    try:
        return run(variables)
    except (BrokerUnavailable, CannotStart) as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
