"""What clients say is read once, whatever the order in which it comes."""

import datetime as dt

import pytest

from accounts.people.actions import mark_needs_look
from plans.followup.actions import (
    sweep_looks,
)
from plans.followup.models import Assessment, Escalation, Watch
from plans.journal.models import Session
from tests.clock import NOW
from tests.factories.followup import FollowUpPolicyFactory
from tests.factories.journal import PainReportFactory, ReportSiteFactory, SessionFactory
from tests.followup.speaking import DAY, acts, case_of, report, severe_days, tick, told

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_severe_pain_that_stays_opens_one_case_and_tells_the_clients_own_bodyworker(cast):
    severe_days(cast.client)
    tick()
    case = case_of(cast.client)
    assert (case.family, case.rule, case.urgency, case.state, case.tier) == (
        "severe",
        "severe-persistent",
        "routine",
        "notified",
        1,
    )
    assert case.holder == cast.bodyworker
    assert told(case) == [("Jo Marsh", "case-opened")]
    assert acts(case) == ["raise", "tell"]
    assert [reading["score"] for reading in case.readings] == [8, 8, 8]


def test_two_severe_days_open_nothing(cast):
    severe_days(cast.client, days=2)
    tick()
    assert not Escalation.objects.exists()
    assert Assessment.objects.count() == 2


def test_every_report_is_assessed_once_and_the_mark_is_gone(cast):
    severe_days(cast.client)
    for _ in range(3):
        tick()
    cast.client.refresh_from_db()
    assert cast.client.needs_look_since is None
    sessions = Session.objects.filter(client=cast.client).values_list("pk", flat=True)
    assert set(Assessment.objects.values_list("trigger", flat=True)) == {f"session:{pk}:1" for pk in sessions}


def test_a_client_who_was_looked_at_has_a_watch(cast):
    report(cast.client, 3)
    sweep_looks(now=NOW)
    watch = Watch.objects.get(client=cast.client)
    assert (watch.looked_at, watch.next_look_at) == (NOW, NOW + DAY)


def test_a_report_whose_mark_was_lost_is_found_by_the_watch(cast):
    report(cast.client, 3)
    sweep_looks(now=NOW)
    report(cast.client, 9, at=NOW + HOUR)
    cast.client.refresh_from_db()
    cast.client.needs_look_since = None
    cast.client.save()
    sweep_looks(now=NOW + HOUR)
    assert not Escalation.objects.exists()
    sweep_looks(now=NOW + DAY)
    assert Escalation.objects.count() == 1


def test_a_due_watch_without_news_costs_no_judgement(cast, django_assert_max_num_queries):
    report(cast.client, 3)
    sweep_looks(now=NOW)
    with django_assert_max_num_queries(7):
        assert sweep_looks(now=NOW + DAY) == 0


def test_nothing_to_look_at_costs_two_statements(cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        assert sweep_looks(now=NOW) == 0


def test_looking_costs_the_same_statements_for_more_logs(cast, django_assert_max_num_queries):
    for n in range(30):
        report(cast.client, 3, at=NOW - n * DAY)
    with django_assert_max_num_queries(30):
        sweep_looks(now=NOW)


def test_late_reports_find_what_they_would_have_found_in_time(cast):
    first, last = NOW - 2 * DAY, NOW
    report(cast.client, 8, at=first)
    report(cast.client, 8, at=last)
    tick()
    assert not Escalation.objects.exists()
    report(cast.client, 8, at=NOW - DAY, received_at=NOW + HOUR)
    tick(NOW + HOUR)
    assert len(case_of(cast.client).readings) == 3


def test_the_order_of_arrival_makes_the_same_findings(cast):
    days = [NOW - n * DAY for n in range(6)]
    scores = [8, 3, 9, 7, 7, 8]
    for client, order in ((cast.client, range(6)), (cast.colleagues_client, (3, 0, 5, 1, 4, 2))):
        for n in order:
            report(client, scores[n], at=days[n], received_at=NOW)
            sweep_looks(now=NOW)
    assert _occasions(cast.client) == _occasions(cast.colleagues_client)


def _occasions(client):
    """Rules and days found for a client, without the rows' numbers."""
    found = set()
    for findings in Assessment.objects.filter(client=client).values_list("findings", flat=True):
        found |= {(finding["rule"], finding["readings"][-1]["on"]) for finding in findings}
    return found


def test_a_removed_log_is_not_read(cast):
    sessions = severe_days(cast.client)
    sessions[1].removed_at = NOW
    sessions[1].save()
    tick()
    assert not Escalation.objects.exists()


def test_a_corrected_log_is_read_again(cast):
    session = report(cast.client, 3)
    tick()
    session.revision = 2
    session.save()
    session.reports.update(score=9)
    mark_needs_look(client=cast.client, now=NOW)
    tick()
    assert case_of(cast.client).rule == "very-severe-same-day"


def test_the_highest_of_several_sites_counts(cast):
    session = SessionFactory(client=cast.client)
    ReportSiteFactory(report=PainReportFactory(session=session, score=3), score=9)
    cast.client.needs_look_since = NOW
    cast.client.save()
    tick()
    assert case_of(cast.client).params["score"] == 9


def test_a_clinics_policy_decides_and_is_named(cast):
    FollowUpPolicyFactory(clinic=cast.harbour, version=4, numbers={"days_in_row": 2}, from_at=NOW - DAY)
    severe_days(cast.client, days=2)
    tick()
    assert case_of(cast.client).policy_version == 4


def test_a_policy_of_another_clinic_decides_nothing(cast):
    FollowUpPolicyFactory(clinic=cast.meadow, version=4, numbers={"days_in_row": 2}, from_at=NOW - DAY)
    severe_days(cast.client, days=2)
    tick()
    assert not Escalation.objects.exists()


def test_a_client_who_left_is_not_made_a_case(cast):
    severe_days(cast.client)
    cast.client.refresh_from_db()
    cast.client.discharged_at = NOW
    cast.client.save()
    tick()
    assert not Escalation.objects.exists()
    assert not Watch.objects.exists()


def test_one_client_who_cannot_be_judged_keeps_no_other_from_it(cast, caplog):
    broken = report(cast.client, 9)
    broken.harm = [{"not": "sortable"}, 3]
    broken.save()
    report(cast.colleagues_client, 9)
    tick()
    assert not Escalation.objects.filter(client=cast.client).exists()
    assert case_of(cast.colleagues_client)
    cast.client.refresh_from_db()
    assert cast.client.needs_look_since > NOW


def test_a_log_from_a_clock_that_ran_ahead_is_judged_once(cast):
    report(cast.client, 9, at=NOW + 20 * DAY, received_at=NOW, clock_suspect=True)
    tick()
    for days in (70, 75):
        mark_needs_look(client=cast.client, now=NOW + days * DAY)
        sweep_looks(now=NOW + days * DAY)
    assert Assessment.objects.filter(trigger__startswith="session:").count() == 1
    assert Escalation.objects.filter(family="severe").count() == 1
    cast.client.refresh_from_db()
    assert cast.client.needs_look_since is None
