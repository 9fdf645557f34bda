"""Hints reach the bodyworker's list once, wait for a person, and cost nothing until their day comes."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.people.models import AuditEvent
from plans.followup.actions import close_review, sweep_looks, sweep_nudges
from plans.followup.models import Assessment, Escalation, Nudge, Review, Watch
from tests.clock import NOW, TODAY, at
from tests.factories.followup import ReviewFactory
from tests.factories.journal import OutcomeAnswerFactory, SessionItemFactory
from tests.factories.library import OutcomeMeasureFactory
from tests.factories.people import ContactFactory
from tests.factories.programs import (
    PhaseFactory,
    PlannedSessionFactory,
    PrescriptionFactory,
    ProgramFactory,
    ProgramVersionFactory,
)
from tests.followup.speaking import DAY, case_of, report, tick

pytestmark = pytest.mark.django_db
MORNING = at("2026-03-10", "09:00")


@pytest.fixture
def phase(cast):
    """Maya's program, running for 20 days."""
    program = ProgramFactory(client=cast.client, starts_on=TODAY - 20 * DAY)
    return PhaseFactory(version=ProgramVersionFactory(program=program))


def days(client, scores, *, last=NOW):
    """A check-in a day, the last one at `last`."""
    return [report(client, score, at=last - (len(scores) - 1 - n) * DAY) for n, score in enumerate(scores)]


def plan(phase, *on):
    for day in on:
        PlannedSessionFactory(phase=phase, on=day)


def rules() -> list[str]:
    return sorted(Review.objects.open().values_list("rule", flat=True))


def watch_of(client) -> Watch:
    return Watch.objects.get(client=client)


# Getting worse


def test_getting_worse_opens_one_review_however_long_it_lasts(cast):
    days(cast.client, [4] * 7 + [6] * 4)
    tick()
    days(cast.client, [6], last=NOW + DAY)
    tick(NOW + DAY)
    review = Review.objects.get()
    assert (review.client, review.rule, review.message) == (cast.client, "worsening", "worsening")
    assert review.params == {"from": 4, "to": 6, "by": "usual"}
    assert not Escalation.objects.exists()


def test_one_day_less_opens_nothing(cast):
    days(cast.client, [4] * 7 + [6] * 3)
    tick()
    assert not Review.objects.exists()


def test_three_points_worse_is_a_case_and_no_review(cast):
    days(cast.client, [3] * 7 + [6] * 3)
    tick()
    case = case_of(cast.client)
    assert (case.family, case.rule, case.urgency, len(case.readings)) == ("severe", "worsening", "routine", 4)
    assert not Review.objects.exists()


def test_a_person_who_looked_is_left_alone_for_a_fortnight(cast):
    days(cast.client, [4] * 7 + [6] * 4)
    tick()
    close_review(review=Review.objects.get(), by=cast.bodyworker.user, now=NOW)
    for n in range(1, 15):
        days(cast.client, [6], last=NOW + n * DAY)
        tick(NOW + n * DAY)
        assert (rules() == ["worsening"]) is (n == 14)


def test_two_days_sore_after_something_new_are_marked_and_open_nothing(cast, phase):
    days(cast.client, [4] * 9, last=NOW - 2 * DAY)
    first = report(
        cast.client,
        4,
        at=NOW - 2 * DAY + dt.timedelta(hours=1),
        moment="before",
        program=phase.version.program,
        version=phase.version,
    )
    SessionItemFactory(session=first, prescription=PrescriptionFactory(phase=phase))
    days(cast.client, [7, 7])
    tick()
    assert rules() == []
    assert not Escalation.objects.exists()
    found = [each for row in Assessment.objects.values_list("findings", flat=True) for each in row]
    assert [(each["rule"], each["opens"], each["params"]["score"]) for each in found] == [
        ("soreness-window", "mark", 7),
        ("soreness-window", "mark", 7),
    ]


# Severe in spite of care


def test_severe_for_14_days_with_two_contacts_is_in_the_case(cast):
    for n in (2, 9):
        ContactFactory(client=cast.client, at=NOW - n * DAY)
    days(cast.client, [7, 5, 7, 7, 5, 7, 7] * 2)
    tick()
    details = case_of(cast.client).events.values_list("details", flat=True)
    assert "severe-14d-medical" in [row.get("rule") for row in details]


