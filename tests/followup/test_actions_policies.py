"""New numbers are in force from now on: checked, written down, and without a flood about the past."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.people.models import AuditEvent, Client
from accounts.post.models import Letter
from plans.followup.actions import (
    NothingChanged,
    NumbersRefused,
    PolicyMovedOn,
    adopt_policy,
    end_override,
    override_numbers,
    sweep_looks,
)
from plans.followup.models import Assessment, Escalation, FollowUpPolicy, PolicyOverride, Review, Watch
from plans.journal.actions import lines_of
from plans.journal.rules import Lines
from tests.clock import NOW
from tests.factories.journal import RedFlagAnswerFactory, SessionFactory
from tests.factories.library import RedFlagFactory
from tests.factories.people import ClientFactory
from tests.followup.speaking import DAY, case_of, report, severe_days, tick

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
LATER = NOW + MINUTE


def adopt(cast, *, expected=1, now=LATER, **changed):
    return adopt_policy(
        clinic=cast.harbour, changed=changed, expected_version=expected, by=cast.owner.user, now=now, reason="Trying"
    )


def test_the_first_policy_is_version_two_and_keeps_only_what_differs(cast):
    policy = adopt(cast, severe_min=6, days_in_row=3)
    assert (policy.version, policy.numbers, policy.from_at) == (2, {"severe_min": 6}, LATER)
    assert (policy.made_by, policy.reason) == (cast.owner.user, "Trying")


def test_a_policy_stands_on_the_one_before(cast):
    adopt(cast, severe_min=6)
    policy = adopt(cast, expected=2, now=LATER + MINUTE, days_in_row=2)
    assert (policy.version, policy.numbers) == (3, {"severe_min": 6, "days_in_row": 2})


def test_adopting_is_written_down_with_before_and_after(cast):
    adopt(cast, severe_min=6)
    event = AuditEvent.objects.get(verb="policy_adopted")
    assert event.by == cast.owner.user
    assert event.details == {"version": 2, "before": {"severe_min": 7}, "after": {"severe_min": 6}}


def test_a_looser_safety_number_is_refused_and_nothing_is_written(cast):
    with pytest.raises(NumbersRefused) as refused:
        adopt(cast, very_severe_min=10)
    assert [problem.name for problem in refused.value.problems] == ["very_severe_min"]
    assert not FollowUpPolicy.objects.exists()
    assert not AuditEvent.objects.filter(verb="policy_adopted").exists()


def test_the_numbers_in_force_are_no_new_version(cast):
    with pytest.raises(NothingChanged):
        adopt(cast, severe_min=7)


def test_of_two_owners_the_second_hears_of_the_first(cast):
    first = adopt(cast, severe_min=6)
    with pytest.raises(PolicyMovedOn) as moved:
        adopt(cast, days_in_row=2)
    assert moved.value.newest == first
    assert FollowUpPolicy.objects.count() == 1


def test_another_clinics_policy_changes_nothing_here(cast):
    adopt(cast, severe_min=6)
    assert not FollowUpPolicy.objects.filter(clinic=cast.meadow).exists()
    cast.meadow_client.refresh_from_db()
    assert cast.meadow_client.needs_look_since is None


def six_days_of_six(cast):
    severe_days(cast.client, score=6, days=6)
    tick()
    assert not Escalation.objects.exists()


def test_a_stricter_policy_opens_no_case_about_the_past(cast):
    six_days_of_six(cast)
    adopt(cast, severe_min=6)
    tick(LATER + MINUTE)
    tick(NOW + DAY)
    assert not Escalation.objects.exists()
    assert not Letter.objects.exists()
    assert list(Review.objects.values_list("rule", flat=True)) == ["severe-persistent"]


def test_the_next_report_that_matches_opens_one_case(cast):
    six_days_of_six(cast)
    adopt(cast, severe_min=6)
    tick(LATER + MINUTE)
    report(cast.client, 6, at=NOW + DAY)
    tick(NOW + DAY)
    assert (case_of(cast.client).rule, case_of(cast.client).policy_version) == ("severe-persistent", 2)


def test_a_second_report_of_the_same_day_is_new_too(cast):
    six_days_of_six(cast)
    adopt(cast, severe_min=6)
    report(cast.client, 6, at=NOW + 5 * MINUTE)
    tick(NOW + 10 * MINUTE)
    assert Escalation.objects.count() == 1


def test_a_new_version_reads_no_old_report_again(cast):
    six_days_of_six(cast)
    before = list(Assessment.objects.order_by("pk").values())
    adopt(cast, severe_min=6)
    tick(LATER + MINUTE)
    assert list(Assessment.objects.order_by("pk").values()) == before


def test_a_report_that_nobody_had_read_yet_is_not_swallowed(cast):
    tick()
    flagged = SessionFactory(client=cast.client, performed_at=NOW, received_at=NOW)
    RedFlagAnswerFactory(
        session=flagged,
        red_flag=RedFlagFactory(clinic=cast.harbour, slug="ces-saddle", urgency="emergency_now"),
        answer=True,
        answered_at=NOW,
        shown_text="Call now.",
        shown_at=NOW,
    )
    report(cast.client, 9)
    adopt(cast, severe_min=6)
    tick(LATER + MINUTE)
    assert set(Escalation.objects.values_list("rule", flat=True)) == {"red-flag-immediate", "very-severe-same-day"}


def test_a_late_report_is_judged_by_the_policy_of_the_day_it_came(cast):
    severe_days(cast.client, score=6, days=2, last=NOW - DAY)
    tick()
    adopt(cast, severe_min=6)
    report(cast.client, 6, at=NOW - 3 * DAY, received_at=LATER + MINUTE)
    tick(LATER + 2 * MINUTE)
    assert not Escalation.objects.exists()
    report(cast.client, 6, at=NOW - 8 * MINUTE, received_at=LATER + 3 * MINUTE)
    tick(LATER + 4 * MINUTE)
    assert Escalation.objects.count() == 1


def test_a_correction_is_new_evidence(cast):
    session = report(cast.client, 6, can_wait=False)
    tick()
    adopt(cast, severe_min=6)
    tick(LATER + MINUTE)
    assert not Escalation.objects.exists()
    session.revision = 2
    session.save()
    Client.objects.filter(pk=cast.client.pk).update(needs_look_since=LATER)
    tick(LATER + 2 * MINUTE)
    assert case_of(cast.client).rule == "asked-for-help"


def test_a_client_with_a_live_case_gets_no_hint(cast):
    severe_days(cast.client, score=8, days=3)
    tick()
    adopt(cast, very_severe_min=8)
    tick(LATER + MINUTE)
    assert not Review.objects.exists()


def silent(cast, days):
    """The last word of Maya's was an 8, so many days ago."""
    report(cast.client, 8, at=NOW - days * DAY)
    tick(NOW - days * DAY + MINUTE)
    Watch.objects.update(next_look_at=NOW + 30 * DAY)


