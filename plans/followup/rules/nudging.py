"""May this client be reminded today, and at which instant? Kind, rare, and never at night.

Defaults are the starter library's (rules.json, `nudging`); the evidence for them is thin and none is
about home exercise, so they are choices to measure.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from accounts.post.rules import QUIET_FROM, QUIET_UNTIL, REMINDER_TIME, is_quiet, quiet_ends, resolve, zone_of

DROPPED_LATE = "its time had passed"
DROPPED_WEEK = "enough for this week"
DROPPED_IGNORED = "four were left unanswered"
DROPPED_QUIET = "the chosen time is in quiet hours"


@dataclass(frozen=True)
class NudgePolicy:
    """At most one a day and `per_week` in 7 local days; half after `halve_after` ignored, none after `stop_after`."""

    version: int = 1
    source: str = "starter library, rules.json: nudging"
    per_week: int = 4
    halve_after: int = 2
    stop_after: int = 4


DEFAULT_NUDGE_POLICY = NudgePolicy()


@dataclass(frozen=True)
class NudgeFacts:
    """One client on one local day with a planned session and no log.

    `sent_in_week`: nudges of the last 7 local days, this day not among them. `ignored_in_row`: nudges
    handed off since the last log, on days before this one.
    """

    zone: str
    local_on: dt.date
    sent_in_week: int = 0
    ignored_in_row: int = 0
    reminder_time: dt.time | None = None
    quiet_from: dt.time | None = None
    quiet_until: dt.time | None = None


@dataclass(frozen=True)
class Send:
    """Send now; after `expires_at` it is not worth sending."""

    due_at: dt.datetime
    expires_at: dt.datetime


@dataclass(frozen=True)
class Later:
    """Not yet."""

    until: dt.datetime


@dataclass(frozen=True)
class Drop:
    """Not on this day at all, for a reason that is written down."""

    reason: str


def nudge_step(
    facts: NudgeFacts, policy: NudgePolicy = DEFAULT_NUDGE_POLICY, *, now: dt.datetime
) -> Send | Later | Drop:
    """What to do about today's reminder.

    The instant is the client's own time on their own day. In the morning's quiet hours it waits for
    their end; what would fall into the evening's is dropped, for the day is over by then.
    """
    zone = zone_of(facts.zone)
    quiet_from, quiet_until = facts.quiet_from or QUIET_FROM, facts.quiet_until or QUIET_UNTIL
    due = resolve(facts.local_on, facts.reminder_time or REMINDER_TIME, zone)
    due = quiet_ends(due, zone, quiet_from, quiet_until) or due
    ends = _day_ends(facts.local_on, zone, quiet_from, quiet_until)
    if due >= ends:
        return Drop(DROPPED_QUIET)
    if facts.ignored_in_row >= policy.stop_after:
        return Drop(DROPPED_IGNORED)
    cap = policy.per_week // 2 if facts.ignored_in_row >= policy.halve_after else policy.per_week
    if facts.sent_in_week >= cap:
        return Drop(DROPPED_WEEK)
    if now >= ends:
        return Drop(DROPPED_LATE)
    if now < due:
        return Later(due)
    return Send(due, ends)


def _day_ends(day: dt.date, zone: ZoneInfo, quiet_from: dt.time, quiet_until: dt.time) -> dt.datetime:
    """When the evening's quiet begins, or midnight where no evening is quiet."""
    midnight = resolve(day + dt.timedelta(days=1), dt.time(0), zone)
    late_evening = dt.time(23, 59, 59)
    if is_quiet(late_evening, quiet_from, quiet_until) and quiet_from != dt.time(0):
        return min(midnight, resolve(day, quiet_from, zone))
    return midnight
