"""May this client be reminded on this day, and at which instant? Kind, rare, and never at night.

Defaults are the starter library's (rules.json, `nudging`); the evidence for them is thin and none is
about home exercise, so they are choices to measure.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from accounts.post.rules import QUIET_FROM, QUIET_UNTIL, REMINDER_TIME, is_quiet, quiet_ends, resolve, zone_of

DROPPED_LATE = "its time had passed"
DROPPED_DAY = "one a day is enough"
DROPPED_WEEK = "enough for this week"
DROPPED_IGNORED = "four were left unanswered"
DROPPED_QUIET = "quiet hours leave no time for it"
DROPPED_NO_ADDRESS = "no address to send to"
DROPPED_NOT_LEFT = "the letter did not leave"

MORNING = dt.time(8)
MORNING_ENDS = dt.time(12)


@dataclass(frozen=True)
class NudgePolicy:
    """At most one a day and `per_week` in 7 local days; half after `halve_after` ignored, none after `stop_after`.

    After `check_in_after_days` without a word one question asks what is in the way; from
    `person_after_days` on that is a person's to ask. A good week: `good_week_pct` percent of at least
    `good_week_planned` sessions.
    """

    version: int = 1
    source: str = "starter library, rules.json: nudging; messages.json"
    per_week: int = 4
    halve_after: int = 2
    stop_after: int = 4
    check_in_after_days: int = 3
    person_after_days: int = 7
    good_week_pct: int = 80
    good_week_planned: int = 2


DEFAULT_NUDGE_POLICY = NudgePolicy()


@dataclass(frozen=True)
class NudgeFacts:
    """What decides whether one client's nudge of one local day leaves.

    `taken`: local days on which another leaves or has left. `sent_in_week`: nudges of the last 7 local
    days, this day not among them. `ignored_in_row`: those left unanswered since the client was last heard
    of. `is_halved` and `is_stopped`: whether the half and the stop count for this kind. `is_of_morning`:
    it asks about the night and is of no use after noon.
    """

    zone: str
    local_on: dt.date
    taken: frozenset[dt.date] = frozenset()
    sent_in_week: int = 0
    ignored_in_row: int = 0
    is_halved: bool = True
    is_stopped: bool = True
    is_of_morning: bool = False
    reminder_time: dt.time | None = None
    quiet_from: dt.time | None = None
    quiet_until: dt.time | None = None


@dataclass(frozen=True)
class Send:
    """Send at `due_at`, which is on the local day `on`; after `expires_at` it is not worth sending."""

    due_at: dt.datetime
    expires_at: dt.datetime
    on: dt.date


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
    """What to do about this day's nudge.

    The instant is the client's own time on their own day. Quiet hours delay it until they end, in the
    morning or, for a time chosen in the evening's, on the next day, whose one nudge it then is.
    """
    zone = zone_of(facts.zone)
    quiet_from, quiet_until = facts.quiet_from or QUIET_FROM, facts.quiet_until or QUIET_UNTIL
    own_time = MORNING if facts.is_of_morning else facts.reminder_time or REMINDER_TIME
    due = resolve(facts.local_on, own_time, zone)
    due = quiet_ends(due, zone, quiet_from, quiet_until) or due
    on = due.astimezone(zone).date()
    ends = _day_ends(on, zone, quiet_from, quiet_until)
    if facts.is_of_morning:
        ends = min(ends, resolve(facts.local_on, MORNING_ENDS, zone))
    if due >= ends:
        return Drop(DROPPED_QUIET)
    held_back = _held_back(facts, policy, on)
    if held_back:
        return Drop(held_back)
    if now >= ends:
        return Drop(DROPPED_LATE)
    if now < due and on == facts.local_on:
        return Later(due)
    return Send(due, ends, on)


def _held_back(facts: NudgeFacts, policy: NudgePolicy, on: dt.date) -> str:
    """Why there were enough already; nothing when there were not."""
    if facts.is_stopped and facts.ignored_in_row >= policy.stop_after:
        return DROPPED_IGNORED
    is_half = facts.is_halved and facts.ignored_in_row >= policy.halve_after
    if facts.sent_in_week >= (policy.per_week // 2 if is_half else policy.per_week):
        return DROPPED_WEEK
    return DROPPED_DAY if on in facts.taken else ""


def _day_ends(day: dt.date, zone: ZoneInfo, quiet_from: dt.time, quiet_until: dt.time) -> dt.datetime:
    """When the evening's quiet begins, or midnight where no evening is quiet."""
    midnight = resolve(day + dt.timedelta(days=1), dt.time(0), zone)
    late_evening = dt.time(23, 59, 59)
    if is_quiet(late_evening, quiet_from, quiet_until) and quiet_from != dt.time(0):
        return min(midnight, resolve(day, quiet_from, zone))
    return midnight
