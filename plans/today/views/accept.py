"""A client opens the invitation: the page shows it, the button says yes, and an old link leads to a new one."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.people.actions import (
    FoundInvitation,
    InvitationRefused,
    NeedsPassword,
    TooManyAttempts,
    accept_invitation,
    find_invitation,
    record_opening,
    resend_invitation,
    try_door,
)
from accounts.people.adapters import CURRENT_CLIENT, address_of, begin_sitting, send_sign_in_code, too_many
from accounts.people.models import CareRelationship, Client, Invitation, Membership
from accounts.people.rules import Attempt, InvitationStanding, covered_address
from accounts.post.actions import queue_letter
from accounts.post.rules import Audience
from plans.programs.actions import current_version, start_offered
from plans.programs.models import Program
from plans.programs.rules import ProgramState

PICTURES = 4


def _found(token: str) -> FoundInvitation:
    found = find_invitation(token)
    if found is None or found.invitation.client is None:
        raise Http404
    return found


def _client_of(invitation: Invitation) -> Client:
    assert invitation.client is not None  # _found lets nothing else through
    return invitation.client


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows and changes nothing, because mail scanners open links; POST says yes."""
    found, now = _found(token), timezone.now()
    if found.standing(now) != InvitationStanding.OPEN:
        return _closed(request, token, found, now)
    if request.method != "POST":
        record_opening(invitation=found.invitation, now=now)
        return render(request, "today/accept.html", _shown(found.invitation))
    if _is_a_colleague(request, found.invitation):
        return render(request, "today/accept_staff.html", _named(found.invitation), status=403)
    try:
        client = _accept(request, found, now)
    except InvitationRefused:
        return _closed(request, token, _found(token), now)
    except NeedsPassword:
        return render(request, "today/accept_password.html", _named(found.invitation), status=403)
    return _enter(request, client, now)


def _is_a_colleague(request: HttpRequest, invitation: Invitation) -> bool:
    """Staff who try a client's link must not say yes for the client."""
    membership = getattr(request, "membership", None)
    return membership is not None and membership.user.email != _client_of(invitation).email


@transaction.atomic
def _accept(request: HttpRequest, found: FoundInvitation, now: dt.datetime) -> Client:
    by = request.user if request.user.is_authenticated else None
    client = accept_invitation(invitation=found.invitation, by=by, now=now, generation=found.generation)
    assert client.user is not None
    start_offered(client=client, by=client.user, now=now)
    return client


def _enter(request: HttpRequest, client: Client, now: dt.datetime) -> HttpResponse:
    if client.user is not None and request.user != client.user:
        begin_sitting(request, client.user, now, way="invitation")
    request.session[CURRENT_CLIENT] = client.pk
    return redirect("/")


@require_POST
def send_again(request: HttpRequest, token: str) -> HttpResponse:
    """“Send me a new link”: to the address we know and nowhere else, and the page says the same whatever happens."""
    found, now = _found(token), timezone.now()
    invitation, client = found.invitation, _client_of(found.invitation)
    try:
        try_door(what=Attempt.CODE_SENT, account=f"invitation {invitation.pk}", address=address_of(request), now=now)
    except TooManyAttempts as refused:
        return too_many(request, refused.wait)
    if found.standing(now) == InvitationStanding.USED and client.email:
        return send_sign_in_code(request, client.email)
    _renew(invitation, now)
    return render(request, "today/accept_sent.html", _named(invitation))


def _renew(invitation: Invitation, now: dt.datetime) -> None:
    if not _client_of(invitation).email:
        return
    try:
        with transaction.atomic():
            fresh = resend_invitation(invitation=invitation, by=None, now=now)
            queue_letter(
                clinic=fresh.clinic,
                kind="invitation-again",
                audience=Audience.CLIENT,
                client=fresh.client,
                subject_kind="invitation",
                subject_id=fresh.pk,
                generation=fresh.generation,
                due_at=now,
                expires_at=fresh.expires_at,
                dedupe_key=f"invitation:{fresh.pk}:{fresh.generation}",
                now=now,
            )
    except InvitationRefused:
        return


def _closed(request: HttpRequest, token: str, found: FoundInvitation, now: dt.datetime) -> HttpResponse:
    """Used, expired, replaced or taken back: each says so, and how to go on."""
    shown = _named(found.invitation) | {"standing": found.standing(now).value, "token": token}
    return render(request, "today/accept_closed.html", shown, status=410)


def _named(invitation: Invitation) -> dict[str, Any]:
    client = _client_of(invitation)
    return {
        "clinic": invitation.clinic,
        "client": client,
        "bodyworker": _bodyworker(client),
        "covered": covered_address(client.email),
    }


def _bodyworker(client: Client) -> Membership | None:
    care = CareRelationship.objects.primary().filter(client=client).select_related("bodyworker__user").first()
    return care.bodyworker if care else None


def _shown(invitation: Invitation) -> dict[str, Any]:
    offered = Program.objects.filter(client=invitation.client, state=ProgramState.OFFERED)
    programs = [_offer_of(program) for program in offered.order_by("pk")]
    return _named(invitation) | {"programs": programs, "invitation": invitation}


def _offer_of(program: Program) -> dict[str, Any]:
    """What the first phase asks for: how many techniques, how long together, and pictures of the first four."""
    first = current_version(program=program).phases.order_by("position").first()
    if first is None:
        return {"name": program.name, "count": 0}
    lines = list(first.prescriptions.shown().select_related("revision__technique").order_by("position"))
    minutes = sum(line.revision.estimated_minutes or 0 for line in lines)
    return {"name": program.name, "count": len(lines), "minutes": minutes, "pictures": lines[:PICTURES]}
