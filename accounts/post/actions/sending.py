"""Carrying due letters out, so that a crash anywhere loses none and doubles at most the one in hand.

Claim with a lease, freeze the words, offer, commit the hand-off where nothing has taken the letter
back, give, write the answer down. Everything before the hand-off is safe to repeat.
"""

import datetime as dt
import logging
import time
from dataclasses import dataclass
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Case, F, Q, Value, When

from ..delivery import CHANNELS, Channel, NotTaken
from ..models import KillSwitch, Letter
from ..querysets import KillSwitchQuerySet
from ..rules import (
    MOST_ATTEMPTS,
    NUDGE,
    QUIET_FROM,
    QUIET_UNTIL,
    AttemptEnd,
    DeadEnd,
    LetterState,
    Policy,
    policy_of,
    quiet_ends,
    zone_of,
)
from .claiming import Claim, claim_letters, move_to_handoff
from .freezing import word_letters
from .incidents import say_work_failed
from .late import take_second_ways
from .recording import close_lost_attempts, give_up, record_end, tell_uncertain

log = logging.getLogger(__name__)

BATCH = 100
KEPT = dt.timedelta(days=30)
LONGEST_WAIT = dt.timedelta(days=2)
LOST_AT_ONCE = 1000
PATIENCE_SECONDS = 20.0
AFTER_A_FAILURE = dt.timedelta(minutes=5)
UNREACHABLE_WAIT = dt.timedelta(seconds=20)


@dataclass
class Swept:
    """What one round did."""

    claimed: int = 0
    sent: int = 0
    expired: int = 0
    recovered: int = 0
    is_reachable: bool = True


def sweep_letters(*, now: dt.datetime, limit: int = 1000, channel: Channel | None = None) -> Swept:
    """One round of the post: drop what came too late, take back lost leases, carry out what is due."""
    wake_letters(now=now)
    expired = expire_letters(now=now)
    recovered = recover_letters(now=now)
    wipe_letters(now=now)
    take_second_ways(now=now)
    swept = deliver_due(now=now, limit=limit, channel=channel)
    swept.expired, swept.recovered = expired, recovered
    return swept


def expire_letters(*, now: dt.datetime) -> int:
    """A letter whose time has passed is dropped and counted, never sent late."""
    due = Q(next_attempt_at__lte=now) | Q(state=LetterState.RETRY)
    late = Letter.objects.waiting().filter(due, expires_at__lte=now)
    return late.update(state=LetterState.EXPIRED, reason="its time has passed", ended_at=now, next_attempt_at=None)


def wake_letters(*, now: dt.datetime) -> int:
    """Letters that wait for longer than any rule says were put off by a clock that was ahead; answers how many.

    They are due now. One that is only good for a while was written for a day that is far away, and is dropped.
    A letter that was written for a later day, such as to whoever covers next month, sleeps until then.
    """
    planned = Q(created_at__lte=now, next_attempt_at__lte=F("due_at"))
    asleep = Letter.objects.waiting().filter(~planned, next_attempt_at__gt=now + LONGEST_WAIT)
    stale = asleep.filter(expires_at__isnull=False, created_at__gt=now)
    dropped = stale.update(
        state=LetterState.EXPIRED, reason="the clock was ahead when it was written", ended_at=now, next_attempt_at=None
    )
    return dropped + asleep.update(
        next_attempt_at=now, due_at=Case(When(due_at__gt=now, then=Value(now)), default="due_at")
    )


def wipe_letters(*, now: dt.datetime) -> int:
    """Forget the words of letters that ended long ago; times, states and attempts stay."""
    old = Letter.objects.exclude(rendered_text="").filter(ended_at__lt=now - KEPT)
    return old.update(rendered_text="", rendered_html="")


def recover_letters(*, now: dt.datetime) -> int:
    """Take letters back whose sender ended: before hand-off they are as new, after it they may have arrived."""
    safe = Letter.objects.with_lapsed_lease(now).filter(state=LetterState.CLAIMED)
    count = safe.update(**_waiting_again(now))
    lost = Letter.objects.with_lapsed_lease(now).filter(state=LetterState.HANDOFF)
    for pk in lost.values_list("pk", flat=True)[:LOST_AT_ONCE]:
        with transaction.atomic():
            letter = lost.select_for_update(of=("self",)).select_related("clinic").filter(pk=pk).first()
            if letter is not None:
                _settle_lost(letter, now)
                count += 1
    return count


def _settle_lost(letter: Letter, now: dt.datetime) -> None:
    close_lost_attempts(letter, now)
    letter.lease_token = letter.lease_until = None
    if policy_of(letter.subject_kind) is Policy.RESEND and letter.attempts < MOST_ATTEMPTS:
        letter.state, letter.next_attempt_at = LetterState.RETRY, now
    else:
        letter.state, letter.ended_at, letter.reason = LetterState.UNCERTAIN, now, "the sender ended before the answer"
        tell_uncertain(letter, now)
    letter.save(update_fields=["state", "lease_token", "lease_until", "next_attempt_at", "ended_at", "reason"])


def _waiting_again(at: dt.datetime) -> dict[str, object]:
    """The fields of a letter that goes back to wait: it was tried before, or it was not."""
    return {
        "state": Case(
            When(attempts__gt=0, then=Value(LetterState.RETRY.value)), default=Value(LetterState.PENDING.value)
        ),
        "lease_token": None,
        "lease_until": None,
        "next_attempt_at": at,
    }


