"""Where has pain gone since the first session? One honest comparison, in whole points."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# Three sessions at either end: one bad day does not make a trend (design).
ENDS = 3
# A change of 2 or more on the 0-10 scale usually matters (Farrar 2001); less is said to be about the same.
CHANGE_THAT_MATTERS = 2


class Direction(StrEnum):
    FALLEN = "fallen"
    RISEN = "risen"
    SAME = "same"


@dataclass(frozen=True)
class Trend:
    """Average pain before sessions, 0-10 and rounded, at the beginning and now."""

    start: int
    now: int
    weeks: int

    @property
    def direction(self) -> Direction:
        return direction_of(self.start, self.now)


def direction_of(start: int, now: int) -> Direction:
    """Where pain has gone between two averages, 0-10."""
    if abs(now - start) < CHANGE_THAT_MATTERS:
        return Direction.SAME
    return Direction.FALLEN if now < start else Direction.RISEN


def trend_of(before: Sequence[tuple[dt.date, int]]) -> Trend | None:
    """The trend of scores before sessions, oldest first; None with fewer than two of them."""
    if len(before) < 2:
        return None
    ends = min(ENDS, len(before) // 2)
    first, last = before[0][0], before[-1][0]
    return Trend(
        start=_average([score for _, score in before[:ends]]),
        now=_average([score for _, score in before[-ends:]]),
        weeks=max(1, round((last - first).days / 7)),
    )


def _average(scores: Sequence[int]) -> int:
    """Halves are rounded up: pain is not made less by arithmetic."""
    return int(sum(scores) / len(scores) + 0.5)
