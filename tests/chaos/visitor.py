"""The clinic's pages by their real server, and a client who opens them and sends a log by form."""

import contextlib
import http.client
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.test import Client as Browser

from accounts.people.models import Client
from clinic.running.broker import free_port
from tests.chaos.reports import SCORE
from tests.chaos.stage import listens, process, wait_for

SERVER = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--workers", "1", "--blocking-threads", "4"]
SERVER += ["--no-ws", "--log-level", "warning"]
FORM_KEY = "k" * 32  # the form's key beside the cookie's: the same


@contextlib.contextmanager
def pages(application: str = "clinic.wsgi:application") -> Iterator[int]:
    """The port where the Procfile's own server answers."""
    port = free_port()
    with process(*SERVER, "--port", str(port), application, log="web.log"):
        wait_for(lambda: listens(port), "the pages answer", 30)
        yield port


@dataclass(frozen=True)
class Answered:
    status: int
    seconds: float
    words: str


@dataclass
class Visitor:
    """A signed-in client at the server on this port; keeps how each request went."""

    client: Client
    port: int
    answers: list[Answered] = field(default_factory=list)

    def __post_init__(self) -> None:
        browser = Browser()
        browser.force_login(self.client.user)
        sitting = browser.cookies[settings.SESSION_COOKIE_NAME].value
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={sitting}; {settings.CSRF_COOKIE_NAME}={FORM_KEY}"

    def ask(self, verb: str, path: str, body: str = "", *, kind: str = "") -> Answered:
        began = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            headers = {"Cookie": self.cookies, "X-CSRFToken": FORM_KEY, **({"Content-Type": kind} if kind else {})}
            line.request(verb, path, body or None, headers)
            answer = line.getresponse()
            words = answer.read().decode()
        finally:
            line.close()
        self.answers.append(Answered(answer.status, time.monotonic() - began, words))
        return self.answers[-1]

    def opens_today(self) -> Answered:
        return self.ask("GET", "/today/")

    def checks_in(self, uuid: UUID | None = None, *, note: str = "") -> Answered:
        """Sends the form of a check-in that opens a case, with what the page asks at such a score answered."""
        typed = {"log": str(uuid or uuid4()), "now_score": str(SCORE), "can_wait": "yes", "note": note}
        return self.ask("POST", "/check-in/", urlencode(typed), kind="application/x-www-form-urlencoded")