# Silence


def test_a_client_who_falls_silent_after_severe_pain_is_a_contact_case_on_the_seventh_day(cast):
    report(cast.client, 7)
    tick()
    assert watch_of(cast.client).finds_at == MORNING + 7 * DAY
    tick(NOW + 7 * DAY - dt.timedelta(seconds=1))
    assert not Escalation.objects.exists()
    tick(NOW + 7 * DAY)
    case = case_of(cast.client)
    assert (case.family, case.rule, case.params) == ("contact", "silent-client", {"days": 7})
    assert case.state == "notified"


def test_a_client_who_falls_silent_at_any_level_is_a_review_on_the_fourteenth_day(cast, phase):
    report(cast.client, 3)
    for n in range(14):
        tick(NOW + n * DAY)
    assert rules() == []
    tick(NOW + 14 * DAY)
    assert rules() == ["silent-client"]
    assert Review.objects.get().params == {"days": 14}


def test_a_silent_client_is_judged_once_and_not_every_day(cast, phase):
    report(cast.client, 3)
    tick()
    looks = [sweep_looks(now=NOW + n * DAY) for n in range(1, 30)]
    assert sum(looks) == 1


def test_looking_at_another_hour_each_day_does_not_delay_the_day_of_silence(cast):
    report(cast.client, 7)
    tick()
    for n in range(1, 8):
        sweep_looks(now=NOW + n * DAY - dt.timedelta(hours=3))
    assert watch_of(cast.client).next_look_at == NOW + 7 * DAY
    sweep_looks(now=NOW + 7 * DAY)
    assert case_of(cast.client).opened_at == NOW + 7 * DAY


def test_a_log_puts_the_day_of_silence_off(cast):
    report(cast.client, 7)
    tick()
    report(cast.client, 7, at=NOW + 6 * DAY)
    tick(NOW + 6 * DAY)
    tick(NOW + 12 * DAY)
    assert not Escalation.objects.exists()


def test_a_log_takes_the_silence_off_the_list_in_nobodys_name(cast, phase):
    report(cast.client, 3)
    tick()
    tick(NOW + 14 * DAY)
    report(cast.client, 3, at=NOW + 15 * DAY)
    tick(NOW + 15 * DAY)
    review = Review.objects.get(rule="silent-client")
    assert (review.closed_at, review.closed_by) == (NOW + 15 * DAY, None)
    event = AuditEvent.objects.get(verb="review_closed")
    assert (event.by, event.client, event.subject_id) == (None, cast.client, review.pk)


def test_who_left_is_not_silent(cast, phase):
    report(cast.client, 7)
    tick()
    cast.client.refresh_from_db()
    cast.client.discharged_at = NOW
    cast.client.needs_look_since = NOW
    cast.client.save()
    tick(NOW + 7 * DAY)
    assert not Escalation.objects.exists()


def test_the_day_is_the_clients_own(cast):
    cast.client.zone = "Pacific/Auckland"
    cast.client.save()
    report(cast.client, 7)
    tick()
    assert watch_of(cast.client).finds_at == at("2026-03-16", "20:00")


# Few sessions, and no change


def test_fewer_than_half_of_14_days_sessions_is_a_review(cast, phase):
    plan(phase, *(TODAY - n * DAY for n in range(1, 15)))
    for n in range(1, 7):
        report(cast.client, 3, at=NOW - n * DAY, program=phase.version.program, version=phase.version)
    tick()
    assert Review.objects.get().params == {"done": 6, "planned": 14, "days": 14}


def test_half_of_them_is_none(cast, phase):
    plan(phase, *(TODAY - n * DAY for n in range(1, 15)))
    for n in range(1, 8):
        report(cast.client, 3, at=NOW - n * DAY, program=phase.version.program, version=phase.version)
    tick()
    assert rules() == []


def test_a_paused_program_asks_nothing(cast, phase):
    plan(phase, *(TODAY - n * DAY for n in range(1, 15)))
    program = phase.version.program
    program.state, program.state_reason = "paused", "client"
    program.save()
    report(cast.client, 3)
    tick()
    assert rules() == []


