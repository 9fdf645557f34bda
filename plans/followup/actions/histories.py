"""What was known of each client when: logs from the moment they came, corrections from the moment they were made.

Read only, a fixed number of statements for any number of clients. Programs keep no history of their states: one
that is held or has ended is taken to have run until then. Planned sessions and contacts are as they stand.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from accounts.people.models import Client, Contact
from accounts.post.rules import zone_of
from plans.followup.rules import Asking, Day, Done, FlagYes, History, Log, Running, Score, Told
from plans.journal.models import OutcomeAnswer, Session, SessionItem, SessionRevision
from plans.journal.rules import MeasureSlug, Moment, StopReason
from plans.library.models import RedFlag
from plans.library.rules import FlagUrgency
from plans.programs.models import PlannedSession, Program
from plans.programs.rules import ProgramState

from .care import baselines_of, done_in, first_and_last_log, scores_in
from .reports import LOG_COLUMNS, WINDOW, said_by

COLUMNS = (*LOG_COLUMNS, "clinic_id", "program_id", "zone", "received_at", "removed_at")
FAR_AHEAD = dt.timedelta(days=30)


def histories_of(clients: Collection[Client], *, since: dt.datetime, now: dt.datetime) -> dict[int, History]:
    """What a replay from `since` on needs to know of each of these clients."""
    first = since - WINDOW
    ids = [client.pk for client in clients]
    told, asking, planned = _told(ids, first), _asking(ids, now), _planned(ids, first, now)
    contacts = _contacts(clients, first)
    spans = {pk: span for pk, span in first_and_last_log(ids).items() if span[0] < first.date()}
    baselines = baselines_of(spans)
    outcomes = OutcomeAnswer.objects.filter(client__in=ids).courses_by_client()
    return {
        client.pk: History(
            told=tuple(told[client.pk]),
            asking=tuple(asking[client.pk]),
            planned=frozenset(planned[client.pk]),
            contacts=tuple(contacts[client.pk]),
            first_log_on=spans[client.pk][0] if client.pk in spans else None,
            baseline=baselines.get(client.pk),
            psfs=scores_in(outcomes, client.pk, MeasureSlug.PSFS),
            change=scores_in(outcomes, client.pk, MeasureSlug.GROC),
            discharged_at=client.discharged_at,
        )
        for client in clients
    }


def _told(ids: list[int], first: dt.datetime) -> dict[int, list[Told]]:
    sessions = list(Session.objects.filter(client__in=ids, performed_at__gte=first).values(*COLUMNS))
    said, alone = said_by(sessions, ids, since=first)
    done: dict[int, list[Done]] = defaultdict(list)
    for _, session, each in done_in(SessionItem.objects.all(), ids, since=first):
        done[session].append(each)
    revisions = _revisions([row["id"] for row in sessions if row["revision"] > 1])
    urgencies = _flag_urgencies({row["clinic_id"] for row in sessions if row["id"] in revisions})
    found: dict[int, list[Told]] = defaultdict(list)
    for row in sessions:
        versions = [*_before(row, revisions[row["id"]], urgencies), (said[row["id"]], row["removed_at"] is not None)]
        moments = [row["received_at"], *(changed_at for changed_at, _ in revisions[row["id"]])]
        found[row["client_id"]] += _in_turn(versions, moments, row["program_id"], tuple(done[row["id"]]))
    for client, log in alone:
        found[client].append(Told(log, log.performed_at))
    return found


def _in_turn(
    versions: list[tuple[Log, bool]], moments: list[dt.datetime], program: int | None, done: tuple[Done, ...]
) -> Iterator[Told]:
    """Each version from its moment on; one that is followed by a removal ends with it."""
    for n, (log, is_removed) in enumerate(versions):
        if not is_removed:
            gone = n + 1 < len(versions) and versions[n + 1][1]
            yield Told(log, moments[n], moments[n + 1] if gone else None, program, done)


def _revisions(session_ids: list[int]) -> dict[int, list[tuple[dt.datetime, dict[str, Any]]]]:
    """When each log was changed and what it had said before, the oldest first."""
    found: dict[int, list[tuple[dt.datetime, dict[str, Any]]]] = defaultdict(list)
    if session_ids:
        for revision in SessionRevision.objects.filter(session__in=session_ids).order_by("number"):
            found[revision.session_id].append((revision.changed_at, revision.said))
    return found


def _flag_urgencies(clinic_ids: set[int]) -> dict[tuple[int, str], FlagUrgency]:
    if not clinic_ids:
        return {}
    rows = RedFlag.objects.filter(clinic__in=clinic_ids).values_list("clinic_id", "slug", "urgency")
    return {(clinic, slug): FlagUrgency(urgency) for clinic, slug, urgency in rows}


def _before(
    row: dict[str, Any],
    revisions: list[tuple[dt.datetime, dict[str, Any]]],
    urgencies: dict[tuple[int, str], FlagUrgency],
) -> Iterator[tuple[Log, bool]]:
    """What a log said before each of its changes, and whether it stood removed then."""
    for number, (_, said) in enumerate(revisions, 1):
        at = dt.datetime.fromisoformat(said["performed_at"]) if said["performed_at"] else row["performed_at"]
        yes = [flag["slug"] for flag in said["red_flags"] if flag["answer"]]
        evidence = f"session:{row['id']}"
        log = Log(
            evidence=evidence,
            trigger=f"{evidence}:{number}",
            performed_at=at,
            on=at.astimezone(zone_of(row["zone"])).date(),
            scores=tuple(_score(report) for report in said["reports"]),
            can_wait=said["can_wait"],
            slept_badly=said["slept_badly"],
            harm=tuple(said["harm"]),
            stops=tuple(StopReason(item["stop_reason"]) for item in said["items"] if item["stop_reason"]),
            flags=tuple(FlagYes(slug, urgencies.get((row["clinic_id"], slug), FlagUrgency.SAME_DAY)) for slug in yes),
        )
        yield log, bool(said.get("removed"))


def _score(report: dict[str, Any]) -> Score:
    sites = [site["score"] or 0 for site in report["sites"]]
    return Score(Moment(report["moment"]), max([report["score"], *sites]))


def _asking(ids: list[int], now: dt.datetime) -> dict[int, list[Asking]]:
    found: dict[int, list[Asking]] = defaultdict(list)
    rows = Program.objects.filter(client__in=ids).exclude(state=ProgramState.OFFERED).order_by("starts_on", "pk")
    for client, pk, starts_on, state, state_at, assigned_at in rows.values_list(
        "client_id", "pk", "starts_on", "state", "state_at", "assigned_at"
    ):
        until = None if state == ProgramState.RUNNING else state_at
        found[client].append(Asking(Running(pk, starts_on), assigned_at, until))
    return found


def _planned(ids: list[int], first: dt.datetime, now: dt.datetime) -> dict[int, set[Day]]:
    found: dict[int, set[Day]] = defaultdict(set)
    days = (first.date(), (now + FAR_AHEAD).date())
    rows = PlannedSession.objects.standing().filter(client__in=ids, on__range=days)
    for client, program, on in rows.values_list("client_id", "program_id", "on"):
        found[client].add(Day(program, on))
    return found


def _contacts(clients: Collection[Client], first: dt.datetime) -> dict[int, list[tuple[dt.datetime, dt.date]]]:
    zones = {client.pk: client.local_zone for client in clients}
    found: dict[int, list[tuple[dt.datetime, dt.date]]] = defaultdict(list)
    rows = Contact.objects.filter(client__in=zones, at__gte=first).order_by("at")
    for client, at in rows.values_list("client_id", "at"):
        found[client].append((at, at.astimezone(zones[client]).date()))
    return found
