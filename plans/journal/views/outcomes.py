"""Four short questions, about one minute: answer them, put them right today, or lay them aside."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.people.adapters import clients_only
from plans.journal.actions import answer_outcome, skip_outcomes
from plans.journal.forms import OutcomeForm, open_questions
from plans.journal.rules import LogRefused


@clients_only
@require_http_methods(["GET", "POST"])
def outcomes(request: HttpRequest) -> HttpResponse:
    """What is due, or what the client wants to say without being asked."""
    client, now = request.acting_client, timezone.now()  # type: ignore[attr-defined]
    questions = open_questions(client=client, now=now)
    form = OutcomeForm(request.POST if request.method == "POST" else None, questions=questions)
    if not form.is_bound or not form.is_valid() or not answered(request, form):
        return render(request, "journal/outcomes.html", {"form": form, "due": questions.due})
    if questions.due and form.left_open:
        skip_outcomes(client=client, due=questions.due, by=request.user, now=now)  # type: ignore[arg-type]
    if form.bodies:
        messages.success(request, _("Thank you. Your answers are saved; you can change them until midnight."))
    return redirect("journal:progress")


def answered(request: HttpRequest, form: OutcomeForm) -> bool:
    """Whether every measure was taken; if not, the form says why."""
    client = request.acting_client  # type: ignore[attr-defined]
    for body in form.bodies:
        try:
            answer_outcome(client=client, body=body, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        except LogRefused as refused:
            form.add_problems(body.measure.slug, refused)
    return not form.errors


@clients_only
@require_POST
def skip(request: HttpRequest) -> HttpResponse:
    """Not this time: nobody asks again for this occasion."""
    client, now = request.acting_client, timezone.now()  # type: ignore[attr-defined]
    due = open_questions(client=client, now=now).due
    if due is not None:
        skip_outcomes(client=client, due=due, by=request.user, now=now)  # type: ignore[arg-type]
    messages.success(request, _("All right, not this time. You find the questions under Progress whenever you like."))
    return redirect("home")
