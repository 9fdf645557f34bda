"""A person takes a case, puts it off, or ends it with an outcome."""

import datetime as dt

import pytest

from accounts.people.models import AuditEvent
from accounts.post.models import Incident, Letter
from plans.followup.actions import (
    AlreadyAcknowledged,
    AlreadyResolved,
    CannotAnswer,
    NoteRequired,
    NotYours,
    acknowledge_escalation,
    hand_over_escalation,
    resolve_escalation,
    snooze_escalation,
    sweep_escalations,
    sweep_looks,
)
from plans.followup.rules import NotAllowed
from tests.clock import NOW, at
from tests.factories.people import AbsenceFactory, ClientFactory, MembershipFactory
from tests.followup.speaking import DAY, acts, case_of, flag, report, severe_days, tick, told

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def case(cast):
    severe_days(cast.client)
    tick()
    return case_of(cast.client)


def test_acknowledging_takes_the_case_and_stops_the_clock(cast, case):
    acknowledge_escalation(escalation=case, by=cast.colleague.user, now=NOW + HOUR)
    case.refresh_from_db()
    assert (case.state, case.acked_by, case.acked_at, case.next_action_at) == (
        "acknowledged",
        cast.colleague.user,
        NOW + HOUR,
        None,
    )
    assert case.holder == cast.colleague
    assert case.follow_up_by == at("2026-03-12", "10:00")
    assert sweep_escalations(now=NOW + DAY) == 0


def test_acknowledging_takes_back_the_letters_that_have_not_left(cast, case):
    acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW + HOUR)
    assert set(Letter.objects.filter(subject_kind="escalation").values_list("state", "reason")) == {
        ("cancelled", "acknowledged")
    }


def test_the_client_learns_that_the_report_was_seen(cast, case):
    acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW + HOUR)
    letter = Letter.objects.get(kind="report-seen")
    assert (letter.client, letter.state) == (cast.client, "pending")


def test_a_client_without_an_address_is_not_written_to(cast, case):
    cast.client.email = ""
    cast.client.user = None
    cast.client.save()
    acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW + HOUR)
    assert not Letter.objects.filter(kind="report-seen").exists()


def test_the_second_person_is_told_who_was_first(cast, case):
    acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW + HOUR)
    with pytest.raises(AlreadyAcknowledged) as refusal:
        acknowledge_escalation(escalation=case, by=cast.colleague.user, now=NOW + 2 * HOUR)
    assert (refusal.value.by, refusal.value.at) == (cast.bodyworker.user, NOW + HOUR)


def test_a_double_click_takes_the_case_once(cast, case):
    first = acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW + HOUR)
    again = acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW + 2 * HOUR)
    assert again.acked_at == first.acked_at == NOW + HOUR
    assert case.events.filter(act="acknowledge").count() == 1


def test_a_holder_chooses_when_to_look_again(cast, case):
    until = NOW + 5 * HOUR
    acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW, follow_up_by=until)
    case.refresh_from_db()
    assert case.follow_up_by == until


def test_resolving_needs_an_outcome_and_sometimes_a_note(cast, case):
    for outcome in ("no_answer", "not_a_concern"):
        with pytest.raises(NoteRequired):
            resolve_escalation(escalation=case, outcome=outcome, note=" ", by=cast.bodyworker.user, now=NOW)
    with pytest.raises(ValueError, match="forgotten"):
        resolve_escalation(escalation=case, outcome="forgotten", note="x", by=cast.bodyworker.user, now=NOW)
    case.refresh_from_db()
    assert case.state == "notified"


def test_resolving_an_open_case_takes_it_too(cast, case):
    resolve_escalation(escalation=case, outcome="called", note="She rests.", by=cast.bodyworker.user, now=NOW + HOUR)
    case.refresh_from_db()
    assert (case.state, case.outcome, case.note, case.resolved_by) == (
        "resolved",
        "called",
        "She rests.",
        cast.bodyworker.user,
    )
    assert acts(case)[-2:] == ["acknowledge", "resolve"]
    assert AuditEvent.objects.get(verb="escalation_resolved").details == {"generation": 1, "outcome": "called"}


def test_a_case_ends_once(cast, case):
    resolve_escalation(escalation=case, outcome="called", note="", by=cast.bodyworker.user, now=NOW)
    with pytest.raises(AlreadyResolved) as refusal:
        resolve_escalation(escalation=case, outcome="seen", note="", by=cast.colleague.user, now=NOW + HOUR)
    assert refusal.value.by == cast.bodyworker.user
    with pytest.raises(AlreadyResolved):
        acknowledge_escalation(escalation=case, by=cast.colleague.user, now=NOW + HOUR)


def test_nobody_silences_a_case_that_nobody_took(cast, case):
    with pytest.raises(NotAllowed):
        snooze_escalation(escalation=case, until=NOW + DAY, by=cast.bodyworker.user, now=NOW)


def test_a_case_that_is_still_severe_is_told_anew_when_its_time_comes(cast, case):
    acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW, follow_up_by=NOW + DAY)
    report(cast.client, 8, at=NOW + HOUR)
    sweep_looks(now=NOW + HOUR)
    sweep_escalations(now=NOW + DAY)
    case.refresh_from_db()
    assert (case.state, case.generation, case.acked_at) == ("notified", 2, None)
    assert told(case, generation=2) == [("Jo Marsh", "case-follow-up")]


