"""What a letter may be and where it may go next."""

from enum import StrEnum


class Channel(StrEnum):
    """The ways out that letters are written for; accounts/post/delivery holds a class for each."""

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
    GONE = "gone"


LIVE_STATES = frozenset(
    {LetterState.PENDING, LetterState.CLAIMED, LetterState.HANDOFF, LetterState.RETRY, LetterState.HELD}
)
ENDED_STATES = frozenset(set(LetterState) - LIVE_STATES)


class IncidentKind(StrEnum):
    """What the clinic itself must know about its post and engine."""

    LETTER_DEAD = "letter_dead"
    LETTER_UNCERTAIN = "letter_uncertain"
    LETTER_RETURNED = "letter_returned"
    LETTER_LATE = "letter_late"
    NOBODY_REACHABLE = "nobody_reachable"
    ADDRESS_FAILED = "address_failed"
    INVARIANT_BROKEN = "invariant_broken"
    ENGINE_STOOD_STILL = "engine_stood_still"


class DeadEnd(StrEnum):
    """Why a letter will never leave; stored as its reason."""

    NO_ADDRESS = "no address to send to"
    DEVICE_GONE = "the device takes no letters any more"
    ADDRESS_FAILED = "the address does not work"
    TEMPLATE_FAILED = "its text could not be written"
    REFUSED = "the mail server refused it"
    TOO_OFTEN = "tried too often"


CASE = "escalation"
"""Subject kind of letters that must reach somebody: they go by every channel their reader has."""

NUDGE = "nudge"
"""Subject kind of letters that may be switched off, expire, and are never sent twice."""

BACKUP = "backup"
"""Subject kind of letters to the backup contact whose link proves the address."""

TEST = "test"
"""Subject kind of letters that are about nobody: somebody wants to see one arrive."""

MOST_ATTEMPTS = 12

TRANSITIONS: dict[LetterState, frozenset[LetterState]] = {
    LetterState.PENDING: frozenset({LetterState.CLAIMED, LetterState.EXPIRED, LetterState.CANCELLED, LetterState.HELD}),
    LetterState.RETRY: frozenset(
        {
            LetterState.CLAIMED,
            LetterState.EXPIRED,
            LetterState.CANCELLED,
            LetterState.HELD,
        }
    ),
    LetterState.CLAIMED: frozenset(
        {
            LetterState.HANDOFF,
            LetterState.PENDING,
            LetterState.RETRY,
            LetterState.DEAD,
            LetterState.UNCERTAIN,
            LetterState.EXPIRED,
            LetterState.CANCELLED,
        }
    ),
    LetterState.HANDOFF: frozenset(
        {LetterState.SENT, LetterState.RETRY, LetterState.UNCERTAIN, LetterState.DEAD, LetterState.CANCELLED}
    ),
    LetterState.HELD: frozenset({LetterState.PENDING, LetterState.CANCELLED, LetterState.EXPIRED}),
    LetterState.SENT: frozenset(),
    LetterState.UNCERTAIN: frozenset(),
    LetterState.DEAD: frozenset(),
    LetterState.EXPIRED: frozenset(),
    LetterState.CANCELLED: frozenset(),
}
"""Where a letter may go from where it is; an ended letter stays ended."""


def policy_of(subject_kind: str) -> Policy:
    """An ambiguous nudge is listed and never sent again; everything else must arrive, so it is."""
    return Policy.HOLD if subject_kind == NUDGE else Policy.RESEND
