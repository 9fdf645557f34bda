"""Where a template, a program and a planned session may stand, and what moves a program on."""

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


class ProgramEvent(StrEnum):
    START = "start"
    PAUSE = "pause"
    LOCK = "lock"
    RESUME = "resume"
    FINISH = "finish"


class IntakeReply(StrEnum):
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class PlannedState(StrEnum):
    PLANNED = "planned"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"


# A second pause or lock is welcome at any time: whoever sees a reason to stop must never be refused.
# A lock outranks a pause, and only a person's resume ends either.
TRANSITIONS: dict[tuple[ProgramState, ProgramEvent], ProgramState] = {
    (ProgramState.OFFERED, ProgramEvent.START): ProgramState.RUNNING,
    (ProgramState.OFFERED, ProgramEvent.PAUSE): ProgramState.PAUSED,
    (ProgramState.OFFERED, ProgramEvent.LOCK): ProgramState.LOCKED,
    (ProgramState.OFFERED, ProgramEvent.FINISH): ProgramState.FINISHED,
    (ProgramState.RUNNING, ProgramEvent.PAUSE): ProgramState.PAUSED,
    (ProgramState.RUNNING, ProgramEvent.LOCK): ProgramState.LOCKED,
    (ProgramState.RUNNING, ProgramEvent.FINISH): ProgramState.FINISHED,
    (ProgramState.PAUSED, ProgramEvent.PAUSE): ProgramState.PAUSED,
    (ProgramState.PAUSED, ProgramEvent.LOCK): ProgramState.LOCKED,
    (ProgramState.PAUSED, ProgramEvent.RESUME): ProgramState.RUNNING,
    (ProgramState.PAUSED, ProgramEvent.FINISH): ProgramState.FINISHED,
    (ProgramState.LOCKED, ProgramEvent.PAUSE): ProgramState.LOCKED,
    (ProgramState.LOCKED, ProgramEvent.LOCK): ProgramState.LOCKED,
    (ProgramState.LOCKED, ProgramEvent.RESUME): ProgramState.RUNNING,
    (ProgramState.LOCKED, ProgramEvent.FINISH): ProgramState.FINISHED,
}


class TransitionNotAllowed(Exception):
    """The program's state does not know this event."""

    def __init__(self, state: ProgramState, event: ProgramEvent) -> None:
        super().__init__(f"a program that is {state.value} cannot {event.value}")
        self.state = state
        self.event = event


class ProgramAlreadyFinished(TransitionNotAllowed):
    """Nothing wakes a finished program; a new one can be assigned."""


def after(state: ProgramState, event: ProgramEvent) -> ProgramState:
    """The state that follows. Raises TransitionNotAllowed, for a finished program ProgramAlreadyFinished."""
    if state is ProgramState.FINISHED:
        raise ProgramAlreadyFinished(state, event)
    try:
        return TRANSITIONS[(state, event)]
    except KeyError:
        raise TransitionNotAllowed(state, event) from None
