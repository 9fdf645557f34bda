"""How a client comes in: asked by link or short code, agreed to once, never by a secret we keep."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.people.models import CareRelationship, Client, Clinic, Consent, Invitation, Membership, User
from accounts.people.rules import (
    CONSENT_VERSION,
    INVITATION_LASTS,
    INVITATION_PATH,
    SHORT_CODE_ALPHABET,
    SHORT_CODE_LENGTH,
    ConsentPurpose,
    InvitationStanding,
    plain_code,
    standing_of,
    zone_of,
)

from .audit import mark_needs_look, record_audit
from .links import link_token, read_link

LINK_SALT = "people.invitation.link"
CODE_SALT = "people.invitation.code"


class InvitationRefused(Exception):
    """The invitation does not open any more."""


class InvitationUsed(InvitationRefused):
    """Somebody has already said yes."""


class InvitationExpired(InvitationRefused):
    """Its time is over, or a newer link has taken its place."""


class InvitationRevoked(InvitationRefused):
    """The clinic took it back."""


class NeedsPassword(Exception):
    """The client's email belongs to somebody who signs in with a password: the link alone may not do it."""


REFUSALS = {
    InvitationStanding.USED: InvitationUsed,
    InvitationStanding.EXPIRED: InvitationExpired,
    InvitationStanding.REPLACED: InvitationExpired,
    InvitationStanding.REVOKED: InvitationRevoked,
}


@dataclass(frozen=True)
class FoundInvitation:
    """An invitation and the generation its link was made for."""

    invitation: Invitation
    generation: int

    def standing(self, now: dt.datetime) -> InvitationStanding:
        return standing_of(
            now=now,
            opened_generation=self.generation,
            generation=self.invitation.generation,
            expires_at=self.invitation.expires_at,
            is_accepted=self.invitation.accepted_at is not None,
            is_revoked=self.invitation.revoked_at is not None,
        )


def invitation_token(invitation: Invitation) -> str:
    """What the link of this generation carries."""
    return link_token(invitation.pk, invitation.generation, salt=LINK_SALT)


def invitation_link(invitation: Invitation) -> str:
    """The path of the page that shows the invitation; the site's address is put before it by whoever sends it."""
    return INVITATION_PATH.format(token=invitation_token(invitation))


def short_code(invitation: Invitation) -> str:
    """Eight letters and digits to read out, such as 4T7K9M2P: no 0, 1, I, L, O or U in them."""
    return _code_of(invitation.pk, invitation.generation)


