"""Writing down how an attempt went, where the lease still holds."""

import datetime as dt
import random
import re
import time
from collections.abc import Callable
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction

from ..delivery import Answer
from ..models import Delivery, Letter
from ..querysets import LetterQuerySet
from ..rules import (
    AttemptEnd,
    DeadEnd,
    DeliveryOutcome,
    IncidentKind,
    LetterState,
    Verdict,
    policy_of,
    verdict,
    wait_seconds,
)
from .bouncing import fail_address
from .claiming import move_to_sent
from .devices import GOES_ANOTHER_WAY, forget_device, go_another_way
from .incidents import raise_incident

OUTCOMES = {
    AttemptEnd.ACCEPTED: DeliveryOutcome.SENT,
    AttemptEnd.REFUSED: DeliveryOutcome.REFUSED,
    AttemptEnd.POSTPONED: DeliveryOutcome.RETRY,
    AttemptEnd.UNANSWERED: DeliveryOutcome.AMBIGUOUS,
    AttemptEnd.GONE: DeliveryOutcome.GONE,
}
NO_SUCH_ADDRESS = {550, 551, 553}
# The server's words begin with its own finer code; 5.7 is about us, and not about the address.
POLICY = re.compile(r"\s*5\.7\.")
PATIENCE_SECONDS = (0.1, 0.5, 1, 2, 4, 8)


def record_end(letter: Letter, token: UUID, answer: Answer, now: dt.datetime) -> Verdict:
    """Close the attempt and move the letter where its answer leads; keeps trying through a database outage."""
    return _persistently(lambda: _taken(letter, token, answer, now) or _record(letter, token, answer, now))


def _taken(letter: Letter, token: UUID, answer: Answer, now: dt.datetime) -> Verdict | None:
    """The way of nearly every letter, in one statement; None where it went another way."""
    is_taken = answer.end is AttemptEnd.ACCEPTED and letter.state == LetterState.HANDOFF
    if is_taken and move_to_sent(letter, token, code=answer.code, answer=answer.words[:300], now=now):
        return Verdict(LetterState.SENT)
    return None


def give_up(letter: Letter, token: UUID, reason: DeadEnd, now: dt.datetime) -> None:
    """This letter can't leave at all; a person of the clinic is told."""
    with transaction.atomic():
        if _move(letter, token, Verdict(LetterState.DEAD, reason.value), now):
            _tell_the_clinic(letter, LetterState.DEAD, now)


@transaction.atomic
def _record(letter: Letter, token: UUID, answer: Answer, now: dt.datetime) -> Verdict:
    outcome, words, channel = OUTCOMES[answer.end], answer.words[:300], letter.channel
    end = {"ended_at": now, "outcome": outcome, "code": answer.code, "answer": words}
    was_handed_off = letter.state == LetterState.HANDOFF
    if not was_handed_off:
        letter.attempts += 1
    decided = verdict(
        answer.end,
        attempts=letter.attempts,
        policy=policy_of(letter.subject_kind),
        was_ambiguous=letter.attempts > 1 and letter.deliveries.filter(outcome=DeliveryOutcome.AMBIGUOUS).exists(),
    )
    if answer.end is AttemptEnd.GONE and decided.state is LetterState.CANCELLED:
        device = letter.subscription
        moved = take_from_device(letter, token, now)
        if device is not None:
            forget_device(subscription=device, now=now)
    else:
        moved = _move(letter, token, decided, now, wait_at_least=answer.wait_seconds or 0)
    if not moved and answer.end is AttemptEnd.ACCEPTED:
        # The lease ran out meanwhile and the letter waits for another try: it has arrived, so it need not.
        moved = _arrived_after_all(letter, now)
    if was_handed_off:
        Delivery.objects.filter(letter=letter, number=letter.attempts, ended_at__isnull=True).update(**end)
    elif moved:
        Delivery.objects.create(letter=letter, number=letter.attempts, channel=channel, began_at=now, **end)
    if moved and decided.state in {LetterState.DEAD, LetterState.UNCERTAIN}:
        _tell_the_clinic(letter, decided.state, now)
        if answer.code in NO_SUCH_ADDRESS and not was_handed_off and not POLICY.match(answer.words):
            fail_address(letter, now=now)
    return decided


def take_from_device(letter: Letter, token: UUID, now: dt.datetime) -> bool:
    """A letter that its device can't have goes another way or ends, where we still hold it."""
    held = _held(letter, token)
    go_another_way(letter, now=now)
    return bool(held.update(**{name: getattr(letter, name) for name in (*GOES_ANOTHER_WAY, "attempts")}))


def _held(letter: Letter, token: UUID) -> LetterQuerySet:
    """This letter while our lease on it holds."""
    return Letter.objects.filter(pk=letter.pk, lease_token=token, state__in=[LetterState.CLAIMED, LetterState.HANDOFF])


def _move(letter: Letter, token: UUID, decided: Verdict, now: dt.datetime, *, wait_at_least: float = 0) -> bool:
    fields: dict[str, object] = {
        "state": decided.state,
        "reason": decided.reason,
        "attempts": letter.attempts,
        "lease_token": None,
        "lease_until": None,
        "next_attempt_at": None,
        "ended_at": None if decided.waits else now,
    }
    if decided.state is LetterState.SENT:
        fields["sent_at"] = now
    if decided.waits:
        roll = random.random()  # noqa: S311 (spreads tries, guards nothing)
        fields["next_attempt_at"] = now + dt.timedelta(
            seconds=max(wait_at_least, wait_seconds(letter.attempts, roll=roll))
        )
    return bool(_held(letter, token).update(**fields))


def _arrived_after_all(letter: Letter, now: dt.datetime) -> bool:
    waiting = Letter.objects.filter(pk=letter.pk, state__in=[LetterState.RETRY, LetterState.UNCERTAIN])
    return bool(waiting.update(state=LetterState.SENT, sent_at=now, ended_at=now, next_attempt_at=None, reason=""))


def _tell_the_clinic(letter: Letter, state: LetterState, now: dt.datetime) -> None:
    kind = IncidentKind.LETTER_DEAD if state is LetterState.DEAD else IncidentKind.LETTER_UNCERTAIN
    raise_incident(clinic=letter.clinic, kind=kind, dedupe_key=f"{kind}:{letter.pk}", letter=letter, now=now)


def close_lost_attempts(letter: Letter, now: dt.datetime) -> None:
    """A lease ran out past hand-off: nobody will ever say how that attempt ended."""
    Delivery.objects.filter(letter=letter, ended_at__isnull=True).update(
        ended_at=now, outcome=DeliveryOutcome.AMBIGUOUS, answer="the sender ended before the answer"
    )


def tell_uncertain(letter: Letter, now: dt.datetime) -> None:
    _tell_the_clinic(letter, LetterState.UNCERTAIN, now)


def _persistently(work: Callable[[], Verdict]) -> Verdict:
    """A mail server's answer exists nowhere else: outlast a database that is away for some seconds."""
    for seconds in PATIENCE_SECONDS:
        try:
            return work()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(seconds)
    return work()
