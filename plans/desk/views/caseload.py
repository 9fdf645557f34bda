"""The caseload: who needs you, whom to keep an eye on, and who is fine."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.people.adapters import staff_only
from accounts.people.models import Client
from accounts.people.querysets import ClientQuerySet
from accounts.people.rules import Permission
from plans.desk.querysets.caseload import away_around, clients_in, counts_of, unanswered_in
from plans.desk.views.rows import LONGEST_OF_ALL, groups_of
from plans.desk.views.sitting import StaffRequest


@staff_only(Permission.SEE_CASELOAD)
@require_safe
def caseload(request: StaffRequest) -> HttpResponse:
    """GET ?show=mine|clinic|invited|discharged&q=&all=1. Who covers for somebody begins with their clients too."""
    today = timezone.localdate()
    counts = counts_of(request.clinic, request.membership, request.user)
    away = away_around(request.membership, timezone.now())
    covers = any(absence.cover_id == request.membership.pk for absence in away)
    show = request.GET.get("show") or ("mine" if request.membership.is_bodyworker and not covers else "clinic")
    words = request.GET.get("q", "").strip()
    context: dict[str, Any] = {
        "show": show,
        "away": away,
        "words": words,
        "filters": filters_of(request, show, counts),
        "nobody_at_all": not any(counts.values()),
    }
    clients = clients_of(request, show, words)
    if show in ("invited", "discharged"):
        context["clients"] = clients.select_related("invitation").order_by("-invited_at")[:LONGEST_OF_ALL]
        return render(request, "desk/caseload.html", context)
    groups = groups_of(clients, today, is_whole="all" in request.GET)
    totals = {group.standing.value: group.total for group in groups}
    context |= {"groups": groups, "totals": totals, "today": today}
    return render(request, "desk/caseload.html", context)


def clients_of(request: StaffRequest, show: str, words: str) -> ClientQuerySet:
    """The clients a filter shows, narrowed by a part of a name, an email or a phone number."""
    clients = clients_in(request.clinic, request.user)
    if show == "discharged":
        clients = clients.filter(discharged_at__isnull=False)
    elif show == "invited":
        clients = clients.invited()
    else:
        clients = clients.in_care()
        if show == "mine":
            mine = Q(pk__in=Client.objects.in_care_of(request.membership).values("pk"))
            # An owner who treats people, too, begins with what is left of the whole clinic.
            left = Q(pk__in=unanswered_in(request.clinic).values("pk"))
            clients = clients.filter(mine | left if request.membership.is_owner else mine)
    if words:
        clients = clients.filter(Q(name__icontains=words) | Q(email__iexact=words) | Q(phone__icontains=words))
    return clients


def filters_of(request: StaffRequest, show: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The parts of the list; a bodyworker who covers for nobody sees no second list of the same people."""
    base = reverse("desk:caseload")
    whole = _("Whole clinic") if request.membership.is_owner else _("With those I cover for")
    choices: list[tuple[str, str, int | None]] = []
    if request.membership.is_bodyworker:
        choices.append(("mine", _("My clients"), counts["mine"]))
    if request.membership.is_owner or counts["clinic"] > counts["mine"] or show == "clinic":
        choices.append(("clinic", whole, counts["clinic"]))
    choices += [("invited", _("Invited, not started"), counts["invited"]), ("discharged", _("Discharged"), None)]
    return [
        {"url": f"{base}?show={kind}", "label": label, "count": count, "current": kind == show}
        for kind, label, count in choices
    ]
