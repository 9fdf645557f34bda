"""Who is on the caseload, what is open for them, and how it went lately: a few queries, however many clients."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from accounts.people.models import Absence, CareRelationship, Client, Clinic, Membership, User
from accounts.people.querysets import ClientQuerySet
from plans.desk.rules import Case, Facts, Hint, Span
from plans.followup.models import Escalation, Review
from plans.followup.rules import LIVE, PRECEDENCE, EscalationState, Signal, Urgency
from plans.journal.models import PainReport, Session
from plans.journal.rules import Moment
from plans.programs.models import Phase, PlannedSession, Program, ProgramVersion
from plans.programs.rules import ProgramState

PLACES = {urgency.value: place for place, urgency in enumerate(reversed(Urgency))}
HINT_PLACES = {rule.value: place for place, rule in enumerate([*Signal, *PRECEDENCE])}
LONG_AGO = dt.date(2000, 1, 1)
# Enough for seven planned sessions at two a week.
DETAIL_DAYS = 28
TREND_DAYS = 14
LAST_PLANNED = 7


def clients_in(clinic: Clinic, user: User) -> ClientQuerySet:
    found: ClientQuerySet = Client.objects.visible_to(user).filter(clinic=clinic)
    return found


def away_around(membership: Membership, now: dt.datetime) -> list[Absence]:
    """Absences under way that this person must know of: their own, those they cover, for an owner everybody's."""
    absences = Absence.objects.at(now).filter(clinic=membership.clinic_id)
    if not membership.is_owner:
        absences = absences.filter(Q(bodyworker=membership) | Q(cover=membership))
    return list(absences.select_related("bodyworker__user", "cover__user").order_by("until_at", "pk"))


def unanswered_in(clinic: Clinic) -> ClientQuerySet:
    """Clients of the clinic with a case of which everybody was told in vain."""
    cases = Escalation.objects.filter(clinic=clinic, nobody_answered_at__isnull=False).unanswered()
    found: ClientQuerySet = Client.objects.filter(pk__in=cases.values("client"))
    return found


def counts_of(clinic: Clinic, membership: Membership, user: User) -> dict[str, int]:
    """How many clients each filter of the list would show."""
    own = Exists(CareRelationship.objects.live().filter(client=OuterRef("pk"), bodyworker=membership))
    accepted = Q(accepted_at__isnull=False, discharged_at__isnull=True)
    return (
        clients_in(clinic, user)
        .annotate(is_mine=own)
        .aggregate(
            mine=Count("pk", filter=accepted & Q(is_mine=True), distinct=True),
            clinic=Count("pk", filter=accepted, distinct=True),
            invited=Count("pk", filter=Q(accepted_at__isnull=True, discharged_at__isnull=True), distinct=True),
        )
    )


def caseload_rows(clients: ClientQuerySet, *, today: dt.date) -> list[dict[str, Any]]:
    """One plain row per client: who, the program, the last log, and the sessions planned since."""
    logged = Session.objects.standing().filter(client=OuterRef("pk"), program__isnull=False)
    since = Coalesce(OuterRef("last_on"), Value(LONG_AGO))
    waiting = (
        PlannedSession.objects.standing()
        .filter(client=OuterRef("pk"), on__lt=today, on__gt=since)
        .order_by()
        .values("client")
        .annotate(n=Count("pk"))
    )
    lately = Q(finished_on__gt=today - dt.timedelta(days=DETAIL_DAYS))
    program = Program.objects.filter(~Q(state=ProgramState.FINISHED) | lately, client=OuterRef("pk"))
    newest = (F("finished_on").desc(nulls_first=True), "-starts_on")
    fields = {name: F(name) for name in ("pk", "name", "state", "state_reason", "starts_on", "ends_on")}
    rows = clients.annotate(
        last_on=Subquery(logged.order_by("-performed_at").values("local_on")[:1]),
        planned_since=Subquery(waiting.values("n")[:1]),
        program=Subquery(program.order_by(*newest).annotate(it=JSONObject(**fields)).values("it")[:1]),
    )
    return list(
        rows.values("pk", "uuid", "name", "phone", "program", "last_on", "planned_since", "accepted_at").order_by(
            "name"
        )
    )


