"""Whom do other numbers match now who were not matched before?"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence

from django.db.models import QuerySet

from accounts.people.models import Client
from plans.followup.models import Escalation
from plans.followup.rules import Care, Finding, Found, Hint, Log, Numbers, Opens, matches_of

from .care import care_of
from .judges import Judge, judges_of
from .reports import logs_of


def batches_of(clients: QuerySet[Client], size: int) -> Iterator[list[Client]]:
    """By id, so many at a time: however many there are, only one batch is held."""
    last = 0
    while batch := list(clients.filter(pk__gt=last).order_by("pk")[:size]):
        yield batch
        last = batch[-1].pk


def new_matches(clients: Collection[Client], *, now: dt.datetime, chosen: Numbers) -> dict[int, list[Found]]:
    """What `chosen` numbers say of each client, and those in force do not."""
    ids = [client.pk for client in clients]
    logs, care, judges = logs_of(ids, now=now), care_of(clients, now=now), judges_of(clients, now=now)
    found: dict[int, list[Found]] = {}
    for client in clients:
        judge = judges[client.pk]
        after = judge.with_policy(chosen)
        fresh = matches_between(logs.get(client.pk, []), care[client.pk], before=judge.numbers, after=after)
        if fresh:
            found[client.pk] = fresh
    return found


def matches_between(logs: Sequence[Log], care: Care, *, before: Numbers, after: Numbers) -> list[Found]:
    """What the numbers `after` say of a client as of now, and those `before` do not."""
    known = {each.key for each in matches_of(logs, before, care)}
    return [each for each in matches_of(logs, after, care) if each.key not in known]


def hints_of_new_numbers(
    client: Client, logs: Sequence[Log], care: Care, judge: Judge, *, looked_at: dt.datetime | None
) -> list[Hint]:
    """Hints about what a policy adopted since the last look matches already: no case is opened about the past.

    Who was never looked at has no past: whatever they said is judged by the numbers of now.
    """
    before = judge.before_turn_since(looked_at) if looked_at else None
    if before is None:
        return []
    fresh = matches_between(logs, care, before=before, after=judge.numbers)
    return parted({client.pk: fresh})[1].get(client.pk, []) if fresh else []


def parted(found: Mapping[int, list[Found]]) -> tuple[set[int], dict[int, list[Hint]]]:
    """Clients whom a live case of the same family speaks for already, and the hints for the others."""
    cases = Escalation.objects.live().filter(client__in=list(found))
    families = set(cases.values_list("client_id", "family"))
    live: set[int] = set()
    hints: dict[int, list[Hint]] = {}
    for client, mine in found.items():
        told = {each.key for each in mine if isinstance(each, Finding) and (client, each.family) in families}
        if told:
            live.add(client)
        if rest := [_as_hint(each) for each in mine if each.key not in told]:
            hints[client] = rest
    return live, hints


def _as_hint(found: Found) -> Hint:
    if isinstance(found, Hint):
        return found
    return Hint(found.rule, Opens.REVIEW, found.key, found.evidence, found.readings, found.params)
