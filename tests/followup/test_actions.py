"""What clients say becomes cases, once, whatever the order; and cases are told on until somebody answers."""

import datetime as dt

import pytest

from accounts.people.models import AuditEvent
from accounts.post.actions import sweep_letters
from accounts.post.models import Incident, Letter
from plans.followup.actions import (
    AlreadyAcknowledged,
    AlreadyResolved,
    NoteRequired,
    acknowledge_escalation,
    resolve_escalation,
    snooze_escalation,
    sweep_escalations,
    sweep_looks,
)
from plans.followup.models import Assessment, Escalation, Watch
from plans.followup.rules import NotAllowed
from tests.clock import NOW, at
from tests.factories.followup import FollowUpPolicyFactory
from tests.factories.people import AbsenceFactory, CareRelationshipFactory, ClientFactory, MembershipFactory
from tests.factories.post import LetterFactory
from tests.followup.speaking import DAY, acts, case_of, flag, report, severe_days, tick
from tests.post.postman import Postman

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def told(case, **filters) -> list[tuple[str, str]]:
    """Whom letters about this case were written to, with their kind, in order."""
    letters = Letter.objects.filter(subject_kind="escalation", subject_id=case.pk, **filters).order_by("pk")
    return [(str(letter.membership.user) if letter.membership else letter.audience, letter.kind) for letter in letters]


# Looking


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
    assert sorted(Assessment.objects.values_list("trigger", flat=True)) == sorted(
        f"session:{pk}:1" for pk in Assessment.objects.none() or _session_ids(cast.client)
    )


def _session_ids(client):
    from plans.journal.models import Session

    return Session.objects.filter(client=client).values_list("pk", flat=True)


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
    with django_assert_max_num_queries(20):
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
    from accounts.people.actions import mark_needs_look

    mark_needs_look(client=cast.client, now=NOW)
    tick()
    assert case_of(cast.client).rule == "very-severe-same-day"


def test_the_highest_of_several_sites_counts(cast):
    from tests.factories.journal import PainReportFactory, ReportSiteFactory, SessionFactory

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
    from plans.journal.models import SessionItem  # noqa: F401

    broken = report(cast.client, 9)
    broken.harm = [{"not": "sortable"}, 3]
    broken.save()
    report(cast.colleagues_client, 9)
    tick()
    assert not Escalation.objects.filter(client=cast.client).exists()
    assert case_of(cast.colleagues_client)
    cast.client.refresh_from_db()
    assert cast.client.needs_look_since > NOW


# One case for each family


def test_each_rule_of_a_family_adds_to_the_one_live_case(cast):
    severe_days(cast.client)
    tick()
    report(cast.client, 7, at=NOW + DAY)
    tick(NOW + DAY)
    case = case_of(cast.client)
    assert acts(case)[-1] == "evidence" or "evidence" in acts(case)
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


# Telling on


def test_an_unanswered_routine_case_goes_to_cover_and_owner_in_working_time(cast):
    severe_days(cast.client)  # Tuesday 09:00, target two working days
    tick()
    case = case_of(cast.client)
    assert case.next_action_at == at("2026-03-10", "17:00")
    sweep_escalations(now=at("2026-03-10", "17:00"))
    assert told(case)[1:] == [("Ana Ruiz", "case-unanswered")]
    sweep_escalations(now=at("2026-03-11", "16:59"))
    assert len(told(case)) == 2
    sweep_escalations(now=at("2026-03-11", "17:00"))
    assert told(case)[2:] == [("Ruth Ekwall", "case-unanswered"), ("client", "nobody-answered")]
    case.refresh_from_db()
    assert (case.tier, case.nobody_answered_at) == (3, at("2026-03-11", "17:00"))


def test_all_who_were_told_are_reminded_until_somebody_answers(cast):
    severe_days(cast.client)
    for day, time in [("10", "09:00"), ("10", "17:00"), ("11", "17:00"), ("12", "17:00"), ("13", "17:00")]:
        tick(at(f"2026-03-{day}", time))
    case = case_of(cast.client)
    assert (
        told(case)[4:]
        == [
            ("Jo Marsh", "case-unanswered"),
            ("Ana Ruiz", "case-unanswered"),
            ("Ruth Ekwall", "case-unanswered"),
        ]
        * 2
    )
    assert case.next_action_at == at("2026-03-16", "17:00")


def test_an_emergency_tells_everybody_at_once(cast):
    flag(cast.client, "emergency_now")
    tick()
    case = case_of(cast.client)
    assert told(case) == [(name, "case-opened") for name in ("Jo Marsh", "Ana Ruiz", "Ruth Ekwall")]
    assert case.next_action_at == NOW + dt.timedelta(minutes=30)


def test_a_tick_twice_tells_nobody_twice(cast):
    flag(cast.client, "emergency_now")
    for _ in range(3):
        tick()
    assert len(told(case_of(cast.client))) == 3