def open_matters(clients: Collection[int]) -> tuple[dict[int, list[Case]], dict[int, list[Hint]]]:
    """Live cases and open hints of these clients, in one query."""
    columns = (
        "client_id",
        "uuid",
        "rule",
        "params",
        "state",
        "urgency",
        "opened_at",
        "follow_up_by",
        "by_name",
        "nobody_at",
    )
    none_at = F("closed_at")  # null for every open hint; stands in for a moment of the right type
    cases = Escalation.objects.filter(client__in=clients, state__in=sorted(LIVE)).annotate(
        by_name=F("acked_by__name"), nobody_at=F("nobody_answered_at")
    )
    hints = (
        Review.objects.open()
        .filter(client__in=clients)
        .annotate(state=Value(""), urgency=Value(""), follow_up_by=none_at, by_name=Value(""), nobody_at=none_at)
    )
    found_cases: dict[int, list[Case]] = defaultdict(list)
    found_hints: dict[int, list[Hint]] = defaultdict(list)
    for client, uuid, rule, params, state, urgency, opened_at, follow_up_by, holder, nobody_at in cases.values_list(
        *columns
    ).union(hints.values_list(*columns), all=True):
        if state:
            is_open = state != EscalationState.ACKNOWLEDGED
            case = Case(
                str(uuid), rule, params, is_open, PLACES[urgency], opened_at, follow_up_by, holder or "", nobody_at
            )
            found_cases[client].append(case)
        else:
            found_hints[client].append(Hint(rule, params))
    return found_cases, found_hints


def facts_of(row: dict[str, Any], cases: Iterable[Case], hints: Iterable[Hint]) -> Facts:
    program = row["program"] or {}
    return Facts(
        program=program.get("name", ""),
        program_state=program.get("state", ""),
        program_reason=program.get("state_reason", ""),
        ends_on=date_of(program.get("ends_on")),
        began_on=date_of(program.get("starts_on")),
        last_on=row["last_on"],
        planned_since=row["planned_since"] or 0,
        cases=tuple(cases),
        hints=tuple(sorted(hints, key=lambda hint: HINT_PLACES.get(hint.rule, len(HINT_PLACES)))),
    )


def date_of(value: Any) -> dt.date | None:
    """A day out of JSON, where databases write it in different lengths."""
    return dt.date.fromisoformat(str(value)[:10]) if value else None


@dataclass
class Lately:
    """The last weeks of one client: scores after sessions, planned sessions kept or not, phases."""

    trend: list[int] = field(default_factory=list)
    kept: list[bool] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)


def lately(clients: Collection[int], programs: Collection[int], *, today: dt.date) -> dict[int, Lately]:
    """Scores, planned days and phases of the clients shown, in one query."""
    columns = ("client_id", "day", "what", "number", "place")
    window = (today - dt.timedelta(days=DETAIL_DAYS), today)
    newest = ProgramVersion.objects.filter(program=OuterRef("version__program")).order_by("-number").values("pk")[:1]
    reports = (
        PainReport.objects.standing()
        .filter(client__in=clients, local_on__range=window, moment__in=[Moment.AFTER, Moment.CHECK_IN])
        .annotate(day=F("local_on"), what=F("moment"), number=F("score"), place=Value(0))
    )
    planned = (
        PlannedSession.objects.standing()
        .filter(client__in=clients, on__range=window)
        .annotate(day=F("on"), what=Value("planned"), number=Value(0), place=Value(0))
    )
    phases = Phase.objects.filter(version__program__in=programs, version=Subquery(newest)).annotate(
        client_id=F("version__program__client_id"),
        day=F("version__program__ends_on"),
        what=Value("phase"),
        number=F("week_to"),
        place=F("position"),
    )
    rows = reports.values_list(*columns).union(planned.values_list(*columns), phases.values_list(*columns), all=True)
    return sorted_out(sorted(rows), today)


def sorted_out(rows: list[tuple[int, dt.date, str, int, int]], today: dt.date) -> dict[int, Lately]:
    found: dict[int, Lately] = defaultdict(Lately)
    logged: dict[int, set[dt.date]] = defaultdict(set)
    asked: dict[int, list[dt.date]] = defaultdict(list)
    for client, day, what, number, place in rows:
        if what == "planned":
            asked[client].append(day)
        elif what == "phase":
            found[client].spans.append(Span(place, number))
        else:
            if what == Moment.AFTER:
                logged[client].add(day)
            if (today - day).days < TREND_DAYS:
                found[client].trend.append(number)
    for client, days in asked.items():
        counted = [day for day in days if day < today or day in logged[client]]
        found[client].kept = [day in logged[client] for day in counted[-LAST_PLANNED:]]
    return found
