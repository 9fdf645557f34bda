"""What the clinic itself must know about its post and engine."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.people.actions import record_audit
from accounts.people.models import Clinic, Membership, User

from ..models import Incident, Letter
from ..rules import Audience, IncidentKind
from .queueing import queue_letter


def raise_incident(
    *,
    clinic: Clinic,
    kind: IncidentKind,
    dedupe_key: str,
    now: dt.datetime,
    letter: Letter | None = None,
    details: dict[str, object] | None = None,
    tell: bool = True,
) -> Incident:
    """Write down what went wrong and tell every owner by letter; the same key again tells nobody anew.

    A failed letter about an incident is an incident on the page, but makes no further letter; `tell` says
    whether any is made.
    """
    known = Incident.objects.filter(dedupe_key=dedupe_key).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            incident = Incident.objects.create(
                clinic=clinic, kind=kind, dedupe_key=dedupe_key, letter=letter, opened_at=now, details=details or {}
            )
    except IntegrityError:
        return Incident.objects.get(dedupe_key=dedupe_key)
    if tell and (letter is None or letter.subject_kind != "incident"):
        for owner in Membership.objects.owners().filter(clinic=clinic, email_verified_at__isnull=False):
            queue_letter(
                clinic=clinic,
                kind="incident",
                audience=Audience.STAFF,
                membership=owner,
                subject_kind="incident",
                subject_id=incident.pk,
                params={"path": reverse("post:letters")},
                due_at=now,
                dedupe_key=f"incident:{incident.pk}:{owner.pk}",
                now=now,
            )
    return incident


def say_work_failed(*, clinic: Clinic, kind: str, pk: int, now: dt.datetime) -> Incident:
    """One row could not be worked on; the others were, and it is tried again. Said once a day for each."""
    return raise_incident(
        clinic=clinic,
        kind=IncidentKind.ENGINE_STOOD_STILL,
        dedupe_key=f"failed:{kind}:{pk}:{now.date().isoformat()}",
        details={"work": kind, "id": pk},
        now=now,
    )


@transaction.atomic
def close_incident(*, incident: Incident, by: User, now: dt.datetime) -> bool:
    """An owner has dealt with it; answers False when somebody had closed it before."""
    closed = Incident.objects.filter(pk=incident.pk, closed_at__isnull=True).update(closed_at=now, closed_by=by)
    if closed:
        record_audit(
            clinic=incident.clinic,
            verb="incident_closed",
            subject_kind="incident",
            subject_id=incident.pk,
            by=by,
            now=now,
        )
    return bool(closed)