def deliver_due(*, now: dt.datetime, limit: int = 1000, channel: Channel | None = None) -> Swept:
    """Carry out up to `limit` due letters, one conversation a channel, for at most PATIENCE_SECONDS.

    When nobody answers at a mail server, its letters in hand go back untried; other channels go on.
    `channel` carries the letters of its own kind, or all of them if it has no name.
    """
    swept, lines, began = Swept(), Lines(channel), time.monotonic()
    try:
        while swept.claimed < limit and time.monotonic() - began < PATIENCE_SECONDS:
            claim = claim_letters(now=now, limit=min(BATCH, limit - swept.claimed))
            if not claim.letters:
                break
            swept.claimed += len(claim.letters)
            for letter in word_letters(claim.letters, claim.token, now):
                if time.monotonic() - began >= PATIENCE_SECONDS:
                    break
                if letter.channel not in lines.down:
                    _carry_or_log(letter, claim.token, lines, now, swept)
            _release(claim, lines.down, now)
    finally:
        lines.close()
    swept.is_reachable = not lines.down
    return swept


class Lines:
    """The conversations of one round, each begun when its first letter comes."""

    def __init__(self, given: Channel | None) -> None:
        self._given = given
        self._open: dict[str, Channel] = {}
        self.down: set[str] = set()

    def to(self, name: str) -> Channel:
        if self._given is not None and getattr(self._given, "name", name) == name:
            return self._given
        if name not in self._open:
            self._open[name] = CHANNELS[name]()
        return self._open[name]

    def close(self) -> None:
        for line in [*self._open.values(), *([self._given] if self._given is not None else [])]:
            line.close()


def _release(claim: Claim, down: set[str], now: dt.datetime) -> None:
    """What the round did not come to waits again; where nobody answers, a little longer."""
    held = Letter.objects.filter(state=LetterState.CLAIMED, lease_until=claim.until, lease_token=claim.token)
    if down:
        held.filter(channel__in=sorted(down)).update(**_waiting_again(now + UNREACHABLE_WAIT))
    held.update(**_waiting_again(now))


def _carry_or_log(letter: Letter, token: UUID, lines: Lines, now: dt.datetime, swept: Swept) -> None:
    """A failure that nobody foresaw must not keep the other letters from leaving; this one waits a while."""
    try:
        _carry(letter, token, lines, now, swept)
    except DatabaseError:
        raise
    except Exception:
        log.exception("letter %s of kind %s could not be carried", letter.pk, letter.kind)
        say_work_failed(clinic=letter.clinic, kind="letter", pk=letter.pk, now=now)
        Letter.objects.claimed_by(letter, token).update(**_waiting_again(now + AFTER_A_FAILURE))


def _carry(letter: Letter, token: UUID, lines: Lines, now: dt.datetime, swept: Swept) -> None:
    kind = CHANNELS[letter.channel]
    try:
        message = kind.compose(letter, now=now)
    except (ValueError, LookupError):
        log.exception("letter %s of kind %s could not be composed", letter.pk, letter.kind)
        give_up(letter, token, DeadEnd.TEMPLATE_FAILED, now)
        return
    line = lines.to(letter.channel)
    try:
        line.offer(address=letter.address or kind.address_for(letter))
    except NotTaken as refusal:
        if refusal.answer.end is AttemptEnd.UNREACHABLE:
            log.warning("letters wait: %s", refusal.answer.words)
            lines.down.add(letter.channel)
        else:
            record_end(letter, token, refusal.answer, now)
        return
    if not _hand_off(letter, token, now):
        line.withdraw()
        _put_aside(letter, token, now)
        return
    if record_end(letter, token, line.give(message), now).state is LetterState.SENT:
        swept.sent += 1


def _hand_off(letter: Letter, token: UUID, now: dt.datetime) -> bool:
    """Commit that the text is about to be given; False when something has taken the letter back."""
    if _quiet_until(letter, now) is not None or not move_to_handoff(letter, token, now=now):
        return False
    letter.state, letter.attempts = LetterState.HANDOFF, letter.attempts + 1
    return True


def _stopped(letter: Letter, now: dt.datetime) -> KillSwitchQuerySet:
    scopes = ["all", "nudges"] if letter.subject_kind == NUDGE else ["all"]
    return KillSwitch.objects.on_at(now).filter(clinic=letter.clinic_id, scope__in=scopes)


def _quiet_until(letter: Letter, now: dt.datetime) -> dt.datetime | None:
    """Nudges keep the client's quiet hours up to the last moment; other letters know none."""
    if letter.subject_kind != NUDGE or letter.client is None:
        return None
    preferences = getattr(letter.client, "preferences", None)
    return quiet_ends(
        now,
        zone_of(letter.client.zone, letter.clinic.zone),
        (preferences and preferences.quiet_from) or QUIET_FROM,
        (preferences and preferences.quiet_until) or QUIET_UNTIL,
    )


def _put_aside(letter: Letter, token: UUID, now: dt.datetime) -> None:
    """Something kept the letter from being handed off: say what, where we still hold it."""
    mine = Letter.objects.claimed_by(letter, token)
    free = {"lease_token": None, "lease_until": None}
    ended = {**free, "ended_at": now, "next_attempt_at": None}
    quiet = _quiet_until(letter, now)
    stop = _stopped(letter, now).first()
    # What a restored backup holds is passed over while it is held: the time of the next try is now.
    resumes = quiet or (stop and (stop.until_at or now))
    if letter.expires_at is not None and letter.expires_at <= (quiet or now):
        mine.update(state=LetterState.EXPIRED, reason="its time has passed", **ended)
    elif resumes is not None:
        mine.update(**_waiting_again(resumes))
    else:
        mine.update(state=LetterState.CANCELLED, reason="unsubscribed", **ended)
