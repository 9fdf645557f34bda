"""The owner's stop: letters wait, nothing is lost, and it ends by itself."""

import datetime as dt

from django.db import transaction

from accounts.people.actions import record_audit
from accounts.people.models import Clinic, User

from ..models import KillSwitch
from .holding import release_held


@transaction.atomic
def stop_letters(
    *, clinic: Clinic, scope: str, reason: str, until_at: dt.datetime, by: User, now: dt.datetime
) -> KillSwitch:
    """Hold nudges, or all letters with escalations among them, until a time."""
    switch = KillSwitch.objects.create(clinic=clinic, scope=scope, reason=reason, by=by, from_at=now, until_at=until_at)
    record_audit(
        clinic=clinic,
        verb="letters_stopped",
        subject_kind="kill_switch",
        subject_id=switch.pk,
        by=by,
        now=now,
        details={"scope": scope},
    )
    return switch


@transaction.atomic
def lift_stop(*, clinic: Clinic, by: User, now: dt.datetime, drop_held: bool = False) -> int:
    """Let the letters go again, and with them what a restored backup held, or without it; answers how many
    stops were on."""
    lifted = KillSwitch.objects.on_at(now).filter(clinic=clinic).update(lifted_at=now)
    if lifted:
        record_audit(
            clinic=clinic, verb="letters_released", subject_kind="clinic", subject_id=clinic.pk, by=by, now=now
        )
    release_held(clinic=clinic, drop=drop_held, by=by, now=now)
    return lifted
