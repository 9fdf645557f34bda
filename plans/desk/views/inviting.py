"""Invite a client and give a program on one page; give a client here another one; show the way in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.people.actions import InvitationRefused, invitation_link, short_code
from accounts.people.adapters import staff_only
from accounts.people.models import Client, Invitation
from accounts.people.rules import Permission
from accounts.post.models import Letter
from plans.desk.actions import AlreadyInvited, assign_to_client, invite_and_assign, send_invitation_again
from plans.desk.drawings import qr_path
from plans.desk.forms.inviting import AssignForm, InviteForm
from plans.desk.forms.inviting_program import ProgramForm
from plans.desk.forms.inviting_verdicts import SEND
from plans.desk.querysets.inviting import swaps_of
from plans.desk.views.sitting import StaffRequest
from plans.programs.actions import AssignmentBlocked, ProgramAlreadyLive, first_session_of, own_days_of
from plans.programs.models import IntakeAnswer, Program, SignOff
from plans.programs.rules import ProgramState

NEEDS_MENDING = 422


@staff_only(Permission.INVITE_CLIENT)
@require_http_methods(["GET", "POST"])
def invite(request: StaffRequest) -> HttpResponse:
    """GET ?template=<uuid>. POST with `do` other than send or without only shows the page again."""
    now = timezone.now()
    form = InviteForm(
        request.POST or None,
        membership=request.membership,
        today=timezone.localdate(now),
        now=now,
        initial={"template": request.GET.get("template", "")},
    )
    if form.is_sent and form.is_valid():
        try:
            client = _invite(request, form, now).client
        except AlreadyInvited as known:
            client = known.client
        assert client is not None
        return redirect("desk:invited", uuid=client.uuid)
    return render(request, "desk/invite.html", _page(form), status=NEEDS_MENDING if form.is_sent else 200)


def _invite(request: StaffRequest, form: InviteForm, now: Any) -> Invitation:
    return invite_and_assign(
        clinic=request.clinic,
        key=form.cleaned_data["key"],
        name=form.cleaned_data["name"],
        email=form.email,
        phone=form.phone,
        bodyworker=form.carer,
        message=form.cleaned_data["message"],
        order=form.order(),
        by=request.user,
        now=now,
    )


@staff_only(Permission.ASSIGN_PROGRAM)
@require_http_methods(["GET", "POST"])
def assign(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Give a client who is here already a program; what was answered before still counts."""
    client, now = _visible_client(request, uuid), timezone.now()
    form = AssignForm(
        request.POST or None,
        clinic=request.clinic,
        client=client,
        today=timezone.localdate(now),
        now=now,
        initial={"template": request.GET.get("template", "")},
    )
    order = form.order() if form.button == SEND and form.is_valid() else None
    if order is not None:
        try:
            program = assign_to_client(client=client, order=order, by=request.user, now=now)
        except ProgramAlreadyLive:
            form.add_error("template", _("They have this program already. Finish it first, or choose another one."))
        except AssignmentBlocked:
            form.add_error(None, _("Something they said before speaks against it. Look at it below."))
        else:
            messages.success(request, _started(program))
            return redirect("desk:client", uuid=client.uuid)
    return render(
        request, "desk/assign.html", _page(form) | {"client": client}, status=NEEDS_MENDING if form.is_sent else 200
    )


def _started(program: Program) -> str:
    if program.state == ProgramState.RUNNING:
        return _("The program runs.")
    return _("The program waits until the client has answered the safety questions.")


@staff_only(Permission.INVITE_CLIENT)
@require_safe
def invited(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """The way in, shown in the room: code to scan, code to read out, link to copy, and how the letter fares."""
    client = _visible_client(request, uuid)
    invitation = get_object_or_404(Invitation.objects.select_related("clinic"), client=client)
    link = request.build_absolute_uri(invitation_link(invitation))
    code, size = qr_path(link)
    letters = Letter.objects.filter(subject_kind="invitation", subject_id=invitation.pk).order_by("-created_at")
    shown = {"invitation": invitation, "link": link, "code": code, "size": size, "letters": letters[:5]}
    is_open = Invitation.objects.open_at(timezone.now()).filter(pk=invitation.pk).exists()
    spoken = short_code(invitation)
    shown |= {"is_open": is_open, "code_words": [spoken[:4], spoken[4:]], "client": client}
    return render(request, "desk/invited.html", shown | _kept(client))


def _kept(client: Client) -> dict[str, Any]:
    """What went into the record with the invitation."""
    signed = SignOff.objects.filter(client=client).select_related("technique__current", "by").order_by("pk")
    return {
        "programs": Program.objects.filter(client=client).select_related("template").order_by("pk"),
        "answer_count": IntakeAnswer.objects.filter(client=client, superseded_at__isnull=True).count(),
        "swaps": swaps_of(client),
        "sign_offs": {(one.technique_id, one.reason): one for one in signed}.values(),
    }


@staff_only(Permission.INVITE_CLIENT)
@require_POST
def resend(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """A new link and letter; older ones stop working."""
    client = _visible_client(request, uuid)
    invitation = get_object_or_404(Invitation.objects.select_related("clinic", "client"), client=client)
    try:
        send_invitation_again(invitation=invitation, by=request.user, now=timezone.now())
    except InvitationRefused:
        messages.error(request, _("They are in already: there is nothing to send again."))
    else:
        messages.success(request, _("There is a new link. Older links and codes do not work any more."))
    return redirect("desk:invited", uuid=client.uuid)


def _visible_client(request: StaffRequest, uuid: UUID) -> Client:
    clients = Client.objects.visible_to(request.user).filter(clinic=request.clinic, discharged_at__isnull=True)
    return get_object_or_404(clients.select_related("clinic"), uuid=uuid)


def _page(form: ProgramForm) -> dict[str, Any]:
    """The form with what its program would ask on the first day."""
    if form.picked is None:
        return {"form": form}
    own_days = own_days_of(client=form.client) if form.client else ()
    return {"form": form, "first": first_session_of(lines=form.lines, shelf=form.shelf, own_days=own_days)}
