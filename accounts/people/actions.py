"""Changes to people and the relations between them."""

import datetime as dt

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from .models import AuditEvent, Client, Clinic, User


def record_audit(
    *,
    clinic: Clinic | None,
    verb: str,
    subject_kind: str,
    subject_id: int | None,
    by: User | None,
    now: dt.datetime,
    client: Client | None = None,
    details: dict[str, object] | None = None,
) -> AuditEvent:
    """Write down who did what; call it inside the action's own transaction.

    `details` holds ids and states only, never a score, a body part or words a person wrote.
    """
    return AuditEvent.objects.create(
        clinic=clinic,
        at=now,
        by=by,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=subject_id,
        client=client,
        details=details or {},
    )


def mark_needs_look(*, client: Client, now: dt.datetime) -> None:
    """Tell follow-up that something it reads has changed; the first unseen change keeps its time.

    The row is written even when it is marked already: the write takes the row's lock, so a claim
    that is running either waits for this transaction or is waited for, and no change slips between.
    """
    Client.objects.filter(pk=client.pk).update(needs_look_since=Coalesce(F("needs_look_since"), Value(now)))
