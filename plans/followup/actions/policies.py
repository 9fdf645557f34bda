"""A clinic's numbers, version by version, and one client's own: chosen within bounds, in force from now on.

New numbers judge what comes after them. What they would have found before is told to the owner and put on the
list as hints; nobody is written to about the past.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.people.actions import mark_clinic_needs_look, mark_needs_look, record_audit
from accounts.people.models import Client, Clinic, User
from plans.followup.models import Escalation, FollowUpPolicy, PolicyOverride
from plans.followup.rules import (
    DEFAULT_NUMBERS,
    Finding,
    Found,
    Hint,
    NumberProblem,
    Numbers,
    Opens,
    changes_between,
    matches_of,
    numbers_from,
    own_numbers,
    problems_of,
    with_numbers,
)

from .calendars import numbers_of
from .care import care_of
from .judges import judges_of
from .reports import logs_of
from .reviews import open_reviews, reviews_of

BATCH = 100


class NumbersRefused(Exception):
    """Numbers out of bounds, or that contradict one another; `problems` says which and why."""

    def __init__(self, problems: Sequence[NumberProblem]) -> None:
        super().__init__(", ".join(f"{problem.name}: {problem.fault}" for problem in problems))
        self.problems = list(problems)


class NothingChanged(Exception):
    """These are the numbers that are in force already."""


class PolicyMovedOn(Exception):
    """Somebody adopted another version in the meantime; `newest` is it."""

    def __init__(self, newest: FollowUpPolicy) -> None:
        super().__init__(f"version {newest.version} is in force by now")
        self.newest = newest


@dataclass(frozen=True)
class Matching:
    """Clients whom new numbers match on the day they come: already cared for by a live case, or hinted at."""

    live: frozenset[int]
    hinted: frozenset[int]

    @property
    def clients(self) -> int:
        return len(self.live | self.hinted)


@dataclass(frozen=True)
class Adopted:
    policy: FollowUpPolicy
    matching: Matching


def adopt_policy(
    *,
    clinic: Clinic,
    changed: Mapping[str, object],
    expected_version: int,
    by: User,
    now: dt.datetime,
    reason: str = "",
) -> Adopted:
    """Put these numbers in force from now on, on top of the version the person looked at.

    Raises:
        NumbersRefused: one is out of its bounds, a safety number would become looser, or two contradict.
        NothingChanged: they are in force already.
        PolicyMovedOn: another version than the expected one is in force by now.
    """
    try:
        with transaction.atomic():
            policy = _add_version(clinic, changed, expected_version, by, now, reason)
            mark_clinic_needs_look(clinic=clinic, now=now)
            return Adopted(policy, _hint_at_matches(clinic, policy.from_at))
    except IntegrityError:
        newest = newest_policy(clinic)
        if newest is None or newest.version <= expected_version:
            raise
        raise PolicyMovedOn(newest) from None


def newest_policy(clinic: Clinic) -> FollowUpPolicy | None:
    """None while a clinic lives by the starter library's numbers, which are version 1."""
    return FollowUpPolicy.objects.filter(clinic=clinic).order_by("-version").first()


def _add_version(
    clinic: Clinic, changed: Mapping[str, object], expected: int, by: User, now: dt.datetime, reason: str
) -> FollowUpPolicy:
    newest = newest_policy(clinic)
    before = numbers_from(newest.numbers, version=newest.version) if newest else DEFAULT_NUMBERS
    if newest and newest.version != expected:
        raise PolicyMovedOn(newest)
    chosen = _checked(changed, before)
    policy = FollowUpPolicy.objects.create(
        clinic=clinic,
        version=before.version + 1,
        numbers=own_numbers(chosen),
        from_at=max(now, newest.from_at) if newest else now,
        made_by=by,
        reason=reason,
    )
    changes = changes_between(before, chosen)
    record_audit(
        clinic=clinic,
        verb="policy_adopted",
        subject_kind="policy",
        subject_id=policy.pk,
        by=by,
        now=now,
        details={
            "version": policy.version,
            "before": {each.name: each.before for each in changes},
            "after": {each.name: each.after for each in changes},
        },
    )
    return policy


def _checked(changed: Mapping[str, object], base: Numbers) -> Numbers:
    problems = problems_of(changed, base=base)
    if problems:
        raise NumbersRefused(problems)
    chosen = with_numbers(base, changed)
    if chosen == base:
        raise NothingChanged
    return chosen


