"""A client is invited and given a program in one step: all of it, or nothing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.people.actions import invite_client, resend_invitation
from accounts.people.models import Client, Clinic, Invitation, Membership, User
from accounts.post.actions import queue_letter
from accounts.post.rules import Audience
from plans.programs.actions import assign_program, record_intake, start_offered
from plans.programs.models import Program, ProgramTemplate
from plans.programs.rules import Answer, ProgramState, SignedOff, Swap


class AlreadyInvited(Exception):
    """This very form was sent before; `client` is whom it made."""

    def __init__(self, client: Client) -> None:
        super().__init__(f"client {client.pk} is invited already")
        self.client = client


@dataclass(frozen=True)
class Order:
    """A template with what was answered and decided about it; `starts_on` is a day in the client's zone."""

    template: ProgramTemplate
    starts_on: dt.date
    answers: Sequence[Answer] = ()
    sign_offs: Sequence[SignedOff] = ()
    swaps: Sequence[Swap] = ()


def invite_and_assign(
    *,
    clinic: Clinic,
    key: UUID,
    name: str,
    email: str,
    phone: str,
    bodyworker: Membership,
    message: str,
    order: Order | None,
    by: User,
    now: dt.datetime,
) -> Invitation:
    """Make the client, keep the answers, put the program on offer and write the letter.

    `key` comes with the form and becomes the client's public id, so that a form sent twice invites once.
    Without an email no letter is written: the code is shown in the room.

    Raises:
        AlreadyInvited: the form was sent before.
        AssignmentBlocked and what else `assign_program` raises: nobody was invited.
    """
    known = Client.objects.filter(clinic=clinic, uuid=key).first()
    if known is not None:
        raise AlreadyInvited(known)
    try:
        with transaction.atomic():
            invitation = invite_client(
                clinic=clinic,
                name=name,
                email=email,
                phone=phone,
                bodyworker=bodyworker,
                message=message,
                by=by,
                now=now,
            )
            client = Client.objects.select_related("clinic").get(invitation=invitation)
            client.uuid = key
            client.save(update_fields=["uuid"])
            if order is not None:
                _offer(client, order, by, now)
            _write_letter(invitation, "invitation", now)
            return Invitation.objects.select_related("client", "clinic").get(pk=invitation.pk)
    except IntegrityError:
        twin = Client.objects.filter(clinic=clinic, uuid=key).first()
        if twin is None:
            raise
        raise AlreadyInvited(twin) from None


@transaction.atomic
def assign_to_client(*, client: Client, order: Order, by: User, now: dt.datetime) -> Program:
    """Give a client who is here already another program; it runs at once if nothing is left to ask.

    Raises what `assign_program` raises; then nothing was kept.
    """
    program = _offer(client, order, by, now)
    if client.accepted_at is not None:
        start_offered(client=client, by=by, now=now)
        program.refresh_from_db()
    return program


@transaction.atomic
def send_invitation_again(*, invitation: Invitation, by: User, now: dt.datetime) -> Invitation:
    """A new link, a new code and a new letter; every older one stops working.

    Raises:
        InvitationUsed, InvitationRevoked: there is nothing to ask for any more.
    """
    fresh = resend_invitation(invitation=invitation, by=by, now=now)
    _write_letter(fresh, "invitation-again", now)
    return fresh


def _offer(client: Client, order: Order, by: User, now: dt.datetime) -> Program:
    if order.answers:
        record_intake(client=client, answers=order.answers, by=by, now=now)
    return assign_program(
        client=client,
        template=order.template,
        starts_on=order.starts_on,
        by=by,
        now=now,
        sign_offs=order.sign_offs,
        substitutes=order.swaps,
        state=ProgramState.OFFERED,
    )


def _write_letter(invitation: Invitation, kind: str, now: dt.datetime) -> None:
    client = invitation.client
    if client is None or not client.email:
        return
    queue_letter(
        clinic=invitation.clinic,
        kind=kind,
        audience=Audience.CLIENT,
        client=client,
        subject_kind="invitation",
        subject_id=invitation.pk,
        generation=invitation.generation,
        params={"clinic_name": invitation.clinic.name},
        due_at=now,
        expires_at=invitation.expires_at,
        dedupe_key=f"invitation:{invitation.pk}:{invitation.generation}",
        now=now,
    )
