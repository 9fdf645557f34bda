"""Log a session, check in, or stop because it hurts too much."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.people.adapters import clients_only
from plans.journal.actions import LogConflict, log_session
from plans.journal.forms import (
    AskedSession,
    CheckInForm,
    HurtsForm,
    LogForm,
    MorningForm,
    SessionForm,
    asked_again,
    asked_session,
    bodyworker_of,
    last_sites,
    session_of_yesterday,
    text_of,
    weekly_bundles,
)
from plans.journal.rules import LogRefused, LogSource
from plans.library.models import RedFlag, WeeklyBundle


@clients_only
@require_http_methods(["GET", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """A session that was done: the planned one named by `session`, else today's."""
    asked = asked_for(request)
    if asked is None:
        return kept_as_check_in(request) if "program" in request.POST else redirect("journal:check_in")
    more = {"program": asked.program, "moves": asked.items, "bundles": due_this_week(request)}
    form = filled(request, SessionForm, initial=first_words(request, asked), **more)
    return saved(request, form) or page(request, "journal/log.html", form, asked=asked)


@clients_only
@require_http_methods(["GET", "POST"])
def check_in(request: HttpRequest) -> HttpResponse:
    """How is it now? Nothing was done."""
    form = filled(request, CheckInForm, initial=first_words(request), bundles=due_this_week(request))
    return saved(request, form) or page(request, "journal/check_in.html", form)


def kept_as_check_in(request: HttpRequest) -> HttpResponse:
    """A page about a program that this person may not log to: what was typed stays, to be saved as a check-in."""
    typed = {"now_score": request.POST.get("after", ""), "sites": request.POST.getlist("sites"), "log": uuid4()}
    asked_too = {name: request.POST.get(name, "") for name in ("can_wait", "slept_badly", "note")}
    client = request.acting_client  # type: ignore[attr-defined]
    flags = list(RedFlag.objects.of(client.clinic_id).order_by("position"))
    form = CheckInForm(client=client, now=timezone.now(), flags=flags, initial=typed | asked_too)
    messages.warning(
        request, _("There is no such program to log to. What you wrote is kept here: save it as a check-in.")
    )
    return page(request, "journal/check_in.html", form, moved=True)


@clients_only
@require_http_methods(["GET", "POST"])
def morning(request: HttpRequest) -> HttpResponse:
    """The morning after yesterday's session; without one there is a check-in."""
    client = request.acting_client  # type: ignore[attr-defined]
    yesterday = session_of_yesterday(client=client, today=timezone.localdate())
    if yesterday is None and request.method == "GET":
        return redirect("journal:check_in")
    form = filled(request, MorningForm, initial=first_words(request))
    return saved(request, form) or page(request, "journal/morning.html", form, yesterday=yesterday)


@clients_only
@require_http_methods(["GET", "POST"])
def hurts(request: HttpRequest) -> HttpResponse:
    """It hurts too much: stop, six safety questions, and the bodyworker is told."""
    asked = asked_for(request)
    moves = asked.items if asked else ()
    program = asked.program if asked else None
    form = filled(request, HurtsForm, program=program, moves=moves, initial=first_words(request))
    return saved(request, form) or page(request, "journal/hurts.html", form, asked=asked)


def filled(request: HttpRequest, kind: type[LogForm], **more: Any) -> LogForm:
    """The form as it was sent, or empty with a UUID of its own."""
    client = request.acting_client  # type: ignore[attr-defined]
    flags = list(RedFlag.objects.of(client.clinic_id).order_by("position"))
    return kind(request.POST or None, client=client, now=timezone.now(), flags=flags, **more)


def due_this_week(request: HttpRequest) -> list[WeeklyBundle]:
    return weekly_bundles(client=request.acting_client, now=timezone.now())  # type: ignore[attr-defined]


def first_words(request: HttpRequest, asked: AskedSession | None = None) -> dict[str, Any]:
    """What the page holds before anyone types: the regions of last time, every move ticked."""
    client = request.acting_client  # type: ignore[attr-defined]
    moves = [str(move.uuid) for move in asked.items] if asked else []
    return {"log": uuid4(), "sites": last_sites(client=client), "items": moves, "when": "today"}


def saved(request: HttpRequest, form: LogForm) -> HttpResponse | None:
    """Keep a right form and go to its answer; None leaves the page as it was typed."""
    if not form.is_bound or not form.is_valid() or form.body is None:
        return None
    client, by = request.acting_client, request.user  # type: ignore[attr-defined]
    try:
        log_session(client=client, body=form.body, by=by, now=timezone.now(), source=LogSource.FORM)  # type: ignore[arg-type]
    except LogRefused as refused:
        for problem in refused.problems:
            form.add_error(form.field_of(problem.field), text_of(problem))
        return None
    except LogConflict:
        return redirect("journal:choose", form.body.uuid)
    except (OperationalError, InterfaceError):
        form.say_unsaved()
        return None
    return redirect("journal:answer", form.body.uuid)


def page(request: HttpRequest, template: str, form: LogForm, **more: Any) -> HttpResponse:
    care = bodyworker_of(request.acting_client)  # type: ignore[attr-defined]
    return render(request, template, {"form": form, "care": care, **more}, status=503 if form.is_unsaved else 200)


def asked_for(request: HttpRequest) -> AskedSession | None:
    """What the sent page asked, else what there is to log."""
    client, program = request.acting_client, named(request.POST.get("program", ""))  # type: ignore[attr-defined]
    if program is not None:
        moves = [move for move in map(named, request.POST.getlist("move")) if move]
        return asked_again(client=client, program=program, moves=moves)
    return asked_session(client=client, today=timezone.localdate(), planned=named(request.GET.get("session", "")))


def named(text: str) -> UUID | None:
    """A UUID out of an address; nonsense names nothing."""
    try:
        return UUID(text)
    except ValueError:
        return None
