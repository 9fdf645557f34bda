"""What a reminder leads to: one tap on what is in the way, and the page that says why it came."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.people.adapters import clients_only
from plans.followup.actions import say_in_the_way
from plans.followup.models import Nudge
from plans.followup.rules import DEFAULT_NUDGE_POLICY, InTheWay
from plans.programs.models import PlannedSession
from plans.today.forms.in_the_way import InTheWayForm
from plans.today.querysets.day import courses_of, logs_of
from plans.today.querysets.me import latest_nudges, planned_behind, preferences_of, sent_this_week, why_of
from plans.today.querysets.standing import card_of
from plans.today.views.sitting import ClientRequest
from plans.today.views.today import whose


@dataclass(frozen=True)
class Told:
    """One nudge with the session it was about."""

    nudge: Nudge
    planned: PlannedSession | None


@clients_only
@require_http_methods(["GET", "HEAD", "POST"])
def in_the_way(request: ClientRequest) -> HttpResponse:
    """GET asks, and shows what an answer led to; only a POST acts. Pain opens logging."""
    today = timezone.localdate()
    form = InTheWayForm(request.POST if request.method == "POST" else None, today=today)
    if form.is_bound and form.is_valid():
        reason, until = form.cleaned_data["reason"], form.cleaned_data["until"]
        say_in_the_way(client=request.acting_client, reason=reason, by=request.user, now=timezone.now(), until_on=until)
        if reason is InTheWay.PAIN:
            return redirect("journal:check_in")
        return redirect(f"{reverse('today:in-the-way')}?said={reason}")
    said = request.GET.get("said", "")
    context: dict[str, Any] = {"form": form, "client": request.acting_client, "said": said} | whose(request)
    if said == InTheWay.NO_TIME:
        context["move"] = first_move(request, today)
    if said == InTheWay.AWAY:
        preferences = preferences_of(request.acting_client)
        context["paused_until"] = preferences.paused_until_on if preferences else None
    return render(request, "today/in_the_way.html", context, status=422 if form.errors else 200)


def first_move(request: ClientRequest, today: dt.date) -> Any:
    """The first thing today asks for, if anything: two minutes of it count."""
    logs = logs_of(request.acting_client, today=today)
    cards = [card_of(course, logs, today) for course in courses_of(request.acting_client, today=today)]
    return next((card.lines[0] for card in cards if card.lines), None)


@clients_only
@require_safe
def why(request: ClientRequest, letter: UUID | None = None) -> HttpResponse:
    """GET: the reminder behind a letter, or all of the last fortnight: why, when, and what would stop it."""
    client, today = request.acting_client, timezone.localdate()
    asked = why_of(request.user, letter) if letter is not None else None
    if letter is not None and asked is None:
        raise Http404
    if asked is not None:
        client = asked.client
    others = [nudge for nudge in latest_nudges(client, today=today) if asked is None or nudge.pk != asked.pk]
    planned = planned_behind([*others, *([asked] if asked else [])])
    context = {
        "client": client,
        "asked": Told(asked, planned.get(asked.planned_session_id or 0)) if asked else None,
        "others": [Told(nudge, planned.get(nudge.planned_session_id or 0)) for nudge in others],
        "sent_this_week": sent_this_week(client, today=today),
        "most": DEFAULT_NUDGE_POLICY.per_week,
    }
    return render(request, "today/why.html", context)