def _code_of(pk: int, generation: int) -> str:
    number = int.from_bytes(salted_hmac(CODE_SALT, f"{pk}:{generation}", algorithm="sha256").digest())
    base = len(SHORT_CODE_ALPHABET)
    return "".join(SHORT_CODE_ALPHABET[number // base**place % base] for place in range(SHORT_CODE_LENGTH))


def find_invitation(token: str) -> FoundInvitation | None:
    """The invitation a link was made for, however it stands now; None when we never wrote this link."""
    read = read_link(token, salt=LINK_SALT)
    if read is None:
        return None
    pk, generation = read
    found = Invitation.objects.select_related("clinic", "client", "client__user").filter(pk=pk).first()
    return FoundInvitation(found, generation) if found else None


def find_by_code(*, typed: str, now: dt.datetime) -> Invitation | None:
    """The open invitation with this short code; every open one is compared, each in constant time."""
    code = plain_code(typed)
    found = None
    for pk, generation in Invitation.objects.open_at(now).values_list("pk", "generation"):
        if constant_time_compare(_code_of(pk, generation), code):
            found = pk
    return Invitation.objects.select_related("clinic", "client").get(pk=found) if found else None


@transaction.atomic
def invite_client(
    *,
    clinic: Clinic,
    name: str,
    email: str,
    phone: str,
    bodyworker: Membership,
    message: str,
    by: User,
    now: dt.datetime,
) -> Invitation:
    """Make the client's record, put it into the bodyworker's care and open the way in for 72 hours.

    The letter is written by whoever calls this: post knows people, not the other way round.
    """
    client = Client.objects.create(
        clinic=clinic,
        name=name.strip(),
        email=email.strip().lower(),
        phone=phone.strip(),
        zone=clinic.zone,
        locale=clinic.locale,
        invited_at=now,
    )
    CareRelationship.objects.create(
        clinic=clinic,
        client=client,
        bodyworker=bodyworker,
        began_on=now.astimezone(zone_of(clinic.zone)).date(),
    )
    invitation = Invitation.objects.create(
        clinic=clinic,
        client=client,
        message=message.strip(),
        invited_by=by,
        sent_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    _record("client_invited", invitation, by, now)
    mark_needs_look(client=client, now=now)
    return invitation


def record_opening(*, invitation: Invitation, now: dt.datetime) -> None:
    """Remember when the link was first looked at, so that the bodyworker sees that it arrived."""
    Invitation.objects.filter(pk=invitation.pk, opened_at__isnull=True).update(opened_at=now)


@transaction.atomic
def accept_invitation(
    *, invitation: Invitation, by: User | None, now: dt.datetime, generation: int | None = None
) -> Client:
    """Say yes, once: the record gets its person, the consents are kept, the link is spent.

    `by` is whoever is signed in already, or None. `generation` is the one the link was made for.

    Raises:
        InvitationUsed, InvitationExpired, InvitationRevoked: nothing was changed.
        NeedsPassword: the email is a colleague's; they sign in first and open the link again.
    """
    generation = invitation.generation if generation is None else generation
    claimed = (
        Invitation.objects.open_at(now)
        .filter(pk=invitation.pk, generation=generation, client__isnull=False)
        .update(accepted_at=now, generation=F("generation") + 1)
    )
    if not claimed:
        fresh = Invitation.objects.get(pk=invitation.pk)
        raise REFUSALS.get(FoundInvitation(fresh, generation).standing(now), InvitationUsed)
    client = Client.objects.select_related("clinic", "user").get(invitation=invitation)
    user = _person_of(client, by)
    client.user = user
    client.accepted_at = client.accepted_at or now
    client.save(update_fields=["user", "accepted_at"])
    _grant_consents(client, user, now)
    _record("invitation_accepted", invitation, user, now, client)
    mark_needs_look(client=client, now=now)
    return client


def _person_of(client: Client, by: User | None) -> User:
    """The user behind the record: the one it has, the one of its email (couples share one), or a new one."""
    # Without an email nobody can be written to; the address only fills the column and reaches no one.
    email = client.email or f"{client.uuid}@no-email.invalid"
    user = client.user or User.objects.with_email(email).first()
    if user is None:
        return User.objects.create_user(email, name=client.name)
    if user != by and (not user.is_active or User.objects.staff().filter(pk=user.pk).exists()):
        raise NeedsPassword
    return user


def _grant_consents(client: Client, user: User, now: dt.datetime) -> None:
    held = set(client.consents.filter(withdrawn_at__isnull=True).values_list("purpose", flat=True))
    Consent.objects.bulk_create(
        Consent(
            clinic=client.clinic,
            client=client,
            purpose=purpose,
            version=CONSENT_VERSION,
            given_at=now,
            given_by=user,
        )
        for purpose in ConsentPurpose
        if purpose not in held
    )


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User | None, now: dt.datetime) -> Invitation:
    """Make a new link and code for 72 hours; every older one stops working.

    `by` is None when the client asked for it on the page of an old link. A member of staff may also
    let somebody in again who has no email to get a sign-in code at.

    Raises:
        InvitationUsed, InvitationRevoked: there is nothing to ask for any more.
    """
    spent = Q(accepted_at__isnull=False)
    if by is not None:
        spent &= ~Q(client__email="")
    renewed = (
        Invitation.objects.filter(pk=invitation.pk, revoked_at__isnull=True)
        .filter(Q(client__isnull=True) | Q(client__discharged_at__isnull=True))
        .exclude(spent)
        .update(
            sent_at=now,
            expires_at=now + INVITATION_LASTS,
            generation=F("generation") + 1,
            opened_at=None,
            accepted_at=None,
        )
    )
    fresh = Invitation.objects.select_related("clinic", "client").get(pk=invitation.pk)
    if not renewed:
        raise InvitationUsed if fresh.accepted_at else InvitationRevoked
    _record("invitation_sent_again", fresh, by, now)
    return fresh


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User, now: dt.datetime) -> None:
    """Take an invitation back.

    Raises:
        InvitationUsed: somebody has already said yes; the client can be discharged instead.
    """
    taken_back = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True).update(
        revoked_at=now
    )
    if taken_back:
        _record("invitation_revoked", invitation, by, now)
    elif Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=False).exists():
        raise InvitationUsed


def _record(verb: str, invitation: Invitation, by: User | None, now: dt.datetime, client: Client | None = None) -> None:
    record_audit(
        clinic=invitation.clinic,
        verb=verb,
        subject_kind="invitation",
        subject_id=invitation.pk,
        client=client or invitation.client,
        by=by,
        now=now,
    )