def test_an_engine_that_stood_still_tells_all_who_are_due(cast):
    flag(cast.client, "same_day")
    sweep_looks(now=NOW)
    sweep_escalations(now=NOW + 10 * HOUR)
    case = case_of(cast.client)
    assert [name for name, _ in told(case)] == ["Jo Marsh", "Ana Ruiz", "Ruth Ekwall", "client"]


def test_the_cover_is_told_while_a_bodyworker_is_away(cast):
    AbsenceFactory(bodyworker=cast.bodyworker, clinic=cast.harbour, cover=cast.colleague)
    severe_days(cast.client)
    tick()
    assert told(case_of(cast.client)) == [("Ana Ruiz", "case-opened")]


def test_who_co_treats_the_client_is_the_second_person(cast):
    other = MembershipFactory(clinic=cast.harbour)
    CareRelationshipFactory(client=cast.client, bodyworker=other, is_primary=False)
    flag(cast.client, "emergency_now")
    tick()
    assert told(case_of(cast.client))[1][0] == str(other.user)


@pytest.mark.parametrize("spoil", ["ended", "inactive", "unverified", "away"])
def test_a_bodyworker_who_cannot_be_reached_hands_on_at_once_and_the_owner_knows(cast, spoil):
    jo = cast.bodyworker
    if spoil == "ended":
        jo.ended_at = NOW - DAY
    elif spoil == "inactive":
        jo.user.is_active = False
        jo.user.save()
    elif spoil == "unverified":
        jo.email_verified_at = None
    else:
        AbsenceFactory(bodyworker=jo, clinic=cast.harbour, from_at=NOW - DAY)
    jo.save()
    severe_days(cast.client)
    tick()
    case = case_of(cast.client)
    assert told(case) == [("Ana Ruiz", "case-opened")]
    assert case.holder == cast.colleague
    assert Incident.objects.get().kind == "nobody_reachable"
    assert Letter.objects.filter(kind="incident", membership=cast.owner).count() == 1


def test_a_client_without_a_bodyworker_goes_to_the_owner_at_once(cast):
    cast.care.ended_on = NOW.date()
    cast.care.save()
    severe_days(cast.client)
    tick()
    case = case_of(cast.client)
    assert (told(case), case.holder) == ([("Ruth Ekwall", "case-opened")], cast.owner)


def clinic_of_one(cast, **changes):
    """Otto owns Meadow and treats Lea himself; Pia has left."""
    cast.meadow_bodyworker.ended_at = NOW - DAY
    cast.meadow_bodyworker.save()
    cast.meadow_owner.is_bodyworker = True
    cast.meadow_owner.save()
    cast.meadow_client.care.update(bodyworker=cast.meadow_owner)
    for name, value in changes.items():
        setattr(cast.meadow, name, value)
    cast.meadow.save()


def test_in_a_clinic_of_one_the_client_is_told_when_nobody_answers(cast):
    clinic_of_one(cast)
    flag(cast.meadow_client, "same_day")
    tick()
    case = case_of(cast.meadow_client)
    assert told(case) == [("Otto Frey", "case-opened")]
    sweep_escalations(now=NOW + 4 * HOUR)
    assert told(case)[1:] == [("client", "nobody-answered")]
    case.refresh_from_db()
    assert case.holder == cast.meadow_owner


def test_a_clinic_of_one_with_a_backup_contact_has_a_second_person(cast):
    clinic_of_one(cast, backup_email="friend@elsewhere.example.org")
    flag(cast.meadow_client, "same_day")
    tick()
    sweep_escalations(now=NOW + 2 * HOUR)
    assert told(case_of(cast.meadow_client))[1:] == [("backup", "case-unanswered")]


def test_when_nobody_at_all_can_be_reached_the_client_is_told_at_once(cast):
    for member in (cast.bodyworker, cast.colleague, cast.owner):
        member.email_verified_at = None
        member.save()
    severe_days(cast.client)
    tick()
    case = case_of(cast.client)
    assert told(case) == [("client", "nobody-answered")]
    assert Incident.objects.count() >= 1
    assert case.next_action_at > NOW


def test_somebody_who_can_be_reached_again_is_told_at_the_next_reminder(cast):
    for member in (cast.bodyworker, cast.colleague, cast.owner):
        member.email_verified_at = None
        member.save()
    severe_days(cast.client)
    tick()
    cast.bodyworker.email_verified_at = NOW
    cast.bodyworker.save()
    case = case_of(cast.client)
    sweep_escalations(now=case.next_action_at)
    assert told(case, tier=3)[-1] == ("Jo Marsh", "case-unanswered")


def test_letters_about_a_case_hold_no_health_data(cast):
    severe_days(cast.client)
    tick()
    postman = Postman()
    sweep_letters(now=NOW, channel=postman)
    mail = b"".join(postman.given).decode().lower()
    for word in ("maya", "lindqvist", "pain", "8/10", "severe"):
        assert word not in mail
    assert f"/escalations/{case_of(cast.client).uuid}/" in mail


def test_nothing_due_costs_one_statement(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert sweep_escalations(now=NOW) == 0


# Answering


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