def test_silence_that_new_numbers_match_at_once_waits_for_the_old_ones(cast):
    silent(cast, 5)
    adopt(cast, silent_days_severe=4)
    tick(LATER + MINUTE)
    assert Review.objects.get().client == cast.client
    tick(NOW + DAY)
    assert not Escalation.objects.exists()
    tick(NOW + 2 * DAY)
    assert case_of(cast.client).rule == "silent-client"


def test_silence_that_is_found_later_is_found_by_the_new_numbers(cast):
    silent(cast, 2)
    adopt(cast, silent_days_severe=4)
    tick(LATER + MINUTE)
    assert not Review.objects.exists()
    tick(NOW + DAY)
    assert not Escalation.objects.exists()
    tick(NOW + 2 * DAY)
    assert case_of(cast.client).policy_version == 2


def own(cast, *, now=LATER, until_at=None, **changed):
    return override_numbers(
        client=cast.client, changed=changed, reason="Flares up", until_at=until_at, by=cast.bodyworker.user, now=now
    )


def test_a_client_is_judged_by_their_own_numbers_and_the_case_names_them(cast):
    override = own(cast, severe_min=6)
    for client in (cast.client, cast.colleagues_client):
        severe_days(client, score=6, last=NOW + 3 * DAY)
    tick(NOW + 3 * DAY)
    case = Escalation.objects.get()
    assert (case.client, case.override, case.policy_version) == (cast.client, override, 1)
    assert set(Assessment.objects.filter(client=cast.client).values_list("override", flat=True)) == {override.pk}
    assert set(Assessment.objects.filter(client=cast.colleagues_client).values_list("override", flat=True)) == {None}


