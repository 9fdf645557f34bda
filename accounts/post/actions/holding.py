"""A database that came out of a backup must not send what the real one sent long ago: a person says when."""

import datetime as dt

from django.db import transaction
from django.db.models import Case, Value, When

from accounts.people.actions import record_audit
from accounts.people.models import Clinic, User

from ..models import KillSwitch, Letter
from ..rules import LetterState

NOT_GIVEN_YET = [LetterState.PENDING, LetterState.RETRY, LetterState.CLAIMED]


@transaction.atomic
def hold_letters(*, reason: str, now: dt.datetime) -> int:
    """Nothing leaves any clinic until somebody of it releases; answers how many letters were waiting.

    A letter in hand loses its lease. Held twice, it is held once.
    """
    for clinic in Clinic.objects.exclude(pk__in=KillSwitch.objects.holds().values("clinic")):
        switch = KillSwitch.objects.create(clinic=clinic, scope="all", reason=reason[:200], from_at=now)
        record_audit(
            clinic=clinic, verb="letters_held", subject_kind="kill_switch", subject_id=switch.pk, by=None, now=now
        )
    waiting = Letter.objects.filter(state__in=NOT_GIVEN_YET)
    return waiting.update(state=LetterState.HELD, next_attempt_at=None, lease_token=None, lease_until=None)


@transaction.atomic
def release_held(*, clinic: Clinic, drop: bool, by: User, now: dt.datetime) -> int:
    """What was held goes out, or is dropped: the person knows what the real clinic had sent already."""
    held = Letter.objects.filter(clinic=clinic, state=LetterState.HELD)
    if drop:
        moved = held.update(state=LetterState.CANCELLED, reason="dropped after a backup was restored", ended_at=now)
    else:
        tried = Case(
            When(attempts__gt=0, then=Value(LetterState.RETRY.value)), default=Value(LetterState.PENDING.value)
        )
        moved = held.update(state=tried, next_attempt_at=now)
    if moved:
        record_audit(
            clinic=clinic,
            verb="held_letters_dropped" if drop else "held_letters_released",
            subject_kind="clinic",
            subject_id=clinic.pk,
            by=by,
            now=now,
            details={"letters": moved},
        )
    return moved
