"""The demo's letter box: what left the building, as its reader would see it. It exists only with DEMO=1."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

NEWEST = 60
LINK = re.compile(r"https?://\S+")
LOOPBACK = {"127.0.0.1", "::1"}


@dataclass(frozen=True)
class SinkLetter:
    name: str
    to: str
    subject: str
    date: datetime | None
    message_id: str
    parts: list[tuple[str, bool]]
    """Pieces of the text with a word whether the piece is a link."""


@require_safe
def sink(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO or request.META.get("REMOTE_ADDR", "") not in LOOPBACK:
        raise Http404
    folder = Path(settings.MAIL_SINK_DIR)
    newest = sorted(folder.glob("*.eml"), reverse=True)[:NEWEST] if folder.is_dir() else []
    return render(request, "post/sink.html", {"letters": [_read(path) for path in newest]})


def _read(path: Path) -> SinkLetter:
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain", "html"))
    text = body.get_content() if body is not None else ""
    return SinkLetter(
        name=path.stem,
        to=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        date=_date_of(message),
        message_id=str(message.get("Message-ID", "")),
        parts=_pieces(text.strip()),
    )


def _date_of(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        return None


def _pieces(text: str) -> list[tuple[str, bool]]:
    pieces, at = [], 0
    for found in LINK.finditer(text):
        pieces.append((text[at : found.start()], False))
        own = found.group().startswith(settings.SITE_URL + "/")
        pieces.append((found.group(), own))
        at = found.end()
    pieces.append((text[at:], False))
    return [piece for piece in pieces if piece[0]]
