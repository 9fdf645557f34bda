"""What a letter may be, where it may go next, and when a person may be disturbed."""

from accounts.people.rules import zone_of

from .bounces import Bounce, bounce_of
from .clock import Clock
from .hours import QUIET_FROM, QUIET_UNTIL, REMINDER_TIME, is_quiet, quiet_ends, resolve
from .letters import (
    BACKUP,
    CASE,
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
from .push import DAY_SECONDS, LONGEST_WAIT, is_public_address, push_wait, time_to_live, topic_of
from .sending import AttemptEnd, Verdict, end_of_code, message_id, signature, verdict, wait_seconds

__all__ = [
    "BACKUP",
    "CASE",
    "DAY_SECONDS",
    "ENDED_STATES",
    "LIVE_STATES",
    "LONGEST_WAIT",
    "MOST_ATTEMPTS",
    "NUDGE",
    "QUIET_FROM",
    "QUIET_UNTIL",
    "REMINDER_TIME",
    "TEST",
    "TRANSITIONS",
    "AttemptEnd",
    "Audience",
    "Bounce",
    "Channel",
    "Clock",
    "DeadEnd",
    "DeliveryOutcome",
    "IncidentKind",
    "LetterState",
    "Policy",
    "Verdict",
    "bounce_of",
    "end_of_code",
    "is_public_address",
    "is_quiet",
    "message_id",
    "policy_of",
    "push_wait",
    "quiet_ends",
    "resolve",
    "signature",
    "time_to_live",
    "topic_of",
    "verdict",
    "wait_seconds",
    "zone_of",
]
