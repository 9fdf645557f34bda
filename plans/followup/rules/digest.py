"""When is a bodyworker told by letter how many clients are worth a look? Never one hint at a time."""

import datetime as dt
from zoneinfo import ZoneInfo

# Rules of the calendar look at nine; what they find is in the same morning's letter (design).
DIGEST_FROM = dt.time(9, 5)
DIGEST_SURE = dt.time(11, 30)
DIGEST_UNTIL = dt.time(12)
BUNDLED = dt.timedelta(minutes=5)
FRIDAY = 4


def is_digest_time(now: dt.datetime, zone: ZoneInfo, closed: frozenset[dt.date]) -> bool:
    """A weekday's morning in the clinic's own zone, on a day that it is not closed."""
    local = now.astimezone(zone)
    is_open = local.weekday() <= FRIDAY and local.date() not in closed
    return is_open and DIGEST_FROM <= local.time() < DIGEST_UNTIL


def is_bundled(now: dt.datetime, zone: ZoneInfo, newest_at: dt.datetime) -> bool:
    """Five minutes without a new hint: what came together goes together. Late in the morning it goes anyway."""
    return now - newest_at >= BUNDLED or now.astimezone(zone).time() >= DIGEST_SURE
