"""What the rules read beside the logs: how it began, what is asked, what was done, who was in touch.

A fixed number of statements for any number of clients.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db.models import Max, Min, Q

from accounts.people.models import Client, Contact
from plans.followup.rules import HORIZON_DAYS, Asked, Care, Day, Done, Running
from plans.journal.models import OutcomeAnswer, PainReport, Session, SessionItem
from plans.journal.rules import MeasureSlug, OutcomeScore, baseline_of
from plans.journal.rules.readings import BASELINE_DAYS
from plans.programs.models import PlannedSession, Program
from plans.programs.rules import Dose, seconds_of

from .reports import WINDOW

DAY = dt.timedelta(days=1)
SENDING = dt.timedelta(minutes=2)
"""How long after a log more of the same phone may be on their way."""
DOSE = ("sets", "reps", "hold_s", "duration_s", "per_side", "rest_s")


def care_of(clients: Collection[Client], *, now: dt.datetime) -> dict[int, Care]:
    """The facts about each of these clients as of now, in their own days."""
    ids = [client.pk for client in clients]
    today = {client.pk: now.astimezone(client.local_zone).date() for client in clients}
    spans = first_and_last_log(ids)
    baselines = baselines_of(spans)
    asked, contacts, done = _asked(ids, now), _contacts(clients, now), _done(ids, now)
    outcomes = OutcomeAnswer.objects.filter(client__in=ids).courses_by_client()
    return {
        pk: Care(
            today=today[pk],
            baseline=baselines.get(pk),
            first_log_on=spans[pk][0] if pk in spans else None,
            last_log_on=spans[pk][1] if pk in spans else None,
            asked=asked[pk],
            contacts=tuple(contacts[pk]),
            done=tuple(done[pk]),
            psfs=scores_in(outcomes, pk, MeasureSlug.PSFS),
            change=scores_in(outcomes, pk, MeasureSlug.GROC),
            is_sending=pk in spans and abs(now - spans[pk][2]) < SENDING,
        )
        for pk in ids
    }


def scores_in(
    outcomes: dict[int, dict[MeasureSlug, list[OutcomeScore]]], client: int, slug: MeasureSlug
) -> tuple[OutcomeScore, ...]:
    return tuple(outcomes.get(client, {}).get(slug, ()))


def first_and_last_log(ids: Collection[int]) -> dict[int, tuple[dt.date, dt.date, dt.datetime]]:
    """The first and the last day that has a log, and when the last one came in."""
    logs = Session.objects.standing().filter(client__in=ids).order_by()
    rows = logs.values_list("client").annotate(Min("local_on"), Max("local_on"), Max("received_at"))
    return {client: (first, last, came) for client, first, last, came in rows}


def baselines_of(spans: dict[int, tuple[dt.date, dt.date, dt.datetime]]) -> dict[int, float]:
    if not spans:
        return {}
    week = dt.timedelta(days=BASELINE_DAYS - 1)
    early = Q(pk__in=[])
    for pk, (first, *_) in spans.items():
        early |= Q(client=pk, local_on__range=(first, first + week))
    usual = PainReport.objects.filter(early).usual_by_client()
    found = {pk: baseline_of(usual.get(pk, ()), first_log_on=first) for pk, (first, *_) in spans.items()}
    return {pk: baseline for pk, baseline in found.items() if baseline is not None}


def _asked(ids: Collection[int], now: dt.datetime) -> dict[int, Asked]:
    first, last = (now - WINDOW).date(), now.date() + (HORIZON_DAYS + 1) * DAY
    programs = Program.objects.running().filter(client__in=ids).order_by("starts_on", "pk")
    planned = PlannedSession.objects.standing().filter(client__in=ids, on__range=(first, last))
    logged = Session.objects.standing().filter(client__in=ids, program__isnull=False, local_on__gte=first)
    running: dict[int, list[Running]] = defaultdict(list)
    for client, pk, starts_on in programs.values_list("client_id", "pk", "starts_on"):
        running[client].append(Running(pk, starts_on))
    planned_days = _days(planned.values_list("client_id", "program_id", "on"))
    logged_days = _days(logged.values_list("client_id", "program_id", "local_on"))
    return {pk: Asked(tuple(running[pk]), frozenset(planned_days[pk]), frozenset(logged_days[pk])) for pk in ids}


def _days(rows: Iterable[tuple[Any, ...]]) -> dict[int, set[Day]]:
    found: dict[int, set[Day]] = defaultdict(set)
    for client, program, on in rows:
        found[client].add(Day(program, on))
    return found


def _contacts(clients: Collection[Client], now: dt.datetime) -> dict[int, list[dt.date]]:
    """Days of visits, calls and messages."""
    zones = {client.pk: client.local_zone for client in clients}
    found: dict[int, list[dt.date]] = defaultdict(list)
    rows = Contact.objects.filter(client__in=zones, at__gte=now - WINDOW).order_by("at")
    for client, at in rows.values_list("client_id", "at"):
        found[client].append(at.astimezone(zones[client]).date())
    return found


def _done(ids: Collection[int], now: dt.datetime) -> dict[int, list[Done]]:
    """Every technique done since the first log that is judged, with the seconds that were asked of it."""
    found: dict[int, list[Done]] = defaultdict(list)
    standing = SessionItem.objects.filter(session__removed_at__isnull=True)
    for client, _, done in done_in(standing, ids, since=now - WINDOW):
        found[client].append(done)
    return found


def done_in(items: Any, ids: Collection[int], *, since: dt.datetime) -> Iterator[tuple[int, int, Done]]:
    """(client, session, what was done) for each technique that these clients have done since then."""
    rows = items.filter(session__client__in=ids, session__performed_at__gte=since, is_done=True).values_list(
        "session__client_id",
        "session_id",
        "session__performed_at",
        "prescription__revision__technique_id",
        *(f"prescription__{name}" for name in DOSE),
    )
    for client, session, at, technique, *dose in rows:
        seconds = seconds_of(Dose(**dict(zip(DOSE, dose, strict=True))))
        yield client, session, Done(f"session:{session}", at, technique, seconds)
