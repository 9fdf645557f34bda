"""What a log may say and what it means at once, before anyone has read it."""

from dataclasses import dataclass
from enum import StrEnum


class Moment(StrEnum):
    BEFORE = "before"
    AFTER = "after"
    NEXT_MORNING = "next_morning"
    CHECK_IN = "check_in"


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


def severity_of(score: int, bands: Bands = DEFAULT_BANDS) -> Severity:
    """The word for a pain score.

    Raises:
        ValueError: the score is not a whole number from 0 to 10.
    """
    if not isinstance(score, int) or isinstance(score, bool) or not 0 <= score <= 10:
        raise ValueError(f"a pain score is a whole number from 0 to 10, not {score!r}")
    if score >= bands.severe:
        return Severity.SEVERE
    if score >= bands.moderate:
        return Severity.MODERATE
    if score >= bands.mild:
        return Severity.MILD
    return Severity.NONE


class StopReason(StrEnum):
    """Why an item was stopped; the first three are the reasons that always need a person."""

    NERVE = "nerve"
    DIZZY = "dizzy"
    CIRCULATION = "circulation"
    TOO_PAINFUL = "too_painful"
    SHARP = "sharp"
    NO_TIME = "no_time"
    OTHER = "other"


class Harm(StrEnum):
    BRUISE = "bruise"
    NUMBNESS = "numbness"
    FALL = "fall"
    FAINT = "faint"
    INJURY = "injury"


class Felt(StrEnum):
    TOO_EASY = "too_easy"
    ABOUT_RIGHT = "about_right"
    TOO_HARD = "too_hard"


class LogSource(StrEnum):
    FORM = "form"
    API = "api"
    DEMO = "demo"
