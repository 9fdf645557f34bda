"""What must be true of this machine before anything of ours can be imported?

Run by `make` with whatever `python3` is there, so it uses the standard library alone and syntax
that an old Python can still read: a reader on Python 3.9 gets a sentence, not a SyntaxError.

    environment.py setup          makes .venv with what the site needs
    environment.py setup --dev    the same, with what the tests and checks need
    environment.py run            the same, then becomes clinic.running.stack
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
VAR = ROOT / "var"
LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
STAMP = VENV / "installed-from"
OLDEST = (3, 11)


class CannotStart(Exception):
    """One sentence (or two) that tells the reader what to do."""


def check_python(version: tuple[int, ...], name: str) -> None:
    """Raises CannotStart when this Python is older than the oldest we support."""
    if tuple(version[:2]) < OLDEST:
        found = ".".join(str(part) for part in version[:3])
        raise CannotStart(
            f"Unknot needs Python 3.11 or newer, and {name} here is {found}."
            " Install a newer one, or name it: make run PYTHON=python3.12"
        )


def check_venv_module() -> None:
    """Raises CannotStart where a distribution split `venv` off (Debian does)."""
    try:
        import ensurepip  # noqa: F401, PLC0415
        import venv  # noqa: F401, PLC0415
    except ImportError:
        raise CannotStart(
            "This Python comes without its venv module. On Debian or Ubuntu install it with"
            " `apt install python3-venv`, then try again."
        ) from None


def chosen_port(text: str) -> int:
    """The port a person asked for with PORT. Raises CannotStart when it is not one."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise CannotStart(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def check_port_is_free(port: int) -> None:
    """Raises CannotStart when something already listens there, or we may not."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as problem:
            if problem.errno == errno.EACCES:
                raise CannotStart(
                    f"You may not listen on port {port}. Choose one above 1023: make run PORT=8001"
                ) from None
            raise CannotStart(
                f"Port {port} is already in use. Stop what listens there, or choose another:"
                f" make run PORT={port + 1 if port < 65535 else 8000}"
            ) from None


def take_the_only_seat() -> int:
    """Hold var/run.lock for as long as we live; the descriptor survives exec.

    Raises CannotStart when another copy of this folder runs: two of them would share one
    database and one broker.
    """
    VAR.mkdir(mode=0o700, exist_ok=True)
    seat = os.open(VAR / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(seat, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(seat, 20).decode().strip() or "unknown"
        raise CannotStart(
            f"This clinic is already running from this folder (process {holder})."
            " Stop it first, or make a second clone."
        ) from None
    os.ftruncate(seat, 0)
    os.write(seat, str(os.getpid()).encode())
    os.set_inheritable(seat, True)
    return seat


def digest_of_locks() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for lock in (LOCK, DEV_LOCK):
        digest.update(lock.read_bytes())
    return digest.hexdigest()


def installed_for(level: str) -> bool:
    """Is .venv already what the lock says? The dev environment holds the plain one whole."""
    if not (VENV / "bin" / "python").exists() or not STAMP.exists():
        return False
    had_level, _, had_digest = STAMP.read_text().partition(" ")
    return had_digest == digest_of_locks() and (had_level == "dev" or had_level == level)


def pinned_block(name: str, lock: Path) -> str:
    """The lines of one package in a lock file, hashes and all."""
    lines = []
    taking = False
    for line in lock.read_text().splitlines():
        if not line.startswith((" ", "#")):
            taking = line.startswith(name + "==")
        if taking and not line.lstrip().startswith("#"):
            lines.append(line)
    return "\n".join(lines) + "\n"


def install_environment(level: str) -> None:
    """Make .venv hold exactly pinned, hash-checked packages. Raises CannotStart when it can't."""
    if installed_for(level):
        return
    if STAMP.exists() and STAMP.read_text().startswith("dev "):
        level = "dev"
    lock = DEV_LOCK if level == "dev" else LOCK
    say("Installing the packages of " + lock.name + " into .venv (once; about half a minute) ...")
    python = str(VENV / "bin" / "python")
    if not Path(python).exists():
        run([sys.executable, "-m", "venv", str(VENV)], "making the virtual environment")
    STAMP.unlink(missing_ok=True)
    if not installed_by_uv(python, lock):
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "-r", str(lock)], "installing the packages")
    STAMP.write_text(f"{level} {digest_of_locks()}")


def installed_by_uv(python: str, lock: Path) -> bool:
    """Try the quick installer, itself pinned and hash-checked; False when pip has to do it."""
    environ = dict(os.environ, UV_SYSTEM_CERTS="1")
    # Whoever pointed pip at a mirror or a certificate means uv as well.
    if "PIP_INDEX_URL" in environ:
        environ.setdefault("UV_DEFAULT_INDEX", environ["PIP_INDEX_URL"])
    if "PIP_CERT" in environ:
        environ.setdefault("SSL_CERT_FILE", environ["PIP_CERT"])
    uv = VENV / "bin" / "uv"
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "uv.lock.txt"
        wanted.write_text(pinned_block("uv", DEV_LOCK))
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        got = subprocess.run([*pip, "--require-hashes", "-r", str(wanted)], check=False)
    if got.returncode != 0 or not uv.exists():
        return False
    install = [str(uv), "pip", "install", "--quiet", "--python", python, "--compile-bytecode"]
    done = subprocess.run([*install, "--require-hashes", "-r", str(lock)], check=False, env=environ)
    return done.returncode == 0


def run(command: list[str], doing: str) -> None:
    if subprocess.run(command, check=False).returncode != 0:
        raise CannotStart(f"It stopped while {doing}; the lines above say why. Mend that and run it again.")


def say(sentence: str) -> None:
    print(sentence, flush=True)


def become_the_stack() -> NoReturn:
    """Check this machine, install what is missing, and hand this process over."""
    port = chosen_port(os.environ.get("PORT") or "8000")
    take_the_only_seat()
    check_port_is_free(port)
    install_environment("run")
    os.environ.update(DEMO="1", PORT=str(port))
    os.chdir(ROOT)
    python = str(VENV / "bin" / "python")
    os.execv(python, [python, "-m", "clinic.running.stack"])  # the seat goes along


def main(arguments: list[str]) -> int:
    try:
        check_python(tuple(sys.version_info[:3]), os.path.basename(sys.executable))
        check_venv_module()
        if arguments == ["run"]:
            become_the_stack()
        if arguments not in (["setup"], ["setup", "--dev"]):
            raise CannotStart("Say one of: setup, setup --dev, run.")
        install_environment("dev" if "--dev" in arguments else "run")
    except CannotStart as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
