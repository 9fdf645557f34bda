"""Opening a case, and what new evidence does to one that is open."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Max

from accounts.people.actions import record_audit
from accounts.people.models import Client, Clinic, User
from accounts.post.actions import cancel_letters
from accounts.post.models import Letter
from accounts.post.rules import NUDGE
from plans.followup.models import Escalation, EscalationEvent
from plans.followup.rules import (
    EscalationAct,
    EscalationState,
    Family,
    Finding,
    Numbers,
    Urgency,
    after,
    rank,
    target_at,
)

from .calendars import calendar_of

SUBJECT = "escalation"
"""Subject kind of every letter that asks for an answer; answering takes them back."""
REOPENS_WITHIN = dt.timedelta(hours=72)


def act_on_findings(*, client: Client, findings: Sequence[Finding], numbers: Numbers, now: dt.datetime) -> None:
    """Open, raise, re-open or add to the client's cases; in each family the most urgent finding leads."""
    for family in Family:
        mine = [finding for finding in findings if finding.family is family]
        for finding in sorted(mine, key=lambda found: -rank(found.urgency)):
            raise_escalation(client=client, finding=finding, numbers=numbers, now=now)


@transaction.atomic
def raise_escalation(
    *, client: Client, finding: Finding, numbers: Numbers, now: dt.datetime, by: User | None = None
) -> Escalation:
    """Make sure a person will answer this finding.

    A live case of the family takes it as evidence and rises with it; one resolved within the last 72
    hours opens again; else a new case opens, due to be told at once.
    """
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)  # one opening at a time for each client
    own = Escalation.objects.select_for_update(of=("self",)).filter(client=client, family=finding.family)
    live = own.live().first()
    if live is not None:
        return _add(live, finding, numbers, now, by)
    recent = own.filter(resolved_at__gt=now - REOPENS_WITHIN).order_by("-resolved_at").first()
    # Reminders to exercise stop while somebody owes this client an answer.
    cancel_letters(subject_kind=NUDGE, subject_ids=[client.pk], reason="a case is open", now=now)
    if recent is not None:
        return _reopen(recent, finding, numbers, now, by)
    return _open(client, finding, numbers, now, by)


def _open(client: Client, finding: Finding, numbers: Numbers, now: dt.datetime, by: User | None) -> Escalation:
    clinic = Clinic.objects.select_for_update(no_key=True).get(pk=client.clinic_id)
    last = Escalation.objects.filter(clinic=clinic).aggregate(last=Max("number"))["last"] or 0
    case = Escalation(
        number=last + 1,
        clinic=clinic,
        client=client,
        family=finding.family,
        state=EscalationState.OPEN,
        opened_at=now,
        next_action_at=now,
    )
    _take_finding(case, finding, numbers, now)
    case.save(force_insert=True)
    write_event(case, EscalationAct.RAISE, now, by=by, details={"rule": finding.rule})
    _audit(case, "escalation_raised", by, now)
    return case


def _take_finding(case: Escalation, finding: Finding, numbers: Numbers, now: dt.datetime) -> None:
    case.rule, case.urgency, case.message = finding.rule, finding.urgency, finding.message
    case.params, case.policy_version, case.override_id = finding.params, numbers.version, numbers.override
    case.readings = merged_readings(case.readings, finding)
    case.target_at = target_at(now, finding.urgency, finding.target, calendar_of(case.clinic))


def merged_readings(known: Iterable[dict[str, object]], finding: Finding) -> list[dict[str, object]]:
    """What proves the case, in the order of days; the same reading stands once."""
    rows = {(row["on"], row["session"]): row for row in [*known, *(r.as_json() for r in finding.readings)]}
    return sorted(rows.values(), key=lambda row: (str(row["on"]), str(row["session"])))


def _add(case: Escalation, finding: Finding, numbers: Numbers, now: dt.datetime, by: User | None) -> Escalation:
    if rank(finding.urgency) <= rank(Urgency(case.urgency)):
        case.readings = merged_readings(case.readings, finding)
        case.save(update_fields=["readings"])
        after(EscalationState(case.state), EscalationAct.EVIDENCE)
        write_event(case, EscalationAct.EVIDENCE, now, by=by, details={"rule": finding.rule})
        return case
    was = case.urgency
    _take_finding(case, finding, numbers, now)
    begin_again(case, EscalationAct.RISE, now, by=by, details={"from": was, "to": case.urgency, "rule": finding.rule})
    _audit(case, "escalation_rose", by, now)
    return case


def _reopen(case: Escalation, finding: Finding, numbers: Numbers, now: dt.datetime, by: User | None) -> Escalation:
    before: dict[str, object] = {"outcome": case.outcome, "rule": finding.rule}
    _take_finding(case, finding, numbers, now)
    begin_again(case, EscalationAct.REOPEN, now, by=by, details=before)
    _audit(case, "escalation_reopened", by, now)
    return case


def begin_again(
    case: Escalation, act: EscalationAct, now: dt.datetime, *, by: User | None, details: dict[str, object]
) -> None:
    """A new round of telling, from the first tier and at once; what is left of the old one is taken back."""
    case.state = after(EscalationState(case.state), act)
    case.generation += 1
    case.tier = 0
    case.next_action_at = now
    case.acked_at = case.acked_by = case.follow_up_by = case.snoozed_until = case.nobody_answered_at = None
    case.resolved_at = case.resolved_by = None
    case.outcome = ""
    case.save()
    cancel_letters(subject_kind=SUBJECT, subject_ids=[case.pk], reason="the case began anew", now=now)
    write_event(case, act, now, by=by, details=details)


def write_event(
    case: Escalation,
    act: EscalationAct,
    now: dt.datetime,
    *,
    by: User | None = None,
    tier: int = 0,
    letter: Letter | None = None,
    details: dict[str, object] | None = None,
) -> EscalationEvent:
    """Append to the case's own history; call it with the case's row locked."""
    last = case.events.aggregate(last=Max("sequence"))["last"] or 0
    return EscalationEvent.objects.create(
        escalation=case,
        sequence=last + 1,
        at=now,
        act=act,
        by=by,
        generation=case.generation,
        tier=tier,
        letter=letter,
        details=details or {},
    )


def _audit(case: Escalation, verb: str, by: User | None, now: dt.datetime) -> None:
    record_audit(
        clinic=case.clinic,
        verb=verb,
        subject_kind=SUBJECT,
        subject_id=case.pk,
        by=by,
        now=now,
        client=case.client,
        details={"generation": case.generation},
    )
