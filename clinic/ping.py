"""Tells a watcher outside that the engine runs and keeps its promises; silence is its alarm.

The request carries nothing: no name, no figure, no cookie.
"""

import http.client
import logging
from urllib.parse import urlsplit

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 5.0
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def may_be_pinged(url: str) -> bool:
    """https anywhere, or http on this machine."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (a port that is none raises here)
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


def ping(url: str) -> bool:
    """Ask for `url` once and follow nothing; whatever happens harms nothing. The address may be a secret: it is
    not logged."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)
    try:
        line.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        status = line.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as problem:
        log.warning("the watcher outside could not be told that the engine runs: %s", type(problem).__name__)
        return False
    finally:
        line.close()
    if not 200 <= status < 300:
        log.warning("the watcher outside answered %s", status)
    return 200 <= status < 300
