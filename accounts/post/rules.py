"""What a letter may be and where it may go next."""

from enum import StrEnum


class Channel(StrEnum):
    EMAIL = "email"
    PUSH = "push"


class Audience(StrEnum):
    """Whom a letter is for; staff letters can be re-routed, never unsubscribed."""

    CLIENT = "client"
    STAFF = "staff"
    BACKUP = "backup"


class Policy(StrEnum):
    """What to do when a send ended without an answer."""

    RESEND = "resend"
    HOLD = "hold"


class LetterState(StrEnum):
    PENDING = "pending"
    CLAIMED = "claimed"
    HANDOFF = "handoff"
    SENT = "sent"
    RETRY = "retry"
    UNCERTAIN = "uncertain"
    DEAD = "dead"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    HELD = "held"


class DeliveryOutcome(StrEnum):
    """How one attempt ended."""

    SENT = "sent"
    REFUSED = "refused"
    RETRY = "retry"
    AMBIGUOUS = "ambiguous"
    WITHDRAWN = "withdrawn"


LIVE_STATES = frozenset(
    {LetterState.PENDING, LetterState.CLAIMED, LetterState.HANDOFF, LetterState.RETRY, LetterState.HELD}
)
ENDED_STATES = frozenset(set(LetterState) - LIVE_STATES)


class IncidentKind(StrEnum):
    """What the clinic itself must know about its post and engine."""

    LETTER_DEAD = "letter_dead"
    LETTER_UNCERTAIN = "letter_uncertain"
    NOBODY_REACHABLE = "nobody_reachable"
    ADDRESS_FAILED = "address_failed"
    INVARIANT_BROKEN = "invariant_broken"
    ENGINE_STOOD_STILL = "engine_stood_still"
