"""What a rule has found that opens no case: a hint, an offer or a mark, with the readings that prove it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean

from .numbers import Numbers
from .rulebook import Opens, Rule
from .severe import Reading

# Averages are made of whole scores; this much less than a threshold is rounding, not relief.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Hint:
    """A rule has fired, and nobody's clock runs. `key` names the occasion, so that one is not acted on twice."""

    rule: Rule
    opens: Opens
    key: str
    evidence: str = ""
    readings: tuple[Reading, ...] = ()
    params: dict[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The id of the words; they are made when somebody reads them."""
        return self.rule.value


def is_severe(reading: Reading | None, numbers: Numbers) -> bool:
    return reading is not None and reading.score is not None and reading.score >= numbers.severe_min


def mean_of(readings: Sequence[Reading]) -> float:
    """The mean of these usual readings, 0-10.

    Raises:
        StatisticsError: there are none.
    """
    return fmean(reading.score or 0 for reading in readings)


def is_better(now: float, baseline: float, *, pct: int, points: int) -> bool:
    """Whether pain fell by `pct` percent or by `points` from the baseline (both 0-10)."""
    fallen = baseline - now
    return fallen > 0 and (fallen + ROUNDING >= points or fallen * 100 + ROUNDING >= pct * baseline)


def whole(score: float) -> int:
    """Half a point counts up, as a person would say it."""
    return int(score + 0.5)
