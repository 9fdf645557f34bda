"""A clinic's numbers, version by version, and one client's own: chosen within bounds, in force from now on.

New numbers judge what comes after them. What they would have found before is put on the list as hints by the
next look at each client (actions.matching); nobody is written to about the past.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction

from accounts.people.actions import mark_clinic_needs_look, mark_needs_look, record_audit
from accounts.people.models import Client, Clinic, User
from plans.followup.models import FollowUpPolicy, PolicyOverride
from plans.followup.rules import (
    DEFAULT_NUMBERS,
    NumberProblem,
    Numbers,
    changes_between,
    numbers_from,
    own_numbers,
    problems_of,
    with_numbers,
)

from .calendars import numbers_of
from .lines import hand_down_lines, hand_down_own_lines


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


def adopt_policy(
    *,
    clinic: Clinic,
    changed: Mapping[str, object],
    expected_version: int,
    by: User,
    now: dt.datetime,
    reason: str = "",
) -> FollowUpPolicy:
    """Put these numbers in force from now on, on top of the version the person looked at.

    However many clients there are, this is a few statements: everybody in care is marked, and the next looks
    put those who match on the list.

    Raises:
        NumbersRefused: one is out of its bounds, a safety number would become looser, or two contradict.
        NothingChanged: they are in force already.
        PolicyMovedOn: another version than the expected one is in force by now.
    """
    try:
        with transaction.atomic():
            policy = _add_version(clinic, changed, expected_version, by, now, reason)
            hand_down_lines(clinic=clinic, numbers=numbers_from(policy.numbers, version=policy.version))
            mark_clinic_needs_look(clinic=clinic, now=now)
            return policy
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
        hand_down_own_lines(client=client, numbers=chosen)
        _audit_override(override, "override_made", by=by, now=now)
        mark_needs_look(client=client, now=now)
    return override


def end_override(*, client: Client, by: User, now: dt.datetime) -> bool:
    """The clinic's numbers again. False where the client had none of their own."""
    with transaction.atomic():
        Client.objects.select_for_update(no_key=True).get(pk=client.pk)
        ended = _end_standing(client, by=by, now=now)
        if ended:
            hand_down_own_lines(client=client, numbers=None)
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
