"""What must happen to a case that nobody has taken, and when? The rule decides, the action obeys."""

import datetime as dt
from dataclasses import dataclass

from .states import EscalationState, Urgency
from .times import URGENCIES
from .urgency import Amount, Calendar, UrgencyTable, later, tier_at

LAST_TIER = 3


@dataclass(frozen=True)
class CaseFacts:
    """One case as it stands.

    `began_at`: when this generation of telling began. `reached`: the tiers of this generation in
    which somebody could be told. `told_at`: when somebody was last told or reminded. `nobody_told`:
    the client already knows that nobody answered.
    """

    state: EscalationState
    urgency: Urgency
    target: Amount
    target_at: dt.datetime
    began_at: dt.datetime
    tier: int
    reached: frozenset[int]
    told_at: dt.datetime | None
    nobody_told: bool


@dataclass(frozen=True)
class Wait:
    """Nothing until then."""

    until: dt.datetime


@dataclass(frozen=True)
class Tell:
    """Tell this tier now."""

    tier: int


@dataclass(frozen=True)
class Remind:
    """Tell everybody who was told before once more."""


@dataclass(frozen=True)
class NobodyAnswered:
    """Every tier was told and the time to answer is over: the client is asked to call the clinic."""


Step = Wait | Tell | Remind | NobodyAnswered


def next_step(facts: CaseFacts, calendar: Calendar, *, now: dt.datetime, table: UrgencyTable = URGENCIES) -> Step:
    """The one thing to do next.

    A tier in which nobody could be reached hands on to the next at once. Reminders begin when the
    last tier has been told. After Tell, Remind or NobodyAnswered has been done, ask again.

    Raises:
        ValueError: the case is taken or ended; it has no next step of this kind.
    """
    if facts.state not in {EscalationState.OPEN, EscalationState.NOTIFIED}:
        raise ValueError(f"a case that is {facts.state} waits for a person, not for a clock")
    times = table.of(facts.urgency)
    if facts.tier < LAST_TIER:
        unheard = facts.tier > 0 and facts.tier not in facts.reached
        due = now if unheard else tier_at(facts.tier + 1, facts.began_at, times, facts.target, calendar)
        return Tell(facts.tier + 1) if due <= now else Wait(due)
    remind_at = later(facts.told_at or facts.began_at, times.remind_every, calendar, times.clock)
    if not facts.nobody_told:
        alone_at = _nobody_at(facts, remind_at, calendar, table)
        if alone_at <= now:
            return NobodyAnswered()
        remind_at = min(remind_at, alone_at)
    return Remind() if remind_at <= now else Wait(remind_at)


def _nobody_at(facts: CaseFacts, remind_at: dt.datetime, calendar: Calendar, table: UrgencyTable) -> dt.datetime:
    """When the client is told: the target has passed and the last tier has had its turn.

    Where all tiers are told at once there was no time to answer yet: the first reminder's time. A
    case that reached nobody at all does not wait.
    """
    if not facts.reached:
        return facts.began_at
    last = tier_at(LAST_TIER, facts.began_at, table.of(facts.urgency), facts.target, calendar)
    return max(facts.target_at, last) if last > facts.began_at else max(facts.target_at, remind_at)
