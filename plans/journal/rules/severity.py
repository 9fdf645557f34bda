"""Which word belongs to a pain score?"""

from dataclasses import dataclass
from enum import StrEnum

LOWEST_SCORE, HIGHEST_SCORE = 0, 10


class Severity(StrEnum):
    NONE = "none"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


@dataclass(frozen=True)
class Bands:
    """The lowest score of each band, 0-10; default 0 / 1-3 / 4-6 / 7-10.

    Published schemes differ (boonstra-2016, palos-2006): the score is stored, the band is computed.
    """

    mild: int = 1
    moderate: int = 4
    severe: int = 7
    version: int = 1


DEFAULT_BANDS = Bands()


def is_score(value: object) -> bool:
    """Whether a value is a pain score: a whole number from 0 to 10, and no truth value."""
    return isinstance(value, int) and not isinstance(value, bool) and LOWEST_SCORE <= value <= HIGHEST_SCORE


def severity_of(score: int, bands: Bands = DEFAULT_BANDS) -> Severity:
    """The word for a pain score.

    Raises:
        ValueError: the score is not a whole number from 0 to 10.
    """
    if not is_score(score):
        raise ValueError(f"a pain score is a whole number from 0 to 10, not {score!r}")
    if score >= bands.severe:
        return Severity.SEVERE
    if score >= bands.moderate:
        return Severity.MODERATE
    if score >= bands.mild:
        return Severity.MILD
    return Severity.NONE