def _hint_at_matches(clinic: Clinic, now: dt.datetime) -> Matching:
    """Whom the new numbers match and the old ones did not, as hints on the list; a live case needs none."""
    live: set[int] = set()
    hinted: set[int] = set()
    for clients in batches_of(clients_in_care(clinic), BATCH):
        found = new_matches(clients, now=now)
        told, hints = parted(found)
        live |= told
        hinted |= set(hints)
        reviews = reviews_of(list(hints), now=now)
        for client in clients:
            if client.pk in hints:
                open_reviews(client=client, hints=hints[client.pk], known=reviews[client.pk], now=now)
    return Matching(frozenset(live), frozenset(hinted))


def clients_in_care(clinic: Clinic) -> QuerySet[Client]:
    return Client.objects.filter(clinic=clinic, accepted_at__isnull=False, discharged_at__isnull=True)


def batches_of(clients: QuerySet[Client], size: int) -> Iterator[list[Client]]:
    """By id, so many at a time: however many there are, only one batch is held."""
    last = 0
    while batch := list(clients.filter(pk__gt=last).order_by("pk")[:size]):
        yield batch
        last = batch[-1].pk


def new_matches(
    clients: Collection[Client], *, now: dt.datetime, chosen: Numbers | None = None
) -> dict[int, list[Found]]:
    """What the numbers of `now` (or `chosen`) say of each client, and those before do not."""
    ids = [client.pk for client in clients]
    logs, care, judges = logs_of(ids, now=now), care_of(clients, now=now), judges_of(clients, now=now)
    found: dict[int, list[Found]] = {}
    for client in clients:
        mine, judge = logs.get(client.pk, []), judges[client.pk]
        after = judge.with_policy(chosen) if chosen else judge.numbers
        before = judge.numbers if chosen else judge.at(now - dt.timedelta(microseconds=1))
        known = {each.key for each in matches_of(mine, before, care[client.pk])}
        fresh = [each for each in matches_of(mine, after, care[client.pk]) if each.key not in known]
        if fresh:
            found[client.pk] = fresh
    return found


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


def override_numbers(
    *,
    client: Client,
    changed: Mapping[str, object],
    reason: str,
    until_at: dt.datetime | None,
    by: User,
    now: dt.datetime,
) -> PolicyOverride:
    """Judge this client by numbers of their own from now on, in place of any they had.

    Raises:
        NumbersRefused: as for a clinic; a safety number can't be looser for one client either.
        NothingChanged: they are the clinic's.
    """
    with transaction.atomic():
        Client.objects.select_for_update(no_key=True).get(pk=client.pk)  # one at a time for each client
        clinics = numbers_of(client.clinic_id, now=now)
        chosen = _checked(changed, clinics)
        _end_standing(client, by=by, now=now)
        override = PolicyOverride.objects.create(
            clinic_id=client.clinic_id,
            client=client,
            numbers=own_numbers(chosen, base=clinics),
            reason=reason,
            from_at=now,
            until_at=until_at,
            made_by=by,
        )
        _audit_override(override, "override_made", by=by, now=now)
        mark_needs_look(client=client, now=now)
    return override


def end_override(*, client: Client, by: User, now: dt.datetime) -> bool:
    """The clinic's numbers again. False where the client had none of their own."""
    with transaction.atomic():
        Client.objects.select_for_update(no_key=True).get(pk=client.pk)
        ended = _end_standing(client, by=by, now=now)
        if ended:
            mark_needs_look(client=client, now=now)
    return ended


def _end_standing(client: Client, *, by: User, now: dt.datetime) -> bool:
    override = PolicyOverride.objects.standing().filter(client=client).first()
    if override is None:
        return False
    override.ended_at, override.ended_by = now, by
    override.save(update_fields=["ended_at", "ended_by"])
    _audit_override(override, "override_ended", by=by, now=now)
    return True


def _audit_override(override: PolicyOverride, verb: str, *, by: User, now: dt.datetime) -> None:
    record_audit(
        clinic=override.client.clinic,
        verb=verb,
        subject_kind="override",
        subject_id=override.pk,
        by=by,
        now=now,
        client=override.client,
        details={"numbers": sorted(override.numbers)},
    )
