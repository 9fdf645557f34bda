"""What we do about what happened: families, urgencies, and the states of an escalation."""

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
