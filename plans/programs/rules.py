"""What is asked of a client: states of a program, dosage, days, and the safety check."""

from enum import StrEnum


class TemplateState(StrEnum):
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    RETIRED = "retired"


class ProgramState(StrEnum):
    """Offered waits for the client or the intake; locked and paused wait for a person."""

    OFFERED = "offered"
    RUNNING = "running"
    PAUSED = "paused"
    LOCKED = "locked"
    FINISHED = "finished"


class IntakeReply(StrEnum):
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class PlannedState(StrEnum):
    PLANNED = "planned"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
