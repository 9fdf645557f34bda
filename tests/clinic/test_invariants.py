"""The audit names each promise that is broken: every one is broken here once, by SQL, and named."""

import datetime as dt
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.people.actions import record_audit
from accounts.post.models import Letter
from accounts.post.querysets import database_now
from clinic.invariants import INVARIANTS, broken
from plans.followup.models import Assessment, Escalation
from plans.journal.models import Session
from tests.clock import NOW, at
from tests.factories.followup import AssessmentFactory, EscalationEventFactory, EscalationFactory, NudgeFactory
from tests.factories.journal import RefusedLogFactory, SessionFactory
from tests.factories.people import ConsentFactory
from tests.factories.post import (
    ContactPreferencesFactory,
    DeliveryFactory,
    HeartbeatFactory,
    IncidentFactory,
    KillSwitchFactory,
    LetterFactory,
)
from tests.followup.speaking import flag, report, severe_days
from tests.followup.speaking import tick as ring

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
LATER = NOW + 6 * MINUTE


def shadow(model) -> str:
    """A temporary copy that stands before the table, without its constraints: a place to plant a violation."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {table} AS SELECT * FROM {table}")
    return table


def plant(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def names(now=NOW) -> set[str]:
    return {found.invariant.id for found in broken(now=now)}


@pytest.fixture
def healthy(cast):
    """A clinic in the middle of its day: one case told, its letters written, one report read."""
    severe_days(cast.client)
    ring()
    assert names() == set()
    return cast


def test_a_healthy_clinic_keeps_every_promise(healthy, capsys):
    assert names() == set()


def test_i3_names_a_report_nobody_read(healthy):
    SessionFactory(client=healthy.client, received_at=NOW - 10 * MINUTE)
    assert names() == {"I3"}


def test_i5_names_two_live_cases_of_one_family(healthy):
    table = shadow(Escalation)
    plant(f"INSERT INTO {table} SELECT * FROM {table}")
    assert "I5" in names()


def test_i6_names_a_case_without_a_next_step(healthy):
    plant(f"UPDATE {shadow(Escalation)} SET next_action_at = NULL")
    assert names() == {"I6"}


def test_i6_names_a_case_that_is_overdue(healthy):
    case = Escalation.objects.get()
    Letter.objects.all().delete()  # nobody carries them in this test, and they would be late as well
    assert names(case.next_action_at + 6 * MINUTE) == {"I6"}


def test_i7_names_a_tier_that_was_passed_over(healthy):
    case = Escalation.objects.get()
    EscalationEventFactory(escalation=case, sequence=3, act="tell", tier=3)
    assert names() == {"I7"}


def test_i8_names_two_letters_with_one_key(healthy):
    letter = LetterFactory(client=healthy.client)
    table = shadow(type(letter))
    plant(f"UPDATE {table} SET dedupe_key = 'same'")
    assert names() == {"I8"}


def test_i9_names_two_letters_with_one_message_id(healthy):
    letter = LetterFactory(client=healthy.client)
    table = shadow(type(letter))
    plant(f"UPDATE {table} SET message_id = 'same'")
    assert names() == {"I9"}


def test_i10_names_a_dead_letter_nobody_can_see(healthy):
    letter = LetterFactory(client=healthy.client, state="dead", reason="refused", next_attempt_at=None, ended_at=NOW)
    assert names() == {"I10"}
    IncidentFactory(clinic=healthy.harbour, letter=letter)
    assert names() == set()


def test_i11_names_a_letter_given_again_after_an_answer(healthy):
    letter = LetterFactory(client=healthy.client)
    DeliveryFactory(letter=letter, number=1, ended_at=NOW, outcome="ambiguous")
    DeliveryFactory(letter=letter, number=2, ended_at=NOW, outcome="sent")
    assert names() == set()
    DeliveryFactory(letter=letter, number=3, ended_at=NOW, outcome="sent")
    assert names() == {"I11"}


def test_i11_lets_a_letter_go_by_mail_after_its_device_is_gone(healthy):
    letter = LetterFactory(client=healthy.client, clinic=healthy.harbour)
    DeliveryFactory(letter=letter, number=1, channel="push", ended_at=NOW, outcome="gone", code=410)
    DeliveryFactory(letter=letter, number=2, ended_at=NOW, outcome="sent")
    assert names() == set()


def test_i12_names_a_letter_that_left_after_the_case_was_taken(healthy):
    case = Escalation.objects.get()
    letter = type(LetterFactory(client=healthy.client)).objects.get(subject_kind="escalation")
    plant(
        "UPDATE followup_escalation SET state = 'acknowledged', next_action_at = NULL,"
        f" acked_by_id = {healthy.bodyworker.user.pk}, acked_at = '2026-03-10 09:10:00+00:00',"
        " follow_up_by = '2026-03-12 09:00:00+00:00'"
    )
    EscalationEventFactory(escalation=case, sequence=3, act="acknowledge")
    DeliveryFactory(letter=letter, handed_off_at=NOW + 20 * MINUTE)
    assert case.pk == letter.subject_id
    assert names() == {"I12"}


def test_i14_names_a_gap_in_the_events(healthy):
    EscalationEventFactory(escalation=Escalation.objects.get(), sequence=9, act="evidence")
    assert names() == {"I14"}


def test_i14_names_a_case_that_ended_without_an_event(healthy):
    EscalationFactory(
        client=healthy.colleagues_client,
        state="resolved",
        next_action_at=None,
        resolved_at=NOW,
        resolved_by=healthy.owner.user,
        outcome="called",
    )
    assert names() == {"I14"}


def test_i15_names_a_row_that_left_its_clinic(healthy):
    stray = AssessmentFactory(client=healthy.client, clinic=healthy.meadow, trigger="day:2026-03-01")
    assert names() == {"I15"}
    stray.delete()  # PostgreSQL would refuse it at the end of the transaction


def test_every_promise_of_the_table_has_a_test_that_breaks_it():

    tested = {name.split("_")[1].upper() for name in vars(sys.modules[__name__]) if name.startswith("test_i")}
    assert {invariant.id for invariant in INVARIANTS} <= tested


def test_the_audit_by_command_says_that_all_is_well(healthy, capsys):
    Escalation.objects.update(next_action_at=database_now() + MINUTE)
    Letter.objects.update(next_attempt_at=database_now())
    call_command("audit_invariants")
    assert "Every invariant holds" in capsys.readouterr().out


def test_the_audit_by_command_fails_and_names_what_is_broken(healthy, capsys):
    LetterFactory(client=healthy.client, state="dead", reason="refused", next_attempt_at=None, ended_at=NOW)
    with pytest.raises(CommandError):
        call_command("audit_invariants")
    assert "I10" in capsys.readouterr().out


def test_i1_names_a_log_that_is_gone(healthy):
    record_audit(
        clinic=healthy.harbour, verb="session_logged", subject_kind="session", subject_id=987654, by=None, now=NOW
    )
    assert names() == {"I1"}


def test_i1_names_a_session_without_its_readings(healthy):
    table = shadow(Session)
    plant(f"UPDATE {table} SET program_id = 7 WHERE id = (SELECT MAX(id) FROM {table})")
    plant("DELETE FROM journal_painreport")
    assert "I1" in names()


def test_i2_names_one_uuid_twice(healthy):
    plant(f"UPDATE {shadow(Session)} SET uuid = '{Session.objects.first().uuid.hex}'")
    assert names() == {"I2"}


def test_i2_names_a_correction_that_is_missing(healthy):
    plant(f"UPDATE {shadow(Session)} SET revision = 2")
    assert "I2" in names()


def test_i2_names_a_first_body_that_was_refused(healthy):
    session = Session.objects.first()
    RefusedLogFactory(session=session, client=healthy.client, clinic=healthy.harbour, digest=session.first_digest)
    assert names() == {"I2"}


def test_i4_names_a_finding_that_no_assessment_holds(cast):
    flag(cast.client, "emergency_now")
    ring()
    assert names(LATER) == set()
    Assessment.objects.update(findings=[])
    assert names(LATER) == {"I4"}


def test_i4_names_a_finding_without_a_case(cast):
    flag(cast.client, "emergency_now")
    ring()
    Escalation.objects.all().delete()
    assert names(LATER) == {"I4"}


def test_i4_names_a_case_that_rests_on_nothing(healthy):
    case = EscalationFactory(client=healthy.client, family="contact", number=9, next_action_at=NOW + 60 * MINUTE)
    EscalationEventFactory(escalation=case, sequence=1, act="raise", details={"rule": "silent-client"})
    assert names(LATER) == {"I4"}


def test_i4_names_a_case_that_rests_on_somebody_elses_log(healthy):
    stranger = report(healthy.meadow_client, 2)
    ring()
    Escalation.objects.update(readings=[{"on": "2026-03-10", "score": 8, "session": stranger.pk}])
    assert names(LATER) == {"I4"}


def test_i4_leaves_a_client_alone_who_has_just_written(cast):
    flag(cast.client, "emergency_now")
    ring()
    Assessment.objects.update(findings=[])
    report(cast.client, 2, at=NOW + 4 * MINUTE)
    assert "I4" not in names(LATER)


def test_i7_names_a_tier_told_after_somebody_took_the_case(healthy):
    case = Escalation.objects.get()
    EscalationEventFactory(escalation=case, sequence=3, act="acknowledge")
    EscalationEventFactory(escalation=case, sequence=4, act="tell", tier=2)
    assert "I7" in names()


def test_i10_names_a_letter_that_nobody_carries(healthy):
    letter = LetterFactory(client=healthy.client, next_attempt_at=NOW - 59 * MINUTE)
    assert names() == set()
    type(letter).objects.filter(pk=letter.pk).update(next_attempt_at=NOW - 61 * MINUTE)
    assert names() == {"I10"}
    KillSwitchFactory(clinic=healthy.harbour, from_at=NOW - 90 * MINUTE, until_at=NOW + MINUTE)
    assert names() == set()


def test_i11_names_a_letter_given_while_another_attempt_is_open(healthy):
    letter = LetterFactory(client=healthy.client)
    DeliveryFactory(letter=letter, number=1)
    DeliveryFactory(letter=letter, number=2, ended_at=NOW, outcome="sent")
    assert names() == {"I11"}


def reminder(cast, at=NOW, **fields):
    """A reminder to Maya that was handed over at this instant."""
    letter = LetterFactory(
        client=cast.client, clinic=cast.harbour, state="sent", sent_at=at, created_at=min(at, NOW), **fields
    )
    DeliveryFactory(letter=letter, number=1, began_at=at, handed_off_at=at, ended_at=at, outcome="sent")
    return letter


def test_i12_names_a_reminder_after_an_unsubscription(healthy):
    reminder(healthy, LATER)
    preferences = ContactPreferencesFactory(client=healthy.client, unsubscribed_at=LATER + MINUTE)
    assert names(LATER) == set()
    type(preferences).objects.update(unsubscribed_at=NOW)
    assert names(LATER) == {"I12"}


def test_i12_names_a_reminder_after_consent_was_withdrawn(healthy):
    reminder(healthy, LATER)
    ConsentFactory(client=healthy.client, purpose="reminders", given_at=NOW - MINUTE, withdrawn_at=NOW)
    assert names(LATER) == {"I12"}
    ConsentFactory(client=healthy.client, purpose="reminders", given_at=NOW + MINUTE)
    assert names(LATER) == set()


def test_i12_names_a_reminder_to_a_client_who_had_logged(healthy):
    letter = reminder(healthy, LATER)
    NudgeFactory(client=healthy.client, local_on=NOW.date(), letter=letter)
    assert names(LATER) == set()
    report(healthy.client, 3, at=NOW + MINUTE)
    assert "I12" in names(LATER)


def test_i13_names_a_reminder_at_night(healthy):
    reminder(healthy, at("2026-03-10", "20:59"))
    assert names() == set()
    reminder(healthy, at("2026-03-09", "21:00"))
    assert names() == {"I13"}


def test_i13_judges_nobody_by_hours_chosen_since(healthy):
    reminder(healthy, at("2026-03-09", "21:00"))
    record_audit(
        clinic=healthy.harbour,
        verb="reminders_chosen",
        subject_kind="client",
        subject_id=healthy.client.pk,
        by=None,
        now=at("2026-03-10", "07:00"),
        client=healthy.client,
    )
    assert names() == set()


def test_i13_names_a_second_reminder_on_one_day_of_the_reader(healthy):
    reminder(healthy, at("2026-03-09", "09:00"))
    reminder(healthy, at("2026-03-10", "08:30"))
    assert names() == set()
    reminder(healthy, at("2026-03-10", "08:45"))
    assert names() == {"I13"}


def test_i14_names_a_case_whose_events_lead_elsewhere(healthy):
    EscalationEventFactory(escalation=Escalation.objects.get(), sequence=3, act="snooze")
    assert names() == {"I14"}


def test_i16_names_a_part_that_stood_still(healthy):
    HeartbeatFactory(part="letters", ended_at=NOW - 3 * MINUTE)
    assert names() == set()
    HeartbeatFactory(part="looks", ended_at=NOW - 4 * MINUTE)
    assert names() == {"I16"}


def test_a_promise_that_cannot_be_asked_counts_as_broken(healthy):
    plant("ALTER TABLE journal_refusedlog RENAME COLUMN digest TO elsewhere")
    assert names() == {"I2"}


def test_a_round_asks_about_the_newest_rows_and_the_command_about_all(healthy, monkeypatch):
    monkeypatch.setattr("clinic.invariants.REACH", 1)
    first = Session.objects.order_by("pk").first()
    plant(f"UPDATE {shadow(Session)} SET first_digest = '' WHERE id = {first.pk}")
    assert names() == set()
    assert {one.invariant.id for one in broken(now=NOW, whole=True)} == {"I2"}
