"""Where do letters go on a machine that must not send any?

A mail server on loopback that answers like a real one and writes each letter to a folder as
`<time>-<n>.eml`. It runs as its own process, so that the letters went through SMTP and not past it.

    python -m clinic.running.mail_sink PORT FOLDER
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_LETTER = 5 * 1024 * 1024  # bytes


class FolderHandler:
    """Writes whole letters only: a reader never finds half of one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    async def handle_DATA(  # noqa: N802 (the name is aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.keep(envelope)
        return "250 2.0.0 kept"

    def keep(self, envelope: Envelope) -> None:
        self.count += 1
        name = f"{time.time_ns() // 1000:017d}-{self.count:06d}"
        half = self.folder / f".{name}"
        content = envelope.content or b""
        header = f"X-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n".encode()
        with half.open("wb") as letter:
            letter.write(header + (content if isinstance(content, bytes) else content.encode()))
            letter.flush()
            os.fsync(letter.fileno())
        half.rename(self.folder / f"{name}.eml")


def serve(port: int, folder: Path) -> None:
    """Until SIGTERM or SIGINT."""
    folder.mkdir(parents=True, exist_ok=True)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    controller = Controller(
        FolderHandler(folder),
        hostname="127.0.0.1",
        port=port,
        data_size_limit=LARGEST_LETTER,
    )
    controller.start()
    print(f"keeping letters in {folder.name}/", flush=True)
    ended.wait()
    controller.stop()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
