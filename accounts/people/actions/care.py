"""Who cares for a client, when they were last in touch, and when they meet next."""

import datetime as dt

from django.db import transaction

from accounts.people.models import CareRelationship, Client, Contact, Membership, User
from accounts.people.rules import ContactKind, zone_of

from .audit import mark_needs_look, record_audit


class CareRelationshipOver(Exception):
    """Nobody cares for this client at the moment, or not this colleague any more."""


class CannotCare(Exception):
    """This person cannot take the client: they treat nobody here, or treat this client already."""

    def __init__(self, member: Membership) -> None:
        super().__init__(f"{member} cannot take this client")
        self.member = member


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


@transaction.atomic
def begin_care(
    *, client: Client, bodyworker: Membership, is_primary: bool, by: User, now: dt.datetime
) -> CareRelationship:
    """A client whom nobody cares for gets a bodyworker, or one who has a bodyworker gets a second who co-treats.

    Raises:
        CannotCare: this person treats nobody here, or treats the client already.
    """
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    known = CareRelationship.objects.live().filter(client=client)
    is_known = known.filter(bodyworker=bodyworker).exists() or (is_primary and known.primary().exists())
    if is_known or not may_care(bodyworker, client):
        raise CannotCare(bodyworker)
    today = now.astimezone(zone_of(client.clinic.zone)).date()
    care = CareRelationship.objects.create(
        clinic=client.clinic, client=client, bodyworker=bodyworker, is_primary=is_primary, began_on=today
    )
    _note("care_began" if is_primary else "co_treating_began", care, by, now)
    return care


@transaction.atomic
def end_co_treating(*, client: Client, bodyworker: Membership, by: User, now: dt.datetime) -> None:
    """A colleague treats the client beside the first one no longer; what they wrote stays.

    Raises:
        CareRelationshipOver: they do not co-treat this client.
    """
    beside = CareRelationship.objects.live().filter(client=client, bodyworker=bodyworker, is_primary=False)
    care = beside.select_for_update(of=("self",)).select_related("clinic", "client").first()
    if care is None:
        raise CareRelationshipOver
    care.ended_on = max(now.astimezone(zone_of(care.clinic.zone)).date(), care.began_on)
    care.save(update_fields=["ended_on"])
    _note("co_treating_ended", care, by, now)


def may_care(bodyworker: Membership, client: Client) -> bool:
    """Does this person treat people in the client's clinic?"""
    return bodyworker.clinic_id == client.clinic_id and bodyworker.ended_at is None and bodyworker.is_bodyworker


def _note(verb: str, care: CareRelationship, by: User, now: dt.datetime) -> None:
    record_audit(
        clinic=care.clinic,
        verb=verb,
        subject_kind="care",
        subject_id=care.pk,
        client=care.client,
        by=by,
        now=now,
        details={"to": care.bodyworker_id},
    )
    mark_needs_look(client=care.client, now=now)
