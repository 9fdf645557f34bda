"""What a push message may say about itself, and where it may be taken."""

import base64
import datetime as dt
import hashlib
import hmac
import ipaddress
from email.utils import parsedate_to_datetime

DAY_SECONDS = 24 * 3600
LONGEST_WAIT = 24 * 3600.0
LONGEST_TOPIC = 32  # characters, RFC 8030 section 5.4


def topic_of(dedupe_key: str, *, secret: str) -> str:
    """The Topic of a letter: a second try replaces the first one, on the way and on the screen.

    An HMAC, so that the push service can't read from it what the letter is about.
    """
    digest = hmac.new(secret.encode(), f"topic:{dedupe_key}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode()[:LONGEST_TOPIC]


def time_to_live(expires_at: dt.datetime | None, *, now: dt.datetime) -> int:
    """Seconds the push service keeps a message for a phone that is off: until it is stale, else a day."""
    if expires_at is None:
        return DAY_SECONDS
    return max(0, int((expires_at - now).total_seconds()))


def push_wait(retry_after: str, date: str = "") -> float | None:
    """Seconds that a Retry-After asks for, at most a day; None when it asks for nothing we understand.

    A moment counts from the `Date` of the same answer, so that no clock of ours is needed.
    """
    words = retry_after.strip()
    if words.isascii() and words.isdigit():
        return min(LONGEST_WAIT, float(words[:9]))
    try:
        seconds = (parsedate_to_datetime(words) - parsedate_to_datetime(date)).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(LONGEST_WAIT, max(0.0, seconds))


def is_public_address(address: str) -> bool:
    """May a message be taken to this network address? Never into our own network, whatever name led there."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if inner is not None:
        return is_public_address(str(inner))
    return found.is_global and not found.is_multicast and not found.is_reserved
