"""The parts of the engine by name: after how long without a round does somebody step in, and when is it late?"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

AUDIT = "audit"


@dataclass(frozen=True)
class Patience:
    """How long a part may be silent before the watchdog does its rounds, and before people are told."""

    stands_in_after: dt.timedelta = dt.timedelta(minutes=2)
    late_after: dt.timedelta = dt.timedelta(minutes=3)
    rests: dt.timedelta = dt.timedelta(0)
    """How long the watchdog leaves it alone after a round: some cost more than others."""


USUAL = Patience()
# The audit rings every five minutes.
PATIENCE = {AUDIT: Patience(dt.timedelta(minutes=7), dt.timedelta(minutes=12), dt.timedelta(minutes=5))}


def patience_with(part: str) -> Patience:
    return PATIENCE.get(part, USUAL)


def is_silent(ended_at: dt.datetime, *, now: dt.datetime, longer_than: dt.timedelta) -> bool:
    """A round that ended in the future is no sign of life: the clock was wrong then, or is now."""
    return abs(now - ended_at) > longer_than


def late_parts(rounds: Iterable[tuple[str, dt.datetime | None]], *, now: dt.datetime) -> list[str]:
    """Parts that never ended a round, or none in time."""
    return sorted(
        part
        for part, ended_at in rounds
        if ended_at is None or is_silent(ended_at, now=now, longer_than=patience_with(part).late_after)
    )
