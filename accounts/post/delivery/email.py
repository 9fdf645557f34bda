"""Letters by SMTP, in our own order of steps: offer, commit, give.

Django's mail backend gives sender, recipient and text in one call; a crash inside it can't be told
from a crash before it. Here the line between safe and ambiguous is the DATA command.
"""

import contextlib
import datetime as dt
import smtplib
import ssl
from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ..models import Letter
from ..querysets import address_of
from ..rules import AttemptEnd, end_of_code
from .channel import Answer, Channel, NotTaken, Wording
from .wording import compose, write

OK_TO_SEND_TEXT = 354
LONGEST_WORDS = 300


def _answer(code: int, words: bytes) -> Answer:
    text = words.decode("utf-8", "replace").replace("\n", " ")[:LONGEST_WORDS]
    try:
        return Answer(end_of_code(code), code, text)
    except ValueError:
        return Answer(AttemptEnd.POSTPONED, None, f"an answer that makes no sense: {text}"[:LONGEST_WORDS])


class EmailChannel(Channel):
    """One SMTP connection, opened at the first offer and kept for the letters that follow.

    `host` and `port` name another mail server than the one of the settings.
    """

    name = "email"
    label = _("Email")

    @classmethod
    def address_for(cls, letter: Letter) -> str:
        return address_of(letter)

    @classmethod
    def write(cls, letter: Letter) -> Wording:
        return write(letter)

    @classmethod
    def compose(cls, letter: Letter, *, now: dt.datetime) -> bytes:
        return compose(letter)

    def __init__(self, *, host: str = "", port: int = 0) -> None:
        self._host, self._port = host or settings.EMAIL_HOST, port or settings.EMAIL_PORT
        self._line: smtplib.SMTP | None = None

    def offer(self, *, address: str) -> None:
        if not address.isascii():
            # Without SMTPUTF8 such an address can't be said at all; few servers of clinics speak it.
            raise NotTaken(Answer(AttemptEnd.REFUSED, None, "the address has letters that mail cannot carry"))
        fresh = self._line is None
        line = self._connected()
        try:
            self._envelope(line, address)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._hang_up()
            if fresh:
                raise NotTaken(Answer(AttemptEnd.POSTPONED, None, f"the line broke: {type(error).__name__}")) from error
            # A server may close a line it has kept open; a new one gets one chance.
            self.offer(address=address)

    def _envelope(self, line: smtplib.SMTP, address: str) -> None:
        for code, words in (
            line.mail(parseaddr(settings.DEFAULT_FROM_EMAIL)[1]),
            line.rcpt(address),
        ):
            answer = _answer(code, words)
            if answer.end is not AttemptEnd.ACCEPTED:
                self.withdraw()
                raise NotTaken(answer)

    def give(self, message: bytes) -> Answer:
        line = self._line
        if line is None:
            return Answer(AttemptEnd.POSTPONED, None, "the line was closed")
        try:
            code, words = line.docmd("DATA")
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            return Answer(AttemptEnd.POSTPONED, None, f"the line broke before the text: {type(error).__name__}")
        if code != OK_TO_SEND_TEXT:
            self.withdraw()
            return _answer(code, words)
        try:
            line.send(_stuffed(message))
            code, words = line.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            return Answer(AttemptEnd.UNANSWERED, None, f"no answer after the text: {type(error).__name__}")
        if code < 0:
            self._hang_up()
            return Answer(AttemptEnd.UNANSWERED, None, "no answer after the text")
        return _answer(code, words)

    def withdraw(self) -> None:
        if self._line is None:
            return
        try:
            self._line.rset()
        except (smtplib.SMTPException, OSError):
            self._hang_up()

    def close(self) -> None:
        if self._line is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._line.quit()
        self._hang_up()

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None

    def _connected(self) -> smtplib.SMTP:
        if self._line is not None:
            return self._line
        try:
            self._line = self._connect()
        except smtplib.SMTPAuthenticationError as error:
            raise NotTaken(
                Answer(AttemptEnd.UNREACHABLE, error.smtp_code, "the mail server refused our password")
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            words = f"the mail server is not there: {type(error).__name__}"
            raise NotTaken(Answer(AttemptEnd.UNREACHABLE, None, words)) from error
        return self._line

    def _connect(self) -> smtplib.SMTP:
        options = {"timeout": settings.EMAIL_TIMEOUT, "local_hostname": settings.MESSAGE_ID_DOMAIN}
        if settings.EMAIL_USE_SSL:
            line: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, context=ssl.create_default_context(), **options
            )
        else:
            line = smtplib.SMTP(self._host, self._port, **options)
        try:
            if settings.EMAIL_USE_TLS:
                line.starttls(context=ssl.create_default_context())
            line.ehlo_or_helo_if_needed()
            if settings.EMAIL_HOST_USER:
                line.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        except (smtplib.SMTPException, OSError):
            line.close()
            raise
        return line


def _stuffed(message: bytes) -> bytes:
    """The text as it goes over the line: CRLF, dots doubled, closed by a line with one dot."""
    lines = message.replace(b"\r\n", b"\n").split(b"\n")
    if lines and lines[-1] == b"":
        lines.pop()
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"
