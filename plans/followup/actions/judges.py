"""By which numbers is each of these clients judged: now, and when their reports were read?"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q

from accounts.people.models import Client
from accounts.post.rules import zone_of
from plans.followup.models import FollowUpPolicy, PolicyOverride
from plans.followup.rules import DEFAULT_NUMBERS, Numbers, Replaced, numbers_from, own_numbers

from .reports import WINDOW


@dataclass(frozen=True)
class Span:
    """Numbers in force from one instant on, until another or for good: a clinic's version or a client's own."""

    name: int
    numbers: Mapping[str, object]
    from_at: dt.datetime
    until_at: dt.datetime | None = None

    def holds(self, at: dt.datetime) -> bool:
        return self.from_at <= at and (self.until_at is None or at < self.until_at)


@dataclass(frozen=True)
class Judge:
    """What one client is judged by. `policies` are the clinic's, in order; `own` the client's, in any."""

    policies: Sequence[Span]
    own: Sequence[Span]
    zone: str
    now: dt.datetime

    def at(self, moment: dt.datetime) -> Numbers:
        """In force at an instant: the newest version that had begun, with the client's own on top."""
        policy = next((each for each in reversed(self.policies) if each.holds(moment)), None)
        own = next((each for each in self.own if each.holds(moment)), None)
        return _numbers(policy, own)

    @property
    def numbers(self) -> Numbers:
        return self.at(self.now)

    def before_turn_since(self, moment: dt.datetime) -> Numbers | None:
        """What was in force before the first version that the clinic has adopted since then; None where it has not."""
        turn = min((each.from_at for each in self.policies if moment <= each.from_at <= self.now), default=None)
        return self.at(turn - dt.timedelta(microseconds=1)) if turn else None

    def with_policy(self, chosen: Numbers) -> Numbers:
        """As of now under other numbers of the clinic's, with the client's own on top."""
        own = next((each for each in self.own if each.holds(self.now)), None)
        return _on_top(chosen, own)

    @property
    def ends_at(self) -> dt.datetime | None:
        """When the client's own numbers end by themselves; None where there are none, or they stay."""
        own = next((each for each in self.own if each.holds(self.now)), None)
        return own.until_at if own else None

    def named(self, version: int, override: int | None) -> Numbers:
        """The numbers that an assessment names."""
        policy = next((each for each in self.policies if each.name == version), None)
        return _numbers(policy, next((each for each in self.own if each.name == override), None))

    @property
    def replaced(self) -> tuple[Replaced, ...]:
        """What was in force in the last 60 days and is no more, the last one first."""
        ends = [end for each in self.own for end in (each.from_at, each.until_at) if end]
        turns = sorted({each.from_at for each in self.policies} | set(ends), reverse=True)
        found = []
        after = self.numbers
        for turn in turns:
            before = self.at(turn - dt.timedelta(microseconds=1))
            if self.now - WINDOW < turn <= self.now and before != after:
                found.append(Replaced(before, turn.astimezone(zone_of(self.zone)).date()))
                after = before
        return tuple(found)


def _numbers(policy: Span | None, own: Span | None) -> Numbers:
    return _on_top(numbers_from(policy.numbers, version=policy.name) if policy else DEFAULT_NUMBERS, own)


def _on_top(clinics: Numbers, own: Span | None) -> Numbers:
    if own is None:
        return clinics
    return replace(numbers_from({**own_numbers(clinics), **own.numbers}, version=clinics.version), override=own.name)


def judges_of(clients: Collection[Client], *, now: dt.datetime) -> dict[int, Judge]:
    """By client, in two statements however many."""
    policies: dict[int, list[Span]] = defaultdict(list)
    rows = FollowUpPolicy.objects.filter(clinic__in={client.clinic_id for client in clients}).order_by("version")
    for clinic, version, numbers, from_at in rows.values_list("clinic_id", "version", "numbers", "from_at"):
        policies[clinic].append(Span(version, numbers, from_at))
    own: dict[int, list[Span]] = defaultdict(list)
    standing = Q(ended_at__isnull=True) | Q(ended_at__gt=now - 2 * WINDOW)
    overrides = PolicyOverride.objects.filter(standing, client__in=[client.pk for client in clients])
    for client, pk, numbers, from_at, until_at, ended_at in overrides.values_list(
        "client_id", "pk", "numbers", "from_at", "until_at", "ended_at"
    ):
        ends = [end for end in (until_at, ended_at) if end]
        own[client].append(Span(pk, numbers, from_at, min(ends, default=None)))
    return {
        client.pk: Judge(policies[client.clinic_id], own[client.pk], client.local_zone.key, now) for client in clients
    }
