"""What a letter may be, where it may go next, and when a person may be disturbed."""

from accounts.people.rules import zone_of

from .hours import QUIET_FROM, QUIET_UNTIL, REMINDER_TIME, is_quiet, quiet_ends, resolve
from .letters import (
    ENDED_STATES,
    LIVE_STATES,
    MOST_ATTEMPTS,
    NUDGE,
    TEST,
    TRANSITIONS,
    Audience,
    Channel,
    DeadEnd,
    DeliveryOutcome,
    IncidentKind,
    LetterState,
    Policy,
    policy_of,
)
from .sending import AttemptEnd, Verdict, end_of_code, message_id, signature, verdict, wait_seconds

__all__ = [
    "ENDED_STATES",
    "LIVE_STATES",
    "MOST_ATTEMPTS",
    "NUDGE",
    "QUIET_FROM",
    "QUIET_UNTIL",
    "REMINDER_TIME",
    "TEST",
    "TRANSITIONS",
    "AttemptEnd",
    "Audience",
    "Channel",
    "DeadEnd",
    "DeliveryOutcome",
    "IncidentKind",
    "LetterState",
    "Policy",
    "Verdict",
    "end_of_code",
    "is_quiet",
    "message_id",
    "policy_of",
    "quiet_ends",
    "resolve",
    "signature",
    "verdict",
    "wait_seconds",
    "zone_of",
]
