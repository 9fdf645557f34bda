"""Who cares for a client, when they were last in touch, and when they meet next."""

import datetime as dt

from django.db import transaction

from accounts.people.models import CareRelationship, Client, Contact, Membership, User
from accounts.people.rules import ContactKind, zone_of

from .audit import mark_needs_look, record_audit


class CareRelationshipOver(Exception):
    """Nobody cares for this client at the moment."""


@transaction.atomic
def record_contact(*, client: Client, kind: ContactKind, at: dt.datetime, by: User, now: dt.datetime) -> Contact:
    """Write down a visit, call or message that happened; the silence rules read it."""
    contact = Contact.objects.create(clinic=client.clinic, client=client, kind=kind, at=at, by=by)
    record_audit(
        clinic=client.clinic,
        verb="contact_recorded",
        subject_kind="contact",
        subject_id=contact.pk,
        client=client,
        by=by,
        now=now,
        details={"kind": str(kind)},
    )
    mark_needs_look(client=client, now=now)
    return contact


@transaction.atomic
def set_next_visit(*, client: Client, on: dt.date | None, by: User, now: dt.datetime) -> None:
    """Say when client and bodyworker meet next; None when nothing is agreed.

    Raises:
        CareRelationshipOver: there is no bodyworker to meet.
    """
    care = CareRelationship.objects.primary().filter(client=client).first()
    if care is None:
        raise CareRelationshipOver
    care.next_visit_on = on
    care.save(update_fields=["next_visit_on"])
    record_audit(
        clinic=client.clinic,
        verb="next_visit_set",
        subject_kind="care",
        subject_id=care.pk,
        client=client,
        by=by,
        now=now,
    )
    mark_needs_look(client=client, now=now)


@transaction.atomic
def hand_over_client(*, care: CareRelationship, heir: Membership, by: User, now: dt.datetime) -> CareRelationship:
    """End this care and let a colleague go on with it, next visit included.

    A colleague who already treats the client beside the first one becomes the primary.
    """
    today = now.astimezone(zone_of(care.clinic.zone)).date()
    care.ended_on = max(today, care.began_on)
    care.save(update_fields=["ended_on"])
    inherited = CareRelationship.objects.live().filter(client=care.client, bodyworker=heir).first()
    if inherited is None:
        inherited = CareRelationship(
            clinic=care.clinic, client=care.client, bodyworker=heir, began_on=today, is_primary=False
        )
    inherited.is_primary = inherited.is_primary or care.is_primary
    inherited.next_visit_on = inherited.next_visit_on or care.next_visit_on
    inherited.save()
    record_audit(
        clinic=care.clinic,
        verb="client_handed_over",
        subject_kind="care",
        subject_id=inherited.pk,
        client=care.client,
        by=by,
        now=now,
        details={"from": care.bodyworker_id, "to": heir.pk},
    )
    mark_needs_look(client=care.client, now=now)
    return inherited
