"""A mail server on loopback that behaves as badly as a test asks."""

import asyncio
import contextlib
from collections.abc import Iterator

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from clinic.running.broker import free_port


class Handler:
    """Answers as told; `hang_up` names the step at which it closes the line without a word."""

    def __init__(self, *, mail: str = "", rcpt: str = "", data: str = "", hang_up: str = "") -> None:
        self.mail, self.rcpt, self.data, self.hang_up = mail, rcpt, data, hang_up
        self.taken: list[bytes] = []
        self.lines = 0

    def _gone(self, server: SMTP, step: str) -> bool:
        if self.hang_up == step and server.transport is not None:
            server.transport.abort()
            return True
        return False

    async def handle_EHLO(self, server, session: Session, envelope, hostname, responses):  # noqa: N802
        self.lines += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]):  # noqa: N802
        if self._gone(server, "mail"):
            await asyncio.sleep(1)
        if self.mail:
            return self.mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]):  # noqa: N802
        if self._gone(server, "rcpt"):
            await asyncio.sleep(1)
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope):  # noqa: N802
        self.taken.append(envelope.content)
        if self._gone(server, "dot"):
            await asyncio.sleep(1)
        return self.data or "250 kept"


@contextlib.contextmanager
def mail_server(handler: Handler) -> Iterator[int]:
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
