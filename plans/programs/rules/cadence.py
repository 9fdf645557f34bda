"""On which days does a client do what? Dates only, in the client's own zone.

A program's week is seven days from its first day, so every weekday comes once in each week and
the count per week is right whatever day the program starts on.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
WEEK = 7

# Our choice, no study fixes it: rest days lie between as far as the count allows.
DEFAULT_DAYS: dict[int, tuple[int, ...]] = {
    1: (MONDAY,),
    2: (MONDAY, THURSDAY),
    3: (MONDAY, WEDNESDAY, FRIDAY),
    4: (MONDAY, TUESDAY, THURSDAY, SATURDAY),
    5: (MONDAY, TUESDAY, WEDNESDAY, FRIDAY, SATURDAY),
    6: (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY),
    7: (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY),
}


def spread(days: Sequence[int], count: int) -> tuple[int, ...]:
    """`count` of these weekdays, as evenly round the week as they allow; all of them if there are fewer.

    The choice with the widest smallest gap wins, then the widest next one; among equals the earliest days.
    """
    wanted = sorted(set(days))
    if count >= len(wanted):
        return tuple(wanted)
    return max(combinations(wanted, count), key=lambda chosen: (_gaps(chosen), tuple(-day for day in chosen)))


def _gaps(days: Sequence[int]) -> list[int]:
    """Days between neighbours round the week, smallest first."""
    return sorted((after - day) % WEEK or WEEK for day, after in zip(days, [*days[1:], days[0]], strict=True))


@dataclass(frozen=True)
class Cadence:
    """Sessions a week, on the client's own weekdays (0 is Monday) or, without any, on the default ones.

    A client who chose fewer days than the program asks for keeps those days: we do not plan a session
    on a day that someone ruled out. A client who chose more gets the asked number, spread over them.
    """

    per_week: int
    own_days: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.per_week <= WEEK:
            raise ValueError("sessions a week are 1 to 7")
        if any(not MONDAY <= day <= SUNDAY for day in self.own_days):
            raise ValueError("weekdays are 0 (Monday) to 6 (Sunday)")

    @property
    def days(self) -> tuple[int, ...]:
        return spread(self.own_days or DEFAULT_DAYS[self.per_week], self.per_week)


def session_dates(cadence: Cadence, starts_on: dt.date, until: dt.date) -> list[dt.date]:
    """Every session day from `starts_on` to `until`, both included: sorted, unique, never before the start."""
    length = (until - starts_on).days + 1
    every = (starts_on + dt.timedelta(days=n) for n in range(max(0, length)))
    return [day for day in every if day.weekday() in cadence.days]


@dataclass(frozen=True)
class Ask:
    """One line of a phase: which prescription, how often a week, and whether it may be left out."""

    key: int
    per_week: int
    is_optional: bool = False


@dataclass(frozen=True)
class WeekSpan:
    """A phase as its weeks and its asks. Weeks count from 1 and both ends belong to the phase."""

    key: int
    week_from: int
    week_to: int
    asks: tuple[Ask, ...]

    @property
    def per_week(self) -> int:
        """The highest count among the required lines; among all of them where none is required; 0 for none."""
        required = [ask.per_week for ask in self.asks if not ask.is_optional]
        return max(required or [ask.per_week for ask in self.asks], default=0)


@dataclass(frozen=True)
class PlannedDay:
    on: dt.date
    phase: int
    asks: tuple[int, ...]


def plan_days(
    phases: Sequence[WeekSpan], starts_on: dt.date, own_days: Sequence[int] = (), since: dt.date | None = None
) -> list[PlannedDay]:
    """Every session of a program with what belongs to it; with `since`, only what lies on or after that day."""
    planned = [day for phase in phases for day in _days_of(phase, starts_on, own_days)]
    return sorted((day for day in planned if since is None or day.on >= since), key=lambda day: day.on)


def _days_of(phase: WeekSpan, starts_on: dt.date, own_days: Sequence[int]) -> Iterator[PlannedDay]:
    if not phase.per_week:
        return
    cadence = Cadence(phase.per_week, tuple(own_days))
    first = starts_on + dt.timedelta(weeks=phase.week_from - 1)
    last = starts_on + dt.timedelta(weeks=phase.week_to, days=-1)
    on_days = {ask.key: spread(cadence.days, ask.per_week) for ask in phase.asks}
    for on in session_dates(cadence, first, last):
        asks = tuple(ask.key for ask in phase.asks if on.weekday() in on_days[ask.key])
        if asks:
            yield PlannedDay(on, phase.key, asks)


def moved_past_hold(
    phases: Sequence[int], days_of_phase: Mapping[int, Sequence[int]], resumes_on: dt.date
) -> list[dt.date]:
    """New days for the sessions that a pause or lock held back, given as the phase of each, in order.

    None is lost and none is added: each goes to the next weekday of its own phase, from `resumes_on` on.
    """
    dates: list[dt.date] = []
    day = resumes_on
    for phase in phases:
        while day.weekday() not in days_of_phase[phase]:
            day += dt.timedelta(days=1)
        dates.append(day)
        day += dt.timedelta(days=1)
    return dates
