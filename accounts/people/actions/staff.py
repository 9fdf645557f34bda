"""Who works in a clinic: how a clinic begins, how a colleague joins, and what happens when one leaves."""

import datetime as dt

from django.db import transaction

from accounts.people.models import ApiToken, CareRelationship, Clinic, Membership, User
from accounts.people.rules import Role

from .audit import record_audit
from .care import hand_over_client


class HeirNeeded(Exception):
    """There are clients in this person's care: name the colleague who takes them over."""


class LastOwner(Exception):
    """A clinic always has an owner: name another one first."""


@transaction.atomic
def create_clinic(
    *, slug: str, name: str, zone: str, phone: str, by: User | None, now: dt.datetime, is_demo: bool = False
) -> Clinic:
    """A new practice, still without people."""
    clinic = Clinic.objects.create(slug=slug, name=name, zone=zone, phone=phone, is_demo=is_demo)
    record_audit(clinic=clinic, verb="clinic_created", subject_kind="clinic", subject_id=clinic.pk, by=by, now=now)
    return clinic


@transaction.atomic
def add_staff(
    *,
    clinic: Clinic,
    email: str,
    name: str,
    roles: frozenset[Role],
    by: User | None,
    now: dt.datetime,
    password: str | None = None,
    qualification: str = "",
) -> Membership:
    """Give a person a place on the staff; someone who has left comes back to the same place.

    A new person without a password sets one by the password reset mail.
    """
    email = email.strip().lower()
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, password, name=name)
    membership, _ = Membership.objects.update_or_create(
        clinic=clinic,
        user=user,
        defaults={
            "is_owner": Role.OWNER in roles,
            "is_bodyworker": Role.BODYWORKER in roles,
            "is_curator": Role.CURATOR in roles,
            "qualification": qualification,
            "ended_at": None,
        },
    )
    record_audit(
        clinic=clinic,
        verb="staff_added",
        subject_kind="membership",
        subject_id=membership.pk,
        by=by,
        now=now,
        details={"roles": sorted(roles)},
    )
    return membership


@transaction.atomic
def end_membership(
    *, membership: Membership, by: User | None, now: dt.datetime, heir: Membership | None = None
) -> None:
    """Take a person off the staff: clients go to `heir`, tokens end, and so does every sitting.

    Sittings need no list: a signed-in request without a place in any clinic is signed out.

    Raises:
        HeirNeeded: clients are in this person's care and nobody fit to take them over is named.
        LastOwner: the clinic would be left without an owner.
    """
    owners = Membership.objects.owners().filter(clinic=membership.clinic)
    if membership.is_owner and not owners.exclude(pk=membership.pk).exists():
        raise LastOwner
    care = CareRelationship.objects.live().filter(bodyworker=membership).select_related("client", "clinic")
    relations = list(care.filter(client__discharged_at__isnull=True))
    if relations and not _may_inherit(heir, membership):
        raise HeirNeeded
    for relation in relations:
        assert heir is not None
        hand_over_client(care=relation, heir=heir, by=by or heir.user, now=now)
    membership.ended_at = now
    membership.save(update_fields=["ended_at"])
    if not membership.user.memberships.filter(ended_at__isnull=True).exists():
        ApiToken.objects.filter(user=membership.user, revoked_at__isnull=True).update(revoked_at=now)
    record_audit(
        clinic=membership.clinic,
        verb="membership_ended",
        subject_kind="membership",
        subject_id=membership.pk,
        by=by,
        now=now,
        details={"handed_over": len(relations)},
    )


def _may_inherit(heir: Membership | None, leaver: Membership) -> bool:
    return (
        heir is not None
        and heir.pk != leaver.pk
        and heir.clinic_id == leaver.clinic_id
        and heir.ended_at is None
        and heir.is_bodyworker
    )


@transaction.atomic
def choose_digest(*, membership: Membership, wants_digest: bool, by: User, now: dt.datetime) -> None:
    """Whether the morning's list comes by letter; cases always do."""
    membership.wants_digest = wants_digest
    membership.save(update_fields=["wants_digest"])
    record_audit(
        clinic=membership.clinic,
        verb="digest_chosen",
        subject_kind="membership",
        subject_id=membership.pk,
        by=by,
        now=now,
        details={"on": wants_digest},
    )
