"""When did it really happen, when a phone's clock may be wrong?"""

import datetime as dt
from dataclasses import dataclass

from accounts.people.rules import zone_of

# All six are design numbers; the first four are the contract's.
CLAMPED_AHEAD = dt.timedelta(minutes=10)
TYPED_BACK = dt.timedelta(days=30)
QUEUED_BACK = dt.timedelta(days=60)
# Further ahead than any time zone mistake: the day cannot be known, so a person is asked.
LONGEST_AHEAD = dt.timedelta(hours=24)
# Less than this between sending and receiving is the network, not the clock.
NETWORK = dt.timedelta(minutes=1)
# A clock this far off is still corrected, but believed less.
WILD_SKEW = dt.timedelta(hours=24)


class TimeTooFarAhead(ValueError):
    """Performed more than a day after it was received."""


class TimeTooFarBack(ValueError):
    """Performed longer ago than may be logged; `days` is the limit."""

    def __init__(self, days: int) -> None:
        super().__init__(days)
        self.days = days


@dataclass(frozen=True)
class Settled:
    """When it was performed (UTC), the client's own day, and whether the phone's clock is in doubt."""

    performed_at: dt.datetime
    local_on: dt.date
    is_suspect: bool


def settle_time(
    performed_at: dt.datetime | None, *, sent_at: dt.datetime | None, received_at: dt.datetime, zone: str
) -> Settled:
    """Correct the phone's time by the skew of its `sent_at`, and refuse what cannot be.

    Without `sent_at` it was typed in. Up to 10 minutes ahead becomes the time of receiving; up to a day
    ahead too, marked suspect. None is “just now”.

    Raises:
        TimeTooFarAhead: more than a day ahead of receiving.
        TimeTooFarBack: more than 30 days back when typed in, 60 when queued on a phone.
    """
    said = performed_at if performed_at is not None else received_at
    skew = received_at - sent_at if sent_at is not None else dt.timedelta()
    corrected = said + skew if abs(skew) > NETWORK else said
    ahead = corrected - received_at
    if ahead > LONGEST_AHEAD:
        raise TimeTooFarAhead
    limit = QUEUED_BACK if sent_at is not None else TYPED_BACK
    if -ahead > limit:
        raise TimeTooFarBack(limit.days)
    performed = min(corrected, received_at).astimezone(dt.UTC)
    return Settled(
        performed_at=performed,
        local_on=performed.astimezone(zone_of(zone)).date(),
        is_suspect=ahead > CLAMPED_AHEAD or abs(skew) > WILD_SKEW,
    )
