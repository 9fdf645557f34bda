"""How often somebody may try the door, counted in rows per account and per network address."""

import datetime as dt
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from accounts.people.models import SignInAttempt
from accounts.people.rules import LIMITS, Attempt, Counted, wait_for

KEY_SALT = "people.attempt"
KEPT = dt.timedelta(days=1)


class TooManyAttempts(Exception):
    """Try again after `wait`."""

    def __init__(self, wait: dt.timedelta) -> None:
        super().__init__()
        self.wait = wait


@dataclass(frozen=True)
class Tried:
    """The rows of one attempt, so that a success can take them back."""

    rows: tuple[int, ...]


def _key_of(counted: Counted, value: str) -> str:
    return salted_hmac(KEY_SALT, f"{counted}:{value.strip().lower()}", algorithm="sha256").hexdigest()


def try_door(*, what: Attempt, account: str, address: str, now: dt.datetime) -> Tried:
    """Write the attempt down first and then count, so that fifty at once are fifty and not one.

    Unknown accounts count like known ones, so a lock-out tells nothing.

    Raises:
        TooManyAttempts: and takes the row back, so that waiting helps even someone who keeps trying.
    """
    SignInAttempt.objects.filter(at__lt=now - KEPT).delete()
    rows: list[int] = []
    longest = dt.timedelta()
    for counted, value in ((Counted.ACCOUNT, account), (Counted.ADDRESS, address)):
        limit = LIMITS.get((what, counted))
        if limit is None or not value:
            continue
        key = _key_of(counted, value)
        row = SignInAttempt.objects.create(what=what, counted=counted, key=key, at=now)
        rows.append(row.pk)
        others = SignInAttempt.objects.filter(what=what, key=key, at__gt=now - limit.window).exclude(pk=row.pk)
        longest = max(longest, wait_for(limit, list(others.values_list("at", flat=True)), now))
    if longest:
        forget_attempt(tried=Tried(tuple(rows)))
        raise TooManyAttempts(longest)
    return Tried(tuple(rows))


def forget_attempt(*, tried: Tried) -> None:
    """A success does not count against anyone."""
    SignInAttempt.objects.filter(pk__in=tried.rows).delete()