def test_a_safety_number_is_no_looser_for_one_client(cast):
    with pytest.raises(NumbersRefused):
        own(cast, severe_min=8)
    assert not PolicyOverride.objects.exists()


def test_own_numbers_take_the_place_of_those_before(cast):
    first = own(cast, days_in_row=2)
    second = own(cast, now=LATER + MINUTE, days_in_row=4)
    first.refresh_from_db()
    assert (first.ended_at, first.ended_by) == (LATER + MINUTE, cast.bodyworker.user)
    assert list(PolicyOverride.objects.standing()) == [second]


def test_own_numbers_end_by_themselves(cast):
    own(cast, severe_min=6, until_at=NOW + DAY)
    severe_days(cast.client, score=6, last=NOW + 4 * DAY)
    tick(NOW + 4 * DAY)
    assert not Escalation.objects.exists()


def test_own_numbers_can_be_ended(cast):
    own(cast, severe_min=6)
    assert end_override(client=cast.client, by=cast.bodyworker.user, now=LATER + MINUTE)
    assert not end_override(client=cast.client, by=cast.bodyworker.user, now=LATER + MINUTE)
    severe_days(cast.client, score=6, last=NOW + 4 * DAY)
    tick(NOW + 4 * DAY)
    assert not Escalation.objects.exists()
    verbs = AuditEvent.objects.filter(subject_kind="override").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["override_made", "override_ended"]


def test_the_cost_of_judging_does_not_grow_with_policies(cast, django_assert_max_num_queries):
    report(cast.client, 3)
    adopt(cast, severe_min=6)
    own(cast, days_in_row=2)
    with django_assert_max_num_queries(35):
        sweep_looks(now=LATER + MINUTE)


def test_adopting_costs_the_same_however_many_clients_there_are(cast, django_assert_num_queries):
    with CaptureQueriesContext(connection) as few:
        adopt(cast, severe_min=6)
    ClientFactory.create_batch(5, clinic=cast.harbour)
    with django_assert_num_queries(len(few)):
        adopt(cast, expected=2, now=LATER + MINUTE, severe_min=5)
    assert Client.objects.filter(clinic=cast.harbour, needs_look_since__isnull=False).count() == 7


# What a client is told at once


def test_the_answer_to_a_log_goes_by_the_policy_and_by_the_clients_own_numbers(cast):
    def lines():
        return lines_of(Client.objects.select_related("clinic").get(pk=cast.client.pk))

    assert lines() == Lines(7, 9, 8)
    adopt(cast, severe_min=6, very_severe_min=8)
    assert lines() == Lines(6, 8, 8)
    own(cast, now=LATER, until_at=NOW + DAY, very_severe_min=7)
    assert lines() == Lines(6, 7, 8)
    adopt(cast, expected=2, now=LATER + MINUTE, severe_min=5)
    sweep_looks(now=LATER + MINUTE)
    assert lines() == Lines(5, 7, 8)
    sweep_looks(now=NOW + 2 * DAY)
    assert lines() == Lines(5, 8, 8)


def test_the_lines_of_one_client_end_with_their_own_numbers(cast):
    own(cast, very_severe_min=7)
    end_override(client=cast.client, by=cast.bodyworker.user, now=LATER + MINUTE)
    assert lines_of(Client.objects.select_related("clinic").get(pk=cast.client.pk)) == Lines(7, 9, 8)
