"""The words a log is written in."""

from enum import StrEnum


class Moment(StrEnum):
    BEFORE = "before"
    AFTER = "after"
    NEXT_MORNING = "next_morning"
    CHECK_IN = "check_in"


class StopReason(StrEnum):
    """Why an item was stopped; the first three are the reasons that always need a person."""

    NERVE = "nerve"
    DIZZY = "dizzy"
    CIRCULATION = "circulation"
    TOO_PAINFUL = "too_painful"
    SHARP = "sharp"
    NO_TIME = "no_time"
    OTHER = "other"


NEEDS_A_PERSON = frozenset({StopReason.NERVE, StopReason.DIZZY, StopReason.CIRCULATION})
# A stop for want of time, or for a reason of one's own, is no warning sign.
STOPPED_BY_THE_BODY = NEEDS_A_PERSON | {StopReason.TOO_PAINFUL, StopReason.SHARP}


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