def test_a_case_that_got_milder_only_asks_its_holder_to_look_and_close(cast, case):
    acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW, follow_up_by=NOW + DAY)
    report(cast.client, 3, at=NOW + HOUR)
    sweep_looks(now=NOW + HOUR)
    sweep_escalations(now=NOW + DAY)
    case.refresh_from_db()
    assert (case.state, case.generation) == ("acknowledged", 1)
    assert case.follow_up_by > NOW + DAY
    assert told(case)[-1] == ("Jo Marsh", "case-follow-up")


def test_a_safety_case_never_counts_as_settled(cast):
    flag(cast.client, "same_day")
    tick()
    case = case_of(cast.client)
    acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW, follow_up_by=NOW + DAY)
    report(cast.client, 0, at=NOW + HOUR)
    sweep_looks(now=NOW + HOUR)
    sweep_escalations(now=NOW + DAY)
    case.refresh_from_db()
    assert case.generation == 2


def test_events_stand_in_one_sequence(cast, case):
    acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW)
    resolve_escalation(escalation=case, outcome="seen", note="", by=cast.bodyworker.user, now=NOW)
    assert list(case.events.order_by("sequence").values_list("sequence", flat=True)) == [1, 2, 3, 4]


def test_a_client_of_nobody_is_never_without_a_holder_or_an_incident(cast):
    lonely = ClientFactory(clinic=cast.meadow)
    for member in (cast.meadow_owner, cast.meadow_bodyworker):
        member.ended_at = NOW - DAY
        member.save()
    severe_days(lonely)
    tick()
    assert case_of(lonely).holder is None
    assert Incident.objects.filter(clinic=cast.meadow).exists()


@pytest.mark.parametrize("how", ["left", "deactivated"])
def test_a_case_whose_holder_has_gone_is_told_anew_at_once(cast, case, how):
    acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW, follow_up_by=NOW + 3 * DAY)
    report(cast.client, 2, at=NOW + HOUR)
    sweep_looks(now=NOW + HOUR)
    if how == "left":
        cast.bodyworker.ended_at = NOW + HOUR
        cast.bodyworker.save()
    else:
        cast.bodyworker.user.is_active = False
        cast.bodyworker.user.save()
    sweep_escalations(now=NOW + 2 * HOUR)
    case.refresh_from_db()
    assert (case.state, case.generation, case.holder) == ("notified", 2, cast.colleague)


def test_a_case_whose_holder_goes_away_before_the_next_look_is_told_to_the_cover(cast, case):
    acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW, follow_up_by=NOW + 3 * DAY)
    AbsenceFactory(bodyworker=cast.bodyworker, cover=cast.colleague, from_at=NOW + DAY, until_at=NOW + 8 * DAY)
    sweep_escalations(now=NOW + DAY - HOUR)
    case.refresh_from_db()
    assert case.state == "acknowledged"
    sweep_escalations(now=NOW + DAY)
    case.refresh_from_db()
    assert (case.state, case.generation, case.holder) == ("notified", 2, cast.colleague)


def test_a_holder_who_is_back_in_time_keeps_the_case(cast, case):
    acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW, follow_up_by=NOW + 3 * DAY)
    AbsenceFactory(bodyworker=cast.bodyworker, from_at=NOW + DAY, until_at=NOW + 2 * DAY)
    assert sweep_escalations(now=NOW + DAY) == 0


def test_who_takes_a_case_while_away_has_it(cast, case):
    AbsenceFactory(bodyworker=cast.bodyworker, from_at=NOW - HOUR, until_at=NOW + 8 * DAY)
    acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW, follow_up_by=NOW + DAY)
    assert sweep_escalations(now=NOW + HOUR) == 0
    sweep_escalations(now=NOW + DAY)
    case.refresh_from_db()
    assert (case.state, case.generation) == ("notified", 2)


def test_only_the_holder_lets_a_case_rest(cast, case):
    acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW)
    with pytest.raises(NotYours) as refused:
        snooze_escalation(escalation=case, until=NOW + DAY, by=cast.colleague.user, now=NOW)
    assert refused.value.by == cast.bodyworker.user


@pytest.mark.parametrize("is_taken", [True, False])
def test_a_case_that_is_handed_over_asks_the_colleague_first_and_goes_on_without_an_answer(cast, case, is_taken):
    if is_taken:
        acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW)
    hand_over_escalation(escalation=case, to=cast.colleague, by=cast.bodyworker.user, now=NOW + HOUR)
    case.refresh_from_db()
    assert (case.state, case.generation, case.acked_by) == ("open", 2, None)
    sweep_escalations(now=NOW + HOUR)
    assert told(case, generation=2) == [("Ana Ruiz", "case-opened")]
    sweep_escalations(now=NOW + 3 * DAY)
    assert ("Ruth Ekwall", "case-unanswered") in told(case, generation=2)
    assert AuditEvent.objects.filter(verb="escalation_handed_over").count() == 1


def test_nobody_is_handed_a_case_whom_no_letter_reaches(cast, case):
    away = MembershipFactory(clinic=cast.harbour)
    AbsenceFactory(bodyworker=away)
    silent = MembershipFactory(clinic=cast.harbour, email_verified_at=None)
    for member in (away, silent, cast.curator, cast.meadow_bodyworker):
        with pytest.raises(CannotAnswer):
            hand_over_escalation(escalation=case, to=member, by=cast.bodyworker.user, now=NOW)
    case.refresh_from_db()
    assert (case.state, case.generation) == ("notified", 1)
