"""An answer speaks against a program: the bodyworker decides what to do about it, and it goes on."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.people.adapters import staff_only
from accounts.people.models import Client
from accounts.people.rules import Permission
from plans.desk.forms.inviting_settling import SettleForm
from plans.desk.views.sitting import StaffRequest
from plans.programs.actions import AssignmentBlocked, IntakeUnanswered, TemplateEmpty, settle_program
from plans.programs.models import Program
from plans.programs.rules import ProgramState


@staff_only(Permission.ASSIGN_PROGRAM)
@require_http_methods(["GET", "POST"])
def settle(request: StaffRequest, uuid: UUID, program: UUID) -> HttpResponse:
    """POST with `do` other than send only shows the page again with what the choices change."""
    clients = Client.objects.visible_to(request.user).filter(clinic=request.clinic)
    open_programs = Program.objects.filter(client__in=clients, client__uuid=uuid).exclude(state=ProgramState.FINISHED)
    found = get_object_or_404(open_programs.select_related("client", "clinic", "template"), uuid=program)
    form = SettleForm(request.POST or None, program=found, now=timezone.now())
    if form.is_sent and form.is_valid() and _settled(request, found, form):
        return redirect("desk:client", uuid=uuid)
    shown = {"form": form, "program": found, "client": found.client}
    return render(request, "desk/settle.html", shown, status=422 if form.is_sent else 200)


def _settled(request: StaffRequest, program: Program, form: SettleForm) -> bool:
    try:
        program = settle_program(
            program=program, swaps=form.swaps, sign_offs=form.sign_offs(), by=request.user, now=form.now
        )
    except AssignmentBlocked:
        form.add_error(None, _("The client has just answered again. Look at what changed below."))
    except IntakeUnanswered:
        form.add_error(None, _("Some safety questions are not answered yet. The client answers them first."))
    except TemplateEmpty:
        form.add_error(None, _("Nothing would be left of the program. Keep a technique, or end the program."))
    else:
        is_on = program.state == ProgramState.RUNNING
        messages.success(request, _("Saved. The program goes on.") if is_on else _("Saved."))
        return True
    return False
