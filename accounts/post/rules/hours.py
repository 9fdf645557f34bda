"""Which instant is a wall-clock time on a person's own day, and when may they be disturbed?"""

import datetime as dt
from zoneinfo import ZoneInfo

QUIET_FROM = dt.time(21, 0)
QUIET_UNTIL = dt.time(8, 0)
REMINDER_TIME = dt.time(18, 30)


def resolve(local_date: dt.date, wall_time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The instant (UTC) of a wall-clock time on a local day.

    A time that the clocks skip becomes the first instant after the gap; a time that comes twice is
    the first of the two.
    """
    local = dt.datetime.combine(local_date, wall_time.replace(tzinfo=None, fold=0))
    instant = local.replace(tzinfo=zone).astimezone(dt.UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local:
        return instant
    return _end_of_gap(instant, zone)


def _end_of_gap(near: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The instant the clocks jumped forward: where the offset changes within two days of `near`."""
    start = near - dt.timedelta(days=2)
    low, high = 0, 4 * 24 * 3600
    offset = (start + dt.timedelta(seconds=high)).astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if (start + dt.timedelta(seconds=middle)).astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return start + dt.timedelta(seconds=high)


def is_quiet(wall_time: dt.time, quiet_from: dt.time, quiet_until: dt.time) -> bool:
    """Is this time of day between `quiet_from` (included) and `quiet_until` (not), over midnight or not?"""
    if quiet_from == quiet_until:
        return False
    if quiet_from < quiet_until:
        return quiet_from <= wall_time < quiet_until
    return wall_time >= quiet_from or wall_time < quiet_until


def quiet_ends(now: dt.datetime, zone: ZoneInfo, quiet_from: dt.time, quiet_until: dt.time) -> dt.datetime | None:
    """The instant after which a person may be disturbed again; None when they may be now."""
    local = now.astimezone(zone)
    if not is_quiet(local.time(), quiet_from, quiet_until):
        return None
    day = local.date()
    if local.time() >= quiet_until:
        day += dt.timedelta(days=1)
    return resolve(day, quiet_until, zone)
