"""What is written down about every change and every look, and how follow-up hears of it."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import F, Value
from django.db.models.functions import Coalesce, Least

from accounts.people.models import AuditEvent, Client, Clinic, User

READ = "client_read"


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


def record_read(*, client: Client, by: User, now: dt.datetime) -> None:
    """Write down that a member of staff looked at a client's record, once per person and hour."""
    record_reads(clients=[client], by=by, now=now)


def record_reads(*, clients: Iterable[Client], by: User, now: dt.datetime) -> None:
    """The same for a list of clients, in two statements however many there are.

    A client's look at their own record is theirs and leaves no row.
    """
    others = {client.pk: client for client in clients if by.pk not in (client.user_id, client.guardian_id)}
    if not others:
        return
    hour = now.replace(minute=0, second=0, microsecond=0)
    seen = AuditEvent.objects.filter(client__in=others, verb=READ, by=by, at__gte=hour, at__lte=now)
    for pk in seen.values_list("client_id", flat=True):
        others.pop(pk, None)
    AuditEvent.objects.bulk_create(
        AuditEvent(
            clinic_id=client.clinic_id,
            at=now,
            by=by,
            verb=READ,
            subject_kind="client",
            subject_id=client.pk,
            client=client,
        )
        for client in others.values()
    )


def mark_needs_look(*, client: Client, now: dt.datetime) -> None:
    """Tell follow-up that something it reads has changed; the first unseen change keeps its time.

    The row is written even when it is marked already: the write takes the row's lock, so a claim
    that is running either waits for this transaction or is waited for, and no change slips between.
    A mark that was put off after a failure does not hold back what is new.
    """
    first = Least(Coalesce(F("needs_look_since"), Value(now)), Value(now))
    Client.objects.filter(pk=client.pk).update(needs_look_since=first)


def mark_clinic_needs_look(*, clinic: Clinic, now: dt.datetime) -> None:
    """The same for everybody in the clinic's care, when what they are judged by has changed."""
    in_care = Client.objects.filter(clinic=clinic, accepted_at__isnull=False, discharged_at__isnull=True)
    in_care.update(needs_look_since=Coalesce(F("needs_look_since"), Value(now)))
