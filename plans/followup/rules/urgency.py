"""How soon must who be told? Amounts of time, on the wall clock or on the clinic's working clock."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from accounts.post.rules import resolve, zone_of

from .states import Urgency

LONGEST_SEARCH_DAYS = 400
DEFAULT_HOURS = {str(day): [["09:00", "17:00"]] for day in range(5)}


class Unit(StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"
    WORKING_DAYS = "working_days"


class Clock(StrEnum):
    WALL = "wall"
    WORKING = "working"


@dataclass(frozen=True)
class Amount:
    """So much time; working days run on the clinic's working clock whatever clock the rest is on."""

    amount: float
    unit: Unit

    def times(self, share: float) -> "Amount":
        return Amount(self.amount * share, self.unit)


@dataclass(frozen=True)
class ShareOfTarget:
    """A part of the rule's own target: 0.5 is half of it."""

    share: float


@dataclass(frozen=True)
class UrgencyTimes:
    """When the second and third tier are told after the first, how often all are reminded, and when a
    case that somebody took is looked at again."""

    tier_2_after: Amount | ShareOfTarget
    tier_3_after: Amount | ShareOfTarget
    remind_every: Amount
    follow_up_after: Amount
    clock: Clock


def working_days(amount: float) -> Amount:
    return Amount(amount, Unit.WORKING_DAYS)


@dataclass(frozen=True)
class UrgencyTable:
    """Times of each urgency. The starter library's (rules.json, `urgencies`) are design choices that need a
    clinician's review; `version` is the policy's."""

    times: dict[Urgency, UrgencyTimes]
    version: int = 1
    source: str = "starter library, rules.json: urgencies"

    def of(self, urgency: Urgency) -> UrgencyTimes:
        return self.times[urgency]


def clock_of(urgency: Urgency) -> Clock:
    """What is urgent does not wait for opening hours."""
    return Clock.WORKING if urgency is Urgency.ROUTINE else Clock.WALL


@dataclass(frozen=True)
class Calendar:
    """When the clinic works: opening hours by weekday ("0" is Monday), closed days, zone.

    A clinic that names no hours at all is taken to work Monday to Friday, nine to five.
    """

    zone: str
    opening_hours: dict[str, list[list[str]]] = field(default_factory=lambda: dict(DEFAULT_HOURS))
    closures: frozenset[dt.date] = frozenset()

    def spans(self, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        """Opening hours of one local day as instants, in order; empty on a closed day."""
        if day in self.closures:
            return []
        zone = zone_of(self.zone)
        hours = self.opening_hours if any(self.opening_hours.values()) else DEFAULT_HOURS
        found = []
        for opens, closes in hours.get(str(day.weekday()), []):
            begin = resolve(day, dt.time.fromisoformat(opens), zone)
            if closes == "24:00":
                end = resolve(day + dt.timedelta(days=1), dt.time(0), zone)
            else:
                end = resolve(day, dt.time.fromisoformat(closes), zone)
            if begin < end:
                found.append((begin, end))
        return sorted(found)

    def days_from(self, start: dt.datetime) -> Iterator[list[tuple[dt.datetime, dt.datetime]]]:
        day = start.astimezone(zone_of(self.zone)).date()
        for n in range(LONGEST_SEARCH_DAYS):
            yield self.spans(day + dt.timedelta(days=n))


def later(start: dt.datetime, amount: Amount, calendar: Calendar, clock: Clock = Clock.WALL) -> dt.datetime:
    """The instant `amount` after `start`.

    One working day is all of a day's opening hours, however long that day is: half a working day
    from nine, on a nine-to-five day, is one o'clock. A clinic that is closed for over a year gets
    the same number of days on the wall clock.
    """
    if amount.amount <= 0:
        return start
    if amount.unit is Unit.WORKING_DAYS:
        return _later_by_days(start, amount.amount, calendar)
    seconds = amount.amount * (60 if amount.unit is Unit.MINUTES else 3600)
    if clock is Clock.WALL:
        return start + dt.timedelta(seconds=seconds)
    return _later_by_open_seconds(start, seconds, calendar)


def _later_by_days(start: dt.datetime, days: float, calendar: Calendar) -> dt.datetime:
    left = days
    for spans in calendar.days_from(start):
        whole = sum((end - begin).total_seconds() for begin, end in spans)
        for begin, end in spans:
            begins = max(begin, start)
            here = max(0.0, (end - begins).total_seconds() / whole)
            if here > 0 and here >= left - 1e-9:
                return begins + dt.timedelta(seconds=round(left * whole))
            left -= here
    return start + dt.timedelta(days=days)


def _later_by_open_seconds(start: dt.datetime, seconds: float, calendar: Calendar) -> dt.datetime:
    left = seconds
    for spans in calendar.days_from(start):
        for begin, end in spans:
            begins = max(begin, start)
            here = max(0.0, (end - begins).total_seconds())
            if here > 0 and here >= left:
                return begins + dt.timedelta(seconds=left)
            left -= here
    return start + dt.timedelta(seconds=seconds)


def tier_at(tier: int, began_at: dt.datetime, times: UrgencyTimes, target: Amount, calendar: Calendar) -> dt.datetime:
    """When tier 1, 2 or 3 is to be told in a round of telling that began at `began_at`."""
    if tier == 1:
        return began_at
    wanted = times.tier_2_after if tier == 2 else times.tier_3_after
    amount = target.times(wanted.share) if isinstance(wanted, ShareOfTarget) else wanted
    return later(began_at, amount, calendar, times.clock)


def target_at(began_at: dt.datetime, urgency: Urgency, target: Amount, calendar: Calendar) -> dt.datetime:
    """When somebody should have answered."""
    return later(began_at, target, calendar, clock_of(urgency))
