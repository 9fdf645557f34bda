"""The caseload: who needs you, whom to keep an eye on, and who is fine."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.people.adapters import staff_only
from accounts.people.querysets import ClientQuerySet
from accounts.people.rules import Permission
from plans.desk.querysets.caseload import (
    Lately,
    caseload_rows,
    clients_in,
    counts_of,
    facts_of,
    lately,
    open_matters,
)
from plans.desk.rules import Reason, Standing, list_order, phase_at, reason_of
from plans.desk.views.sitting import StaffRequest
from plans.journal.drawings import sparkline

# Those who need somebody are all listed; the others are cut, with a link to the rest.
LONGEST = {Standing.NEEDS_YOU: 100, Standing.WATCH: 60, Standing.FINE: 20}
LONGEST_OF_ALL = 500


@dataclass
class Row:
    """A client on the list, in words that are ready to print."""

    name: str
    address: str
    handle: str
    phone: str
    program: str
    reason: Reason
    last_on: dt.date | None
    ends_on: dt.date | None
    pk: int
    program_pk: int | None
    place: int | None = None
    trend: str = ""
    kept: tuple[bool, ...] = ()
    done: int = 0


@dataclass(frozen=True)
class Group:
    standing: Standing
    rows: list[Row]
    hidden: int

    @property
    def total(self) -> int:
        return len(self.rows) + self.hidden


@staff_only(Permission.SEE_CASELOAD)
@require_safe
def caseload(request: StaffRequest) -> HttpResponse:
    """GET ?show=mine|clinic|invited|discharged&q=&all=1."""
    today = timezone.localdate()
    counts = counts_of(request.clinic, request.membership, request.user)
    show = request.GET.get("show") or ("mine" if request.membership.is_bodyworker else "clinic")
    words = request.GET.get("q", "").strip()
    context: dict[str, Any] = {
        "show": show,
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
            clients = clients.in_care_of(request.membership)
    if words:
        clients = clients.filter(Q(name__icontains=words) | Q(email__iexact=words) | Q(phone__icontains=words))
    return clients


def groups_of(clients: ClientQuerySet, today: dt.date, *, is_whole: bool) -> list[Group]:
    rows = judged_rows(clients, today)
    groups = []
    for standing in Standing:
        here = [row for row in rows if row.reason.standing is standing]
        longest = LONGEST_OF_ALL if is_whole else LONGEST[standing]
        if here:
            groups.append(Group(standing, here[:longest], len(here[longest:])))
    add_lately([row for group in groups for row in group.rows], today)
    return groups


def judged_rows(clients: ClientQuerySet, today: dt.date) -> list[Row]:
    """Every client with the reason for their place, in the order of the list."""
    found = caseload_rows(clients, today=today)
    cases, hints = open_matters([row["pk"] for row in found])
    # One address, filled in by hand: reversing it for every row costs more than the row.
    pattern = reverse("desk:client", args=["00000000-0000-0000-0000-000000000000"])
    rows = []
    for row in found:
        facts = facts_of(row, cases.get(row["pk"], ()), hints.get(row["pk"], ()))
        rows.append(
            Row(
                name=row["name"],
                address=pattern.replace("00000000-0000-0000-0000-000000000000", str(row["uuid"])),
                handle=str(row["uuid"]),
                phone=row["phone"],
                program=facts.program,
                reason=reason_of(facts, today=today),
                last_on=facts.last_on,
                ends_on=facts.ends_on,
                pk=row["pk"],
                program_pk=(row["program"] or {}).get("pk"),
            )
        )
    return sorted(rows, key=lambda row: list_order(row.reason, row.name))


def add_lately(rows: list[Row], today: dt.date) -> None:
    """The spark, the last planned sessions and the phase, for the rows that are shown."""
    programs = [row.program_pk for row in rows if row.program_pk]
    found = lately([row.pk for row in rows], programs, today=today)
    for row in rows:
        recent = found.get(row.pk, Lately())
        row.kept = tuple(recent.kept)
        row.done = sum(recent.kept)
        if row.ends_on:
            phase = phase_at(recent.spans, row.ends_on, today=today)
            row.place = phase.position if phase else None
        if recent.trend:
            label = _("Pain after sessions: %(scores)s") % {"scores": ", ".join(map(str, recent.trend))}
            row.trend = sparkline(recent.trend, label=label)


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
