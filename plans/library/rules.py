"""What a record of the library may be, and the words that its records are built from."""

from enum import StrEnum


class RevisionState(StrEnum):
    """Where a technique's text stands; only published text may be given to a new client."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETIRED = "retired"


class ContraindicationEffect(StrEnum):
    """What a yes at intake does to a technique."""

    BLOCK = "block"
    LOCAL_BLOCK = "local_block"
    SIGN_OFF = "sign_off"


class FlagUrgency(StrEnum):
    """How fast a red flag needs a person."""

    EMERGENCY_NOW = "emergency_now"
    SAME_DAY = "same_day"
    WITHIN_DAYS = "within_days"


class ProgramAction(StrEnum):
    """What a red flag does to the running program at once."""

    STOP_AND_LOCK = "stop_and_lock"
    PAUSE_UNTIL_CLEARED = "pause_until_cleared"
    CONTINUE_GENTLE = "continue_gentle"


class DeliveredBy(StrEnum):
    CLIENT = "client"
    BODYWORKER = "bodyworker"


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"
    NONE = "none"
