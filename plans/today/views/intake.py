"""The safety questions that nobody has answered yet, before a client's first session."""

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.people.adapters import clients_only
from accounts.people.models import CareRelationship, Client
from plans.programs.actions import IntakeOutcome, UnknownQuestion, answer_intake, check_program
from plans.programs.forms import IntakeForm
from plans.programs.models import Program
from plans.programs.rules import ProgramState, Question
from plans.today.views.sitting import ClientRequest


@clients_only
@require_http_methods(["GET", "POST"])
def intake(request: ClientRequest) -> HttpResponse:
    """Answers start what is on offer. One that speaks against it is said plainly, and a person looks at it."""
    client, now = request.acting_client, timezone.now()
    offered = list(Program.objects.filter(client=client, state=ProgramState.OFFERED).select_related("client", "clinic"))
    if not offered:
        return redirect("today:today")
    form = IntakeForm(request.POST if request.method == "POST" else None, questions=_open_questions(offered, now))
    if not form.is_valid():
        shown = {"form": form, "programs": offered, "care": _carer(client)}
        return render(request, "today/intake.html", shown, status=422 if form.is_bound else 200)
    try:
        outcome = answer_intake(client=client, answers=form.answers(), by=request.user, now=now)
    except UnknownQuestion:
        return redirect("today:intake")
    return _answered(request, outcome)


def _open_questions(programs: list[Program], now: dt.datetime) -> list[Question]:
    found = [question for program in programs for question in check_program(program=program, now=now).unanswered]
    return list({question.slug: question for question in found}.values())


def _carer(client: Client) -> str:
    care = CareRelationship.objects.primary().filter(client=client).select_related("bodyworker__user").first()
    return care.bodyworker.user.name if care else ""


def _answered(request: ClientRequest, outcome: IntakeOutcome) -> HttpResponse:
    """Held: which technique, and what that means. Started: on to the first session."""
    if not outcome.held:
        messages.success(request, _("Thank you. Your program is ready."))
        return redirect("today:today")
    held = [(program, {f.question.slug: f for f in found.findings}.values()) for program, found in outcome.held]
    shown = {"held": held, "care": _carer(request.acting_client), "clinic": request.clinic}
    return render(request, "today/intake_held.html", shown)
