"""Which cases are waiting, who has them, and what happens next?"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.people.adapters import staff_only
from accounts.people.models import Absence
from accounts.people.rules import Permission
from accounts.post.models import Letter
from accounts.post.rules import Audience, LetterState
from plans.followup.models import Escalation
from plans.followup.rules import EscalationState, Urgency
from plans.followup.views.sitting import StaffRequest
from plans.journal.drawings import sparkline
from plans.journal.models import PainReport
from plans.journal.rules import Moment

SHOWN = 60
SHOWN_RESOLVED = 5
TREND_DAYS = 14
UNANSWERED = (EscalationState.OPEN, EscalationState.NOTIFIED)
KINDS = {
    "open": UNANSWERED,
    "acknowledged": (EscalationState.ACKNOWLEDGED,),
    "resolved": (EscalationState.RESOLVED,),
}
MOST_URGENT_FIRST = Case(
    *(When(urgency=urgency.value, then=Value(place)) for place, urgency in enumerate(reversed(Urgency))),
    default=Value(len(Urgency)),
    output_field=IntegerField(),
)


@dataclass
class CaseRow:
    """One case of the list, with who was told of it."""

    case: Escalation
    trend: str = ""
    told: list[Letter] = field(default_factory=list)

    @property
    def is_late(self) -> bool:
        return self.case.nobody_answered_at is not None


@dataclass(frozen=True)
class Group:
    title: str
    note: str
    rows: list[CaseRow]


@staff_only(Permission.ANSWER_ESCALATION)
@require_safe
def escalations(request: StaffRequest) -> HttpResponse:
    """GET ?show=live|open|acknowledged|resolved&whose=mine|clinic&q=: cases, unanswered first, by urgency and age."""
    now = timezone.now()
    show = request.GET.get("show", "live")
    whose = request.GET.get("whose", "mine")
    words = request.GET.get("q", "").strip()
    cases = cases_of(request, whose=whose, words=words)
    counts = cases.aggregate(**{kind: Count("pk", filter=Q(state__in=states)) for kind, states in KINDS.items()})
    groups = groups_of(cases, show, counts)
    add_people_and_trends(groups, now)
    context = {
        "groups": groups,
        "filters": filters_of(request, show, whose, counts),
        "counts": counts,
        "oldest": min((row.case.opened_at for row in groups[0].rows), default=None) if groups else None,
        "words": words,
        "show": show,
        "open_cases": None if words else counts["open"] or None,
    }
    return render(request, "followup/escalations.html", context)


def cases_of(request: StaffRequest, *, whose: str, words: str) -> QuerySet[Escalation]:
    cases = Escalation.objects.visible_to(request.user).filter(clinic=request.clinic)
    if whose == "mine" and request.membership.is_bodyworker:
        held = Q(holder=request.membership)
        cared = Q(client__care__bodyworker=request.membership, client__care__ended_on__isnull=True)
        covered = Absence.objects.at(timezone.now()).filter(cover=request.membership).values("bodyworker")
        cover = Q(client__care__bodyworker__in=covered, client__care__ended_on__isnull=True)
        cases = cases.filter(pk__in=Escalation.objects.filter(held | cared | cover).values("pk"))
    return cases.filter(client__name__icontains=words) if words else cases


def groups_of(cases: QuerySet[Escalation], show: str, counts: dict[str, int]) -> list[Group]:
    """What to show, in groups; resolved ones newest first, the others by urgency and age."""
    seen = cases.select_related("client", "holder__user", "acked_by", "resolved_by")
    waiting = seen.order_by(MOST_URGENT_FIRST, "opened_at")
    resolved = seen.filter(state=EscalationState.RESOLVED).order_by("-resolved_at")
    many = SHOWN if show == "resolved" else SHOWN_RESOLVED
    wanted = {
        "open": lambda: waiting.filter(state__in=UNANSWERED)[:SHOWN],
        "acknowledged": lambda: waiting.filter(state=EscalationState.ACKNOWLEDGED)[:SHOWN],
        "resolved": lambda: resolved[:many],
    }
    titles = {
        "open": (_("Open"), _("nobody has these yet")),
        "acknowledged": (_("Acknowledged"), _("somebody has it, not finished")),
        "resolved": (_("Resolved"), _("%(n)s in all") % {"n": counts["resolved"]}),
    }
    kinds = [kind for kind in wanted if show in ("live", kind)]
    found = [Group(*titles[kind], [CaseRow(case) for case in wanted[kind]()]) for kind in kinds if counts[kind]]
    return [group for group in found if group.rows]


def add_people_and_trends(groups: list[Group], now: dt.datetime) -> None:
    """Who was told, from letters that left; the usual pain of 14 days. Two queries for all rows together."""
    rows = [row for group in groups for row in group.rows]
    told = letters_told([row.case for row in rows])
    scores: dict[int, list[int]] = defaultdict(list)
    since = (now - dt.timedelta(days=TREND_DAYS)).date()
    reports = PainReport.objects.standing().filter(client__in={row.case.client_id for row in rows})
    usual = reports.filter(local_on__gte=since, moment__in=[Moment.BEFORE, Moment.CHECK_IN]).order_by("performed_at")
    for client, score in usual.values_list("client_id", "score"):
        scores[client].append(score)
    for row in rows:
        row.told = told.get(row.case.pk, [])
        series = scores[row.case.client_id]
        label = _("Usual pain: %(scores)s") % {"scores": ", ".join(map(str, series))}
        row.trend = sparkline(series, label=label) if series else ""


def letters_told(cases: list[Escalation]) -> dict[int, list[Letter]]:
    """Letters to staff of each case's running generation that really left, one per person, in order."""
    generation = {case.pk: case.generation for case in cases}
    sent = Letter.objects.about("escalation", list(generation)).filter(
        audience=Audience.STAFF, state__in=[LetterState.SENT, LetterState.UNCERTAIN]
    )
    told: dict[int, dict[int | None, Letter]] = defaultdict(dict)
    for letter in sent.select_related("membership__user").order_by("created_at", "pk"):
        if letter.generation == generation[letter.subject_id]:
            told[letter.subject_id].setdefault(letter.membership_id, letter)
    return {pk: list(people.values()) for pk, people in told.items()}


def filters_of(request: StaffRequest, show: str, whose: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    base = reverse("followup:escalations")
    names = {
        "live": (_("Live"), counts["open"] + counts["acknowledged"]),
        "open": (_("Open"), counts["open"]),
        "acknowledged": (_("Acknowledged"), counts["acknowledged"]),
        "resolved": (_("Resolved"), counts["resolved"]),
    }
    choices: list[dict[str, Any]] = [
        {"url": f"{base}?show={kind}&whose={whose}", "label": label, "count": count, "current": kind == show}
        for kind, (label, count) in names.items()
    ]
    if request.membership.is_owner and request.membership.is_bodyworker:
        other = "mine" if whose == "clinic" else "clinic"
        choices.append(
            {"url": f"{base}?show={show}&whose={other}", "label": _("Whole clinic"), "current": whose == "clinic"}
        )
    return choices
