"""The round by command, the watchdog, and the audit that names each broken promise."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.post.models import Heartbeat
from accounts.post.querysets import database_now
from clinic.invariants import INVARIANTS, broken
from clinic.tick import is_stale, tick
from plans.followup.models import Escalation
from tests.clock import NOW
from tests.factories.followup import AssessmentFactory, EscalationEventFactory, EscalationFactory
from tests.factories.journal import SessionFactory
from tests.factories.post import DeliveryFactory, HeartbeatFactory, IncidentFactory, LetterFactory
from tests.followup.speaking import severe_days
from tests.followup.speaking import tick as ring

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def test_one_round_reads_reports_and_tells(cast):
    severe_days(cast.client)
    tick(now=NOW, by=None)
    assert Escalation.objects.get().state == "notified"
    assert not Heartbeat.objects.exists()


def test_a_round_by_command_leaves_a_heartbeat_of_every_part(cast, capsys):
    call_command("tick")
    beats = dict(Heartbeat.objects.values_list("part", "by"))
    assert beats == dict.fromkeys(["looks", "nudges", "digests", "endings", "escalations", "letters"], "command")


def test_a_round_at_another_time_leaves_none(cast, capsys):
    call_command("tick", now="2026-03-10T18:30:00Z")
    assert not Heartbeat.objects.exists()


@pytest.mark.parametrize("words", ["soon", "2026-03-10T18:30"])
def test_a_time_that_is_none_is_refused(words):
    with pytest.raises(CommandError):
        call_command("tick", now=words)


@pytest.mark.parametrize(("minutes", "stale"), [(1, False), (3, True)])
def test_the_engine_is_stale_after_two_silent_minutes(minutes, stale):
    for part in ("looks", "nudges", "digests", "endings", "escalations", "letters"):
        HeartbeatFactory(part=part, ended_at=NOW - minutes * MINUTE)
    assert is_stale(now=NOW, since=NOW) is stale


def test_an_engine_that_never_ran_gets_two_minutes():
    assert not is_stale(now=NOW, since=NOW - MINUTE)
    assert is_stale(now=NOW, since=NOW - 3 * MINUTE)


def test_one_silent_part_is_enough():
    for part in ("looks", "nudges", "escalations"):
        HeartbeatFactory(part=part, ended_at=NOW)
    HeartbeatFactory(part="letters", ended_at=NOW - 3 * MINUTE)
    assert is_stale(now=NOW, since=NOW)


def test_the_watchdog_takes_over_when_celery_is_silent(cast):
    for part in ("looks", "nudges", "escalations", "letters"):
        HeartbeatFactory(part=part, ended_at=database_now() - 3 * MINUTE, by="celery")
    call_command("watchdog", every=0.01, rounds=1)
    assert set(Heartbeat.objects.values_list("by", flat=True)) == {"watchdog"}


def test_the_watchdog_keeps_still_while_celery_works(cast):
    for part in ("looks", "nudges", "escalations", "letters"):
        HeartbeatFactory(part=part, ended_at=database_now(), by="celery")
    call_command("watchdog", every=0.01, rounds=2)
    assert set(Heartbeat.objects.values_list("by", flat=True)) == {"celery"}


# The audit: each promise is broken once by SQL, and named


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


def test_i12_names_a_letter_that_left_after_the_case_was_taken(healthy):
    case = Escalation.objects.get()
    letter = type(LetterFactory(client=healthy.client)).objects.get(subject_kind="escalation")
    plant(
        "UPDATE followup_escalation SET state = 'acknowledged', next_action_at = NULL,"
        f" acked_by_id = {healthy.bodyworker.user.pk}, acked_at = '2026-03-10 09:10:00+00:00',"
        " follow_up_by = '2026-03-12 09:00:00+00:00'"
    )
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
    import sys

    tested = {name.split("_")[1].upper() for name in vars(sys.modules[__name__]) if name.startswith("test_i")}
    assert {invariant.id for invariant in INVARIANTS} <= tested


def test_the_audit_by_command_says_that_all_is_well(healthy, capsys):
    Escalation.objects.update(next_action_at=database_now() + MINUTE)
    type(SessionFactory(client=healthy.client)).objects.all().delete()
    call_command("audit_invariants")
    assert "Every invariant holds" in capsys.readouterr().out


def test_the_audit_by_command_fails_and_names_what_is_broken(healthy, capsys):
    LetterFactory(client=healthy.client, state="dead", reason="refused", next_attempt_at=None, ended_at=NOW)
    with pytest.raises(CommandError):
        call_command("audit_invariants")
    assert "I10" in capsys.readouterr().out
