"""How far would a case have been told on, by the time somebody took it? Other times on cases that were there."""

import datetime as dt
from dataclasses import dataclass

from .next_step import LAST_TIER
from .urgency import Amount, Calendar, UrgencyTimes, later, tier_at

MOST_REMINDERS = 200
"""A case that nobody ever took is not counted further than this."""


@dataclass(frozen=True)
class Round:
    """The first round of telling of a case: from its opening until somebody took it, or until now."""

    began_at: dt.datetime
    taken_at: dt.datetime
    target: Amount


@dataclass(frozen=True)
class Reached:
    """The last tier that was told, 1 to 3, and how often everybody was reminded after it."""

    tier: int
    reminders: int


def reached_in(each: Round, times: UrgencyTimes, calendar: Calendar) -> Reached:
    """Taken at the very minute of a tier is taken in time."""
    told = [tier_at(tier, each.began_at, times, each.target, calendar) for tier in range(1, LAST_TIER + 1)]
    tier = sum(at < each.taken_at or at == each.began_at for at in told)
    reminders, at = 0, told[-1]
    while tier == LAST_TIER and reminders < MOST_REMINDERS:
        at = later(at, times.remind_every, calendar, times.clock)
        if at >= each.taken_at:
            break
        reminders += 1
    return Reached(tier, reminders)
