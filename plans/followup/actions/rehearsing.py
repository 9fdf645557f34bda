"""Rehearse other numbers on the clinic's own history, beside what really happened. Nothing is written."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from accounts.people.models import Client, Clinic
from accounts.post.rules import resolve
from plans.followup.models import Escalation
from plans.followup.rules import (
    Calendar,
    Finding,
    History,
    Hit,
    Numbers,
    RealCase,
    Rule,
    cases_of,
    replay,
    target_at,
)

from .calendars import calendar_of
from .histories import histories_of
from .judges import judges_of
from .looking import MORNING
from .matching import batches_of, new_matches, parted

BATCH = 50
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Opened:
    """A case that would have been opened, or (with no finding) one that only really was."""

    client: Client
    at: dt.datetime
    finding: Finding | None
    real: RealCase | None


@dataclass
class Rehearsal:
    """What came of it. `hints` counts reviews and offers by rule; `matching` is who matches today."""

    since: dt.datetime
    clients: int = 0
    opened: list[Opened] = field(default_factory=list)
    really_opened: int = 0
    hints: Counter[Rule] = field(default_factory=Counter)
    live: set[int] = field(default_factory=set)
    hinted: set[int] = field(default_factory=set)

    @property
    def would_open(self) -> list[Opened]:
        return [each for each in self.opened if each.finding is not None]

    @property
    def only_real(self) -> list[Opened]:
        return [each for each in self.opened if each.finding is None]


def rehearse(
    *,
    clinic: Clinic,
    numbers: Numbers,
    days: int,
    now: dt.datetime,
    clients: QuerySet[Client] | None = None,
    tell: Callable[[int], None] = lambda done: None,
) -> Rehearsal:
    """Replay the last `days` days under these numbers; a client's own numbers stay on top of them.

    `clients` are those to replay, else everybody who was in care; `tell` hears how many are done. Only one
    batch of clients is held at a time.
    """
    since = now - days * DAY
    found = Rehearsal(since)
    calendar = calendar_of(clinic)
    mine = everybody(clinic, since=since) if clients is None else clients
    for batch in batches_of(mine, BATCH):
        _rehearse_batch(found, batch, numbers, calendar, now)
        found.clients += len(batch)
        tell(found.clients)
    found.opened.sort(key=lambda each: each.at)
    return found


def everybody(clinic: Clinic, *, since: dt.datetime) -> QuerySet[Client]:
    """Who was in care at some time since then."""
    stayed = Q(discharged_at__isnull=True) | Q(discharged_at__gt=since)
    return Client.objects.filter(stayed, clinic=clinic, accepted_at__isnull=False)


def _rehearse_batch(
    found: Rehearsal, clients: list[Client], numbers: Numbers, calendar: Calendar, now: dt.datetime
) -> None:
    histories = histories_of(clients, since=found.since, now=now)
    judges, real = judges_of(clients, now=now), _real_cases([client.pk for client in clients])
    for client in clients:
        hits = _replayed(client, histories[client.pk], judges[client.pk].with_policy(numbers), found.since, now)
        found.hints.update(hit.found.rule for hit in hits if not isinstance(hit.found, Finding))
        found.opened += _beside_the_real(client, hits, real[client.pk], calendar, found.since)
        found.really_opened += sum(case.opened_at > found.since for case in real[client.pk])
    in_care = [client for client in clients if client.discharged_at is None]
    live, hints = parted(new_matches(in_care, now=now, chosen=numbers))
    found.live |= live
    found.hinted |= set(hints)


def _replayed(client: Client, history: History, numbers: Numbers, since: dt.datetime, now: dt.datetime) -> list[Hit]:
    zone = client.local_zone
    first = since.astimezone(zone).date()
    days = ((now - since) // DAY) + 2
    mornings = [resolve(first + n * DAY, MORNING, zone) for n in range(days)]
    return replay(
        history,
        numbers,
        since=since,
        mornings=[at for at in mornings if since < at <= now],
        today=lambda at: at.astimezone(zone).date(),
    )


def _real_cases(client_ids: Collection[int]) -> dict[int, list[RealCase]]:
    found: dict[int, list[RealCase]] = defaultdict(list)
    cases = Escalation.objects.filter(client__in=client_ids).order_by("opened_at")
    rows = cases.values_list("client_id", "pk", "family", "rule", "opened_at", "resolved_at", "outcome")
    for client, pk, family, rule, opened_at, ended_at, outcome in rows:
        found[client].append(RealCase(pk, family, rule, opened_at, ended_at, outcome))
    return found


def _beside_the_real(
    client: Client, hits: list[Hit], real: list[RealCase], calendar: Calendar, since: dt.datetime
) -> Iterator[Opened]:
    def answered_by(hit: Hit) -> dt.datetime:
        assert isinstance(hit.found, Finding)
        return target_at(hit.at, hit.found.urgency, hit.found.target, calendar)

    opened = cases_of(hits, real, since=since, answered_by=answered_by)
    for each in opened:
        yield Opened(client, each.at, each.finding, each.real)
    same = {each.real.id for each in opened if each.real}
    for case in real:
        if case.opened_at > since and case.id not in same:
            yield Opened(client, case.opened_at, None, case)
