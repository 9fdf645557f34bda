"""What follows from how one attempt ended, and when the next one may begin."""

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum

from .letters import MOST_ATTEMPTS, DeadEnd, LetterState, Policy

FIRST_WAIT_SECONDS = 30.0
LONGEST_WAIT_SECONDS = 3600.0


class AttemptEnd(StrEnum):
    """How a conversation with a mail server or a push service ended."""

    ACCEPTED = "accepted"  # a 2xx after the last dot
    REFUSED = "refused"  # a clear 5xx
    POSTPONED = "postponed"  # a clear 4xx, or the line broke before the text was given
    UNANSWERED = "unanswered"  # the text was given and no answer came
    GONE = "gone"  # a push service says that the device is no more: nobody's failure
    UNREACHABLE = "unreachable"  # there was no conversation at all: no letter's fault


@dataclass(frozen=True)
class Verdict:
    """Where the letter goes now; `waits` when it is tried again."""

    state: LetterState
    reason: str = ""

    @property
    def waits(self) -> bool:
        return self.state is LetterState.RETRY


def end_of_code(code: int) -> AttemptEnd:
    """The meaning of a clear SMTP answer.

    Raises:
        ValueError: for a code that ends nothing (1xx, 3xx).
    """
    if 200 <= code < 300:
        return AttemptEnd.ACCEPTED
    if 400 <= code < 500:
        return AttemptEnd.POSTPONED
    if 500 <= code < 600:
        return AttemptEnd.REFUSED
    raise ValueError(f"{code} is no answer that ends an attempt")


def verdict(end: AttemptEnd, *, attempts: int, policy: Policy, was_ambiguous: bool) -> Verdict:
    """What becomes of a letter after its `attempts`-th try.

    `was_ambiguous`: an earlier try ended past hand-off without an answer, so the letter may have
    arrived; a later refusal then makes it uncertain and never dead.
    """
    if end is AttemptEnd.ACCEPTED:
        return Verdict(LetterState.SENT)
    if end is AttemptEnd.UNANSWERED and policy is Policy.HOLD:
        return Verdict(LetterState.UNCERTAIN, "no answer after the text was given")
    if end is AttemptEnd.REFUSED:
        return _given_up(DeadEnd.REFUSED, was_ambiguous=was_ambiguous)
    if end is AttemptEnd.GONE:
        state = LetterState.UNCERTAIN if was_ambiguous else LetterState.CANCELLED
        return Verdict(state, DeadEnd.DEVICE_GONE.value)
    if attempts >= MOST_ATTEMPTS:
        return _given_up(DeadEnd.TOO_OFTEN, was_ambiguous=was_ambiguous or end is AttemptEnd.UNANSWERED)
    return Verdict(LetterState.RETRY)


def _given_up(reason: DeadEnd, *, was_ambiguous: bool) -> Verdict:
    if was_ambiguous:
        return Verdict(LetterState.UNCERTAIN, reason.value)
    return Verdict(LetterState.DEAD, reason.value)


def wait_seconds(attempts: int, *, roll: float) -> float:
    """Seconds until the next try: 30 x 2^n, at most an hour, times `roll` (0-1, full jitter), at least 1."""
    ceiling = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** max(0, attempts - 1))
    return max(1.0, ceiling * roll)


def message_id(dedupe_key: str, *, secret: str, domain: str) -> str:
    """The one Message-ID of a letter for ever: an HMAC of its key, so that no try can make another."""
    return f"<{signature('message-id', dedupe_key, secret=secret)}@{domain}>"


def signature(purpose: str, *parts: object, secret: str) -> str:
    """Forty hex digits that only this clinic could have written for `purpose` and `parts`."""
    words = ":".join([purpose, *map(str, parts)])
    return hmac.new(secret.encode(), words.encode(), hashlib.sha256).hexdigest()[:40]
