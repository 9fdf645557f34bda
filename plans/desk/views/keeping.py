"""What staff write down on a client's page: contacts, the next visit, a pause, a technique put back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.people.actions import CareRelationshipOver, correct_email, record_contact, set_next_visit
from accounts.people.adapters import staff_only
from accounts.people.models import Client
from accounts.people.rules import ContactKind, Permission
from plans.desk.actions.unlocking import unlock_program
from plans.desk.forms.record import ContactForm, EmailForm, NextVisitForm, PauseForm, UnlockForm
from plans.desk.views.client import client_page, visible_client
from plans.desk.views.sitting import StaffRequest
from plans.programs.actions import (
    AssignmentBlocked,
    IntakeUnanswered,
    finish_program,
    hold_program,
    resume_program,
    show_prescription,
)
from plans.programs.models import Prescription, Program
from plans.programs.rules import ProgramState, TransitionNotAllowed


@staff_only(Permission.SEE_CASELOAD)
@require_POST
def contact(request: StaffRequest, uuid: UUID) -> HttpResponse:
    found = visible_client(request, uuid)
    now = timezone.now()
    form = ContactForm(request.POST, today=timezone.localdate(now), auto_id="contact_%s")
    if not form.is_valid():
        return client_page(request, found, contact_form=form)
    kind = ContactKind(form.cleaned_data["kind"])
    record_contact(client=found, kind=kind, at=form.moment(now), by=request.user, now=now)
    messages.success(request, _("Saved. The contact is on the list."))
    return redirect("desk:client", uuid)


@staff_only(Permission.SEE_CASELOAD)
@require_POST
def email(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Another address for the letters, where the one we had does not work."""
    found = visible_client(request, uuid)
    form = EmailForm(request.POST, auto_id="email_%s")
    if not form.is_valid():
        return client_page(request, found, email_form=form)
    correct_email(client=found, email=form.cleaned_data["email"], by=request.user, now=timezone.now())
    messages.success(request, _("Saved. Letters go to the new address from now on."))
    return redirect("desk:client", uuid)


@staff_only(Permission.SEE_CASELOAD)
@require_POST
def next_visit(request: StaffRequest, uuid: UUID) -> HttpResponse:
    found = visible_client(request, uuid)
    now = timezone.now()
    form = NextVisitForm(request.POST, today=timezone.localdate(now), auto_id="visit_%s")
    if not form.is_valid():
        return client_page(request, found, visit_form=form)
    try:
        set_next_visit(client=found, on=form.cleaned_data["on"], by=request.user, now=now)
    except CareRelationshipOver:
        messages.error(request, _("Nobody cares for this client now, so there is no visit to agree."))
    else:
        messages.success(request, _("Saved."))
    return redirect("desk:client", uuid)


@staff_only(Permission.ASSIGN_PROGRAM)
@require_POST
def pause(request: StaffRequest, uuid: UUID, program: UUID) -> HttpResponse:
    found = visible_client(request, uuid)
    form = PauseForm(request.POST, auto_id="pause_%s")
    if not form.is_valid():
        return client_page(request, found, pause_form=form)
    held = program_of(found, program)
    reason = form.cleaned_data["reason"]
    try:
        hold_program(program=held, state=ProgramState.PAUSED, reason=reason, by=request.user, now=timezone.now())
    except TransitionNotAllowed:
        messages.error(request, _("This program cannot be paused any more."))
    else:
        messages.success(request, _("The program is paused. Reminders for it stop."))
    return redirect("desk:client", uuid)


@staff_only(Permission.ASSIGN_PROGRAM)
@require_POST
def finish(request: StaffRequest, uuid: UUID, program: UUID) -> HttpResponse:
    """End a program before its last day; what was done stays on record."""
    found = visible_client(request, uuid)
    try:
        finish_program(program=program_of(found, program), by=request.user, now=timezone.now())
    except TransitionNotAllowed:
        messages.error(request, _("This program had ended already."))
    else:
        messages.success(request, _("The program has ended. What was done stays on record."))
    return redirect("desk:client", uuid)


@staff_only(Permission.ASSIGN_PROGRAM)
@require_POST
def resume(request: StaffRequest, uuid: UUID, program: UUID) -> HttpResponse:
    """Go on with a paused program; a locked one also needs the reason why."""
    found = visible_client(request, uuid)
    held = program_of(found, program)
    form = UnlockForm(request.POST, auto_id="unlock_%s")
    if held.state == ProgramState.LOCKED and not form.is_valid():
        return client_page(request, found, unlock_form=form)
    try:
        go_on(held, form, request)
    except (AssignmentBlocked, IntakeUnanswered):
        messages.error(request, _("It stays as it is: an answer to the safety questions still speaks against it."))
    except TransitionNotAllowed:
        messages.error(request, _("Somebody has changed this program meanwhile."))
    else:
        messages.success(request, _("The program goes on. Its sessions have new days."))
    return redirect("desk:client", uuid)


def go_on(held: Program, form: UnlockForm, request: StaffRequest) -> Any:
    now = timezone.now()
    if held.state == ProgramState.LOCKED:
        return unlock_program(program=held, reason=form.cleaned_data["reason"], by=request.user, now=now)
    return resume_program(program=held, by=request.user, now=now)


@staff_only(Permission.ASSIGN_PROGRAM)
@require_POST
def show_technique(request: StaffRequest, uuid: UUID, prescription: UUID) -> HttpResponse:
    found = visible_client(request, uuid)
    lines = Prescription.objects.filter(phase__version__program__client=found)
    line = get_object_or_404(lines.select_related("phase__version__program__clinic", "revision"), uuid=prescription)
    try:
        show_prescription(prescription=line, by=request.user, now=timezone.now())
    except AssignmentBlocked:
        messages.error(request, _("It stays out: an answer to the safety questions speaks against it."))
    else:
        messages.success(request, _("%(name)s is back in the sessions.") % {"name": line.revision.name})
    return redirect("desk:client", uuid)


def program_of(found: Client, uuid: UUID) -> Program:
    return get_object_or_404(Program.objects.filter(client=found).select_related("clinic", "client"), uuid=uuid)
