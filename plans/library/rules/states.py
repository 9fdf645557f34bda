"""What may a record of the library be, and what may its words be?"""

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


class TechniqueKind(StrEnum):
    AEROBIC = "aerobic"
    BALL = "ball"
    BREATHING = "breathing"
    FOAM_ROLLER = "foam-roller"
    HEAT = "heat"
    MANUAL = "manual"
    MOBILITY = "mobility"
    STRENGTH = "strength"
    STRETCH = "stretch"
    YOGA = "yoga"


class Intensity(StrEnum):
    """How strong a technique is; each allows so much discomfort while it is done, see MAX_DISCOMFORT."""

    GENTLE = "gentle"
    MODERATE = "moderate"
    VIGOROUS = "vigorous"


# 0-10. Half the pressure gained as much range as all of it (grabow-2018), so no technique asks for more than 6.
MAX_DISCOMFORT = {Intensity.GENTLE: 3, Intensity.MODERATE: 5, Intensity.VIGOROUS: 6}


class Suits(StrEnum):
    """Whom a technique or a template is made for, or not for."""

    ACTIVE = "active"
    SEDENTARY = "sedentary"
    ACUTE = "acute"
    PREGNANCY = "pregnancy"
    OLDER = "older"


class Equipment(StrEnum):
    BED = "bed"
    CHAIR = "chair"
    CUSHION = "cushion"
    DOORWAY = "doorway"
    FOAM_ROLLER = "foam-roller"
    HEAT_PACK = "heat-pack"
    HEATED_STUDIO = "heated-studio"
    LIGHT_WEIGHT = "light-weight"
    MASSAGE_BALL = "massage-ball"
    MAT = "mat"
    RESISTANCE_BAND = "resistance-band"
    SHOES = "shoes"
    SOCK = "sock"
    STEP = "step"
    STRAP = "strap"
    TABLE = "table"
    TOWEL = "towel"
    TREATMENT_TABLE = "treatment-table"
    TWO_SMALL_BALLS = "two-small-balls"
    WALL = "wall"
    WATER = "water"
    YOGA_BLOCK = "yoga-block"


class Tissue(StrEnum):
    MUSCLE = "muscle"
    FASCIA = "fascia"


class MeasureUse(StrEnum):
    """Whether the clinic may ask this questionnaire: some need a licence."""

    ALLOW = "allow"
    OPTIONAL = "optional"
    AVOID = "avoid"