def test_little_change_is_found_when_week_four_is_over(cast, phase):
    phase.version.program.starts_on = TODAY - 28 * DAY
    phase.version.program.save()
    plan(phase, *(TODAY - n * DAY for n in range(1, 29)))
    for n in range(1, 29):
        report(cast.client, 5, at=NOW - n * DAY, moment="before", program=phase.version.program, version=phase.version)
    sweep_looks(now=NOW - DAY)
    assert rules() == []
    assert watch_of(cast.client).finds_at == MORNING
    sweep_looks(now=NOW)
    assert rules() == ["no-improvement-week4"]


def test_the_baseline_is_the_first_weeks_though_it_is_months_ago(cast, phase):
    days(cast.client, [8, 8, 8], last=NOW - 200 * DAY)
    days(cast.client, [5, 5, 5, 5])
    tick()
    assert Review.objects.get().params == {"from": 8, "to": 5, "improvement_pct": 38}


# Offers


def test_an_improvement_is_offered_once_for_a_program(cast, phase):
    days(cast.client, [6] * 7 + [4] * 7)
    tick()
    assert rules() == ["improvement"]
    assert Review.objects.get().is_offer
    close_review(review=Review.objects.get(), by=cast.bodyworker.user, now=NOW)
    for n in (15, 16, 17):
        days(cast.client, [4], last=NOW + n * DAY)
        tick(NOW + n * DAY)
    assert rules() == []


def test_without_a_program_nothing_is_offered(cast):
    days(cast.client, [6] * 7 + [2] * 20)
    tick()
    assert rules() == []


@pytest.mark.parametrize(("last", "offered"), [(7, ["discharge"]), (6, [])])
def test_doing_well_for_14_days_and_back_to_what_matters_is_an_offer_to_close(cast, phase, last, offered):
    measure = OutcomeMeasureFactory(clinic=cast.harbour, slug="psfs")
    for on, values in ((TODAY - 19 * DAY, (4, 4, 4)), (TODAY, (6, 6, last))):
        for item, value in enumerate(values, 1):
            OutcomeAnswerFactory(client=cast.client, measure=measure, item=item, value=value, local_on=on)
    days(cast.client, [2] * 20)
    tick()
    assert rules() == offered


# Reminders


def test_nobody_is_reminded_while_a_person_is_asked_to_look(cast, phase):
    evening = NOW + dt.timedelta(hours=10)
    plan(phase, TODAY)
    review = ReviewFactory(client=cast.client, rule="worsening")
    sweep_nudges(now=evening)
    assert not Nudge.objects.exists()
    close_review(review=review, by=cast.bodyworker.user, now=evening)
    sweep_nudges(now=evening)
    assert Nudge.objects.exists()


# Closing


def test_closing_says_who_and_when_and_is_audited(cast):
    review = ReviewFactory(client=cast.client)
    assert close_review(review=review, by=cast.bodyworker.user, now=NOW)
    review.refresh_from_db()
    assert (review.closed_at, review.closed_by) == (NOW, cast.bodyworker.user)
    event = AuditEvent.objects.get(verb="review_closed")
    assert (event.by, event.details) == (cast.bodyworker.user, {})


def test_the_first_who_closes_stays(cast):
    review = ReviewFactory(client=cast.client)
    close_review(review=review, by=cast.bodyworker.user, now=NOW)
    assert not close_review(review=review, by=cast.owner.user, now=NOW + DAY)
    review.refresh_from_db()
    assert review.closed_by == cast.bodyworker.user
    assert AuditEvent.objects.filter(verb="review_closed").count() == 1


def test_a_second_open_review_of_a_rule_cannot_be_stored(cast):
    ReviewFactory(client=cast.client, rule="worsening")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewFactory(client=cast.client, rule="worsening")


def test_judging_more_clients_costs_the_same_reads(cast, phase, django_assert_max_num_queries):
    for client in (cast.client, cast.colleagues_client):
        days(client, [4] * 7 + [6] * 4)
    with django_assert_max_num_queries(45):
        sweep_looks(now=NOW)
    assert rules() == ["worsening", "worsening"]
