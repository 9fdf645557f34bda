"""A person's own time on days when the clocks jump, in every zone there is.

The truth here is another definition than the code's: the first instant whose wall clock is not before the one asked
for. A gap then gives its end, and a time that comes twice the first of the two.
"""

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from accounts.post.rules import is_quiet, resolve
from plans.followup.rules import Later, NudgeFacts, Send, nudge_step

DAY, HOUR, SECOND = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(seconds=1)
FROM, UNTIL = dt.date(2026, 1, 1), dt.date(2028, 1, 1)

HARD = [
    # what is hard, zone, local day, wall time, the instant in UTC
    ("a skipped hour", "Europe/London", "2026-03-29", "01:30", "2026-03-29T01:00"),
    ("the hour after it", "Europe/London", "2026-03-29", "02:00", "2026-03-29T01:00"),
    ("a repeated hour", "Europe/London", "2026-10-25", "01:30", "2026-10-25T00:30"),
    ("the hour after it", "Europe/London", "2026-10-25", "02:00", "2026-10-25T02:00"),
    ("a skipped hour", "America/New_York", "2026-03-08", "02:30", "2026-03-08T07:00"),
    ("the evening of it", "America/New_York", "2026-03-08", "18:30", "2026-03-08T22:30"),
    ("a skipped half hour", "Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30"),
    ("a repeated half hour", "Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45"),
    ("a day that never was", "Pacific/Apia", "2011-12-30", "18:30", "2011-12-30T10:00"),
    ("the day after it", "Pacific/Apia", "2011-12-31", "18:30", "2011-12-31T04:30"),
    ("a leap day", "UTC", "2028-02-29", "18:30", "2028-02-29T18:30"),
    ("a day without midnight", "Asia/Beirut", "2026-03-29", "00:00", "2026-03-28T22:00"),
    ("a day without midnight", "Africa/Cairo", "2026-04-24", "00:00", "2026-04-23T22:00"),
    ("an hour of yesterday that comes twice", "Africa/Cairo", "2026-10-29", "23:30", "2026-10-29T20:30"),
    ("a day without midnight", "America/Santiago", "2026-09-06", "00:00", "2026-09-06T04:00"),
    ("an hour of yesterday that comes twice", "America/Santiago", "2026-04-04", "23:30", "2026-04-05T02:30"),
    ("a day without midnight", "America/Havana", "2026-03-08", "00:00", "2026-03-08T05:00"),
    ("midnight that comes twice", "America/Havana", "2026-11-01", "00:30", "2026-11-01T04:30"),
]


@pytest.mark.parametrize(("what", "zone", "day", "time", "instant"), HARD)
def test_a_wall_clock_time_is_one_instant(what, zone, day, time, instant):
    found = resolve(dt.date.fromisoformat(day), dt.time.fromisoformat(time), ZoneInfo(zone))
    assert found == dt.datetime.fromisoformat(instant).replace(tzinfo=dt.UTC), what


@cache
def changes() -> dict[tuple[tuple[str, dt.timedelta], ...], list[str]]:
    """Every way the clocks change in 2026 and 2027, with the zones that do it; zones that agree are judged once."""
    ways: dict[tuple[tuple[str, dt.timedelta], ...], list[str]] = {}
    start = dt.datetime(FROM.year, 1, 1, tzinfo=dt.UTC)
    for name in sorted(available_timezones()):
        zone, way = ZoneInfo(name), []
        before = start.astimezone(zone).utcoffset()
        way.append((str(before), dt.timedelta()))
        # A fortnight is shorter than any time between two changes, but Morocco's Ramadan: a week sees that too.
        for week in range(1, 105):
            now = (start + week * 7 * DAY).astimezone(zone).utcoffset()
            if now != before:
                way.append((_instant(zone, start + (week - 1) * 7 * DAY), now - before))
            before = now
        ways.setdefault(tuple(way), []).append(name)
    return ways


def _instant(zone: ZoneInfo, low: dt.datetime) -> str:
    """The second at which the clocks change in the week from `low`."""
    high, offset = low + 7 * DAY, low.astimezone(zone).utcoffset()
    while high - low > SECOND:
        middle = low + (high - low) // 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == offset else (low, middle)
    return high.replace(microsecond=0).isoformat()


def hard_days() -> list[tuple[str, dt.date]]:
    """One zone of each way, and each day on which its clocks change, with the days beside it."""
    found = []
    for way, names in changes().items():
        for instant, jump in way[1:]:
            at = dt.datetime.fromisoformat(instant)
            local = min(at.astimezone(ZoneInfo(names[0])), (at - SECOND).astimezone(ZoneInfo(names[0]))).date()
            found += [(names[0], local + n * DAY) for n in (-1, 0, 1, 2) if jump]
    return found


def first_instant(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """By looking at the clock every quarter of an hour, for that is when clocks change and what is asked for."""
    wanted = dt.datetime.combine(day, time)
    at = wanted.replace(tzinfo=zone).astimezone(dt.UTC) - 5 * HOUR
    assert at.astimezone(zone).replace(tzinfo=None) < wanted
    while at.astimezone(zone).replace(tzinfo=None) < wanted:
        at += HOUR / 4
    return at


def test_the_table_knows_all_zones_and_many_changes():
    assert sum(map(len, changes().values())) == len(available_timezones()) > 400
    assert len(hard_days()) > 200


def test_every_zone_resolves_its_hard_days_as_looking_at_the_clock_does():
    times = [dt.time(0), dt.time(0, 30), dt.time(1, 30), dt.time(2, 15), dt.time(3), dt.time(23, 30)]
    wrong = [
        (name, day, time, resolve(day, time, ZoneInfo(name)))
        for name, day in hard_days()
        for time in times
        if resolve(day, time, ZoneInfo(name)) != first_instant(day, time, ZoneInfo(name))
    ]
    assert wrong == []


def test_on_every_hard_day_of_every_zone_one_nudge_leaves_and_never_in_quiet_hours():
    for name, day in hard_days():
        zone = ZoneInfo(name)
        for time in (dt.time(0, 30), dt.time(2, 15), dt.time(18, 30), dt.time(23)):
            left = run(name, zone, day, time)
            assert len(left) == 1, (name, day, time, left)
            assert not is_quiet(left[0].astimezone(zone).time(), dt.time(21), dt.time(8)), (name, day, time)


def run(name: str, zone: ZoneInfo, day: dt.date, time: dt.time) -> list[dt.datetime]:
    """A bell every half hour over the local day, with its repeated hours; the letters of that day's decisions."""
    left: dict[dt.date, dt.datetime] = {}
    at = resolve(day, dt.time(), zone)
    while at.astimezone(zone).date() == day:
        is_last_look = (at + HOUR / 2).astimezone(zone).date() != day
        if is_last_look or at.astimezone(zone).time() >= time:
            facts = NudgeFacts(zone=name, local_on=day, taken=frozenset(left), reminder_time=time)
            step = nudge_step(facts, now=at)
            if isinstance(step, Send):
                left[step.on] = max(at, step.due_at)
            else:
                assert isinstance(step, Later) or left, (name, day, time, step)
        at += HOUR / 2
    return list(left.values())
