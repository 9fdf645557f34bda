"""Letters to a browser: one sealed message to its maker's push service, by its own name for the device.

What goes out says only that there is something to open. The line is laid to the very address that was
looked at, so that a name that leads somewhere else a moment later changes nothing.
"""

import contextlib
import datetime as dt
import http.client
import json
import socket
import ssl
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import Letter
from ..rules import CASE, AttemptEnd, Audience, is_public_address, push_wait, time_to_live, topic_of
from .channel import Answer, Channel, NotTaken, Wording
from .sealing import private_key, seal, vapid
from .wording import link_of, locale_of, words_of

PROOF_HOLDS = dt.timedelta(hours=12)
LONGEST_ENDPOINT = 1000
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
GONE = {404, 410}
LATER = {408, 425, 429}


class BadEndpoint(ValueError):
    """This is no address of a push service."""


@dataclass(frozen=True)
class Endpoint:
    """A device's address in parts."""

    origin: str
    host: str
    port: int
    path: str
    is_secure: bool


def endpoint_of(url: str) -> Endpoint:
    """Where a subscription leads: https on its usual port, and nothing that names a way around.

    Loopback, without encryption, only where WEB_PUSH_LOOPBACK says so.

    Raises:
        BadEndpoint: anything else.
    """
    if len(url) > LONGEST_ENDPOINT or not url.isascii() or any(c.isspace() or ord(c) < 32 for c in url):
        raise BadEndpoint("too long, or not plain")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise BadEndpoint("no address") from error
    if parts.username is not None or not host:
        raise BadEndpoint("a name is missing, or somebody's password is in it")
    is_secure = parts.scheme == "https"
    is_near = host in LOOPBACK and settings.WEB_PUSH_LOOPBACK
    if not is_near and (not is_secure or port not in {None, 443} or "." not in host):
        raise BadEndpoint("not https, or not on its usual port")
    if not is_secure and parts.scheme != "http":
        raise BadEndpoint("not http")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Endpoint(f"{parts.scheme}://{parts.netloc}", host, port or (443 if is_secure else 80), path, is_secure)


class PushChannel(Channel):
    """One message at a time: every device may live at another service."""

    name = "push"
    label = _("Push")

    def __init__(self) -> None:
        self._line: socket.socket | None = None

    @classmethod
    def address_for(cls, letter: Letter) -> str:
        """The device, while it is still in the hands of the letter's reader and they may still read."""
        device = letter.subscription
        if device is None or not settings.WEB_PUSH or not device.user.is_active:
            return ""
        if letter.audience == Audience.STAFF and letter.membership is not None:
            is_theirs = letter.membership.ended_at is None and device.user_id == letter.membership.user_id
        else:
            reader = letter.client
            is_theirs = reader is not None and device.user_id in {reader.user_id, reader.guardian_id}
        return str(device.endpoint) if is_theirs else ""

    @classmethod
    def write(cls, letter: Letter) -> Wording:
        """One line for a locked screen: no name of a clinic, no part of a body, nothing of what it is about."""
        with translation.override(locale_of(letter)):
            context = {**words_of(letter), "clinic_name": gettext("your clinic"), "audience": letter.audience}
            title = " ".join(render_to_string(f"mail/{letter.kind}/subject.txt", context).split())[:200]
            return Wording(subject=title, text=gettext("Tap to open it."))

    @classmethod
    def compose(cls, letter: Letter, *, now: dt.datetime) -> bytes:
        """The whole request. Sealed anew at each try; what the reader sees stays the same."""
        if letter.subscription is None:
            raise LookupError("the device was taken away meanwhile")
        device, to = letter.subscription, endpoint_of(letter.subscription.endpoint)
        topic = topic_of(letter.dedupe_key, secret=settings.SECRET_KEY)
        shown = {
            "title": letter.rendered_subject,
            "body": letter.rendered_text,
            "url": link_of(letter).removeprefix(settings.SITE_URL),
            "tag": topic,
        }
        body = seal(json.dumps(shown).encode(), p256dh=device.p256dh, auth=device.auth)
        proof = vapid(
            to.origin,
            key=private_key(settings.VAPID_PRIVATE_KEY),
            subject=f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
            until=int((now + PROOF_HOLDS).timestamp()),
        )
        head = {
            "Host": to.origin.partition("://")[2],
            "TTL": time_to_live(letter.expires_at, now=now),
            "Topic": topic,
            "Urgency": "high" if letter.subject_kind == CASE else "normal",
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "Content-Length": len(body),
            "Authorization": proof,
            "Connection": "close",
        }
        lines = [f"POST {to.path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        return "\r\n".join(lines).encode("ascii") + body

    def offer(self, *, address: str) -> None:
        """Lay a line to the device's push service; a name that leads into our own network is no device."""
        self.close()
        try:
            to = endpoint_of(address)
        except BadEndpoint as error:
            raise NotTaken(Answer(AttemptEnd.GONE, None, str(error))) from error
        try:
            self._line = _line_to(to)
        except (OSError, UnicodeError) as error:
            words = f"the push service is not there: {type(error).__name__}"
            raise NotTaken(Answer(AttemptEnd.POSTPONED, None, words)) from error

    def give(self, message: bytes) -> Answer:
        line = self._line
        if line is None:
            return Answer(AttemptEnd.POSTPONED, None, "the line was closed")
        try:
            line.sendall(message)
            answer = http.client.HTTPResponse(line, method="POST")
            answer.begin()
            return _meaning(answer)
        except (http.client.HTTPException, OSError) as error:
            return Answer(AttemptEnd.UNANSWERED, None, f"no answer after the message: {type(error).__name__}")
        finally:
            self.close()

    def withdraw(self) -> None:
        self.close()

    def close(self) -> None:
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.close()
        self._line = None


def _line_to(to: Endpoint) -> socket.socket:
    """Raises NotTaken when the name leads into our own network, OSError when nobody is there."""
    found = socket.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM)
    addresses = [str(where[0]) for *_ignored, where in found]
    if not (to.host in LOOPBACK and settings.WEB_PUSH_LOOPBACK) and not all(map(is_public_address, addresses)):
        raise NotTaken(Answer(AttemptEnd.GONE, None, "the name leads into our own network"))
    line = socket.create_connection((addresses[0], to.port), timeout=settings.WEB_PUSH_TIMEOUT)
    if not to.is_secure:
        return line
    try:
        return ssl.create_default_context().wrap_socket(line, server_hostname=to.host)
    except OSError:
        line.close()
        raise


def _meaning(answer: http.client.HTTPResponse) -> Answer:
    code, words = answer.status, f"{answer.status} {answer.reason}"[:60]
    if 200 <= code < 300:
        return Answer(AttemptEnd.ACCEPTED, code, words)
    if code in GONE:
        return Answer(AttemptEnd.GONE, code, words)
    if code in LATER or code >= 500:
        wait = push_wait(answer.headers.get("Retry-After", ""), answer.headers.get("Date", ""))
        return Answer(AttemptEnd.POSTPONED, code, words, wait_seconds=wait)
    return Answer(AttemptEnd.REFUSED, code, words)
