"""The words of a case, and which of them may follow which."""

from enum import StrEnum


class Family(StrEnum):
    """One live escalation per client and family."""

    SAFETY = "safety"
    SEVERE = "severe"
    CONTACT = "contact"


class Urgency(StrEnum):
    """From the slowest to the fastest."""

    ROUTINE = "routine"
    URGENT = "urgent"
    SAME_DAY = "same_day"
    EMERGENCY_NOW = "emergency_now"


class EscalationState(StrEnum):
    OPEN = "open"
    NOTIFIED = "notified"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class EscalationAct(StrEnum):
    """What may happen to a case."""

    RAISE = "raise"
    TELL = "tell"
    REMIND = "remind"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"
    EVIDENCE = "evidence"
    RISE = "rise"
    SNOOZE = "snooze"
    FOLLOW_UP = "follow_up"
    REOPEN = "reopen"
    NOBODY = "nobody"
    SETTLED = "settled"
    HAND_OVER = "hand_over"


class Outcome(StrEnum):
    """How a case ended; a note is required for the last two."""

    CALLED = "called"
    MESSAGED = "messaged"
    SEEN = "seen"
    PROGRAM_CHANGED = "program_changed"
    REFERRED = "referred"
    NO_ANSWER = "no_answer"
    NOT_A_CONCERN = "not_a_concern"


NOTE_REQUIRED = frozenset({Outcome.NO_ANSWER, Outcome.NOT_A_CONCERN})

LIVE = frozenset({EscalationState.OPEN, EscalationState.NOTIFIED, EscalationState.ACKNOWLEDGED})


class NudgeState(StrEnum):
    PLANNED = "planned"
    QUEUED = "queued"
    SENT = "sent"
    ANSWERED = "answered"
    IGNORED = "ignored"
    DROPPED = "dropped"


class InTheWay(StrEnum):
    """What a client may say with one tap when nothing was heard for three days."""

    PAIN = "pain"
    NO_TIME = "no_time"
    UNSURE = "unsure"
    AWAY = "away"


_S, _A = EscalationState, EscalationAct

TRANSITIONS: dict[tuple[EscalationState, EscalationAct], EscalationState] = {
    (_S.OPEN, _A.TELL): _S.NOTIFIED,
    (_S.OPEN, _A.ACKNOWLEDGE): _S.ACKNOWLEDGED,
    (_S.OPEN, _A.EVIDENCE): _S.OPEN,
    (_S.OPEN, _A.RISE): _S.OPEN,
    (_S.NOTIFIED, _A.TELL): _S.NOTIFIED,
    (_S.NOTIFIED, _A.REMIND): _S.NOTIFIED,
    (_S.NOTIFIED, _A.NOBODY): _S.NOTIFIED,
    (_S.NOTIFIED, _A.ACKNOWLEDGE): _S.ACKNOWLEDGED,
    (_S.NOTIFIED, _A.EVIDENCE): _S.NOTIFIED,
    (_S.NOTIFIED, _A.RISE): _S.OPEN,
    (_S.ACKNOWLEDGED, _A.RESOLVE): _S.RESOLVED,
    (_S.ACKNOWLEDGED, _A.EVIDENCE): _S.ACKNOWLEDGED,
    (_S.ACKNOWLEDGED, _A.RISE): _S.OPEN,
    (_S.ACKNOWLEDGED, _A.SNOOZE): _S.ACKNOWLEDGED,
    (_S.ACKNOWLEDGED, _A.SETTLED): _S.ACKNOWLEDGED,
    (_S.ACKNOWLEDGED, _A.FOLLOW_UP): _S.OPEN,
    (_S.OPEN, _A.HAND_OVER): _S.OPEN,
    (_S.NOTIFIED, _A.HAND_OVER): _S.OPEN,
    (_S.ACKNOWLEDGED, _A.HAND_OVER): _S.OPEN,
    (_S.RESOLVED, _A.REOPEN): _S.OPEN,
}
"""What may happen to a case in each state; a pair that is not here is refused.

Nobody can silence a case that nobody has taken: a snooze needs an acknowledgement, and so does an
end. A person who resolves a case at once acknowledges it in the same breath.
"""


BEGINNINGS = frozenset(
    {EscalationAct.RAISE, EscalationAct.RISE, EscalationAct.REOPEN, EscalationAct.FOLLOW_UP, EscalationAct.HAND_OVER}
)
"""What begins a round of telling: the tiers count from there."""


class NotAllowed(Exception):
    """This can't happen to a case in this state."""

    def __init__(self, state: EscalationState, act: EscalationAct) -> None:
        super().__init__(f"{act} cannot happen to a case that is {state}")
        self.state, self.act = state, act


def after(state: EscalationState, act: EscalationAct) -> EscalationState:
    """The state a case is in after `act`.

    Raises:
        NotAllowed: this act has no place in this state.
    """
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        raise NotAllowed(state, act) from None


def rank(urgency: Urgency) -> int:
    """From 0, the slowest."""
    return list(Urgency).index(urgency)
