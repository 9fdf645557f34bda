"""What is found opens one case for each family, and raises it, and opens it again."""

import datetime as dt

import pytest

from accounts.people.models import AuditEvent
from plans.followup.actions import (
    acknowledge_escalation,
    resolve_escalation,
    snooze_escalation,
    sweep_looks,
)
from plans.followup.models import Escalation
from tests.clock import NOW
from tests.factories.post import LetterFactory
from tests.followup.speaking import DAY, acts, case_of, flag, report, severe_days, tick, told

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_each_rule_of_a_family_adds_to_the_one_live_case(cast):
    severe_days(cast.client)
    tick()
    report(cast.client, 7, at=NOW + DAY)
    tick(NOW + DAY)
    case = case_of(cast.client)
    assert acts(case)[:3] == ["raise", "tell", "evidence"]
    assert len(case.readings) == 4


def test_safety_and_severe_are_two_cases(cast):
    flag(cast.client, "same_day")
    severe_days(cast.client)
    tick()
    assert sorted(Escalation.objects.values_list("family", flat=True)) == ["safety", "severe"]


def test_cases_of_a_clinic_are_numbered_one_after_the_other(cast):
    for client in (cast.client, cast.colleagues_client, cast.meadow_client):
        severe_days(client)
    tick()
    assert sorted(Escalation.objects.filter(clinic=cast.harbour).values_list("number", flat=True)) == [1, 2]
    assert Escalation.objects.get(clinic=cast.meadow).number == 1


def test_of_several_findings_at_once_the_most_urgent_opens(cast):
    severe_days(cast.client, score=9)
    tick()
    case = case_of(cast.client)
    assert (case.rule, case.urgency) == ("very-severe-same-day", "urgent")
    assert "rise" not in acts(case)


def test_a_rise_in_urgency_is_told_at_once_on_an_acknowledged_case(cast):
    severe_days(cast.client)
    tick()
    case = case_of(cast.client)
    acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW + HOUR)
    snooze_escalation(escalation=case, until=NOW + 3 * DAY, by=cast.bodyworker.user, now=NOW + HOUR)
    report(cast.client, 9, at=NOW + 2 * HOUR)
    tick(NOW + 2 * HOUR)
    case.refresh_from_db()
    assert (case.generation, case.urgency, case.state, case.snoozed_until, case.acked_at) == (
        2,
        "urgent",
        "notified",
        None,
        None,
    )
    assert told(case, generation=2) == [("Jo Marsh", "case-raised")]


def test_a_slower_finding_never_lowers_a_case(cast):
    report(cast.client, 9)
    tick()
    report(cast.client, 7, at=NOW + HOUR, can_wait=False)
    tick(NOW + HOUR)
    case = case_of(cast.client)
    assert (case.urgency, case.generation) == ("urgent", 1)


def test_a_case_resolved_lately_opens_again(cast):
    severe_days(cast.client)
    tick()
    case = case_of(cast.client)
    resolve_escalation(escalation=case, outcome="called", note="", by=cast.bodyworker.user, now=NOW + HOUR)
    report(cast.client, 8, at=NOW + DAY)
    tick(NOW + DAY)
    case.refresh_from_db()
    assert (case.state, case.generation, case.outcome) == ("notified", 2, "")
    assert "reopen" in acts(case)


def test_a_case_resolved_long_ago_stays_and_a_new_one_opens(cast):
    severe_days(cast.client)
    tick()
    case = case_of(cast.client)
    resolve_escalation(escalation=case, outcome="called", note="", by=cast.bodyworker.user, now=NOW + HOUR)
    report(cast.client, 9, at=NOW + 4 * DAY)
    tick(NOW + 4 * DAY)
    assert Escalation.objects.filter(client=cast.client).count() == 2


def test_opening_a_case_takes_reminders_back(cast):
    nudge = LetterFactory(client=cast.client, next_attempt_at=NOW + HOUR)
    severe_days(cast.client)
    sweep_looks(now=NOW)
    nudge.refresh_from_db()
    assert nudge.state == "cancelled"


def test_opening_a_case_is_on_the_audit(cast):
    severe_days(cast.client)
    sweep_looks(now=NOW)
    event = AuditEvent.objects.get(verb="escalation_raised")
    assert (event.client, event.details) == (cast.client, {"generation": 1})
