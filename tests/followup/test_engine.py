"""The round by command, and the watchdog that stands in for Celery."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from accounts.post.actions import record_heartbeat
from accounts.post.models import Heartbeat
from accounts.post.querysets import database_now
from clinic.tick import NAMES, silent_parts, tick
from plans.followup.models import Escalation
from tests.clock import NOW
from tests.factories.post import HeartbeatFactory
from tests.followup.speaking import severe_days

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
    assert beats == dict.fromkeys(NAMES, "command")


def test_a_round_at_another_time_leaves_none(cast, capsys, settings):
    settings.DEMO = True
    call_command("tick", now="2026-03-10T18:30:00Z")
    assert not Heartbeat.objects.exists()


@pytest.mark.parametrize("words", ["soon", "2026-03-10T18:30"])
def test_a_time_that_is_none_is_refused(words, settings):
    settings.DEMO = True
    with pytest.raises(CommandError):
        call_command("tick", now=words)


def test_a_clinic_that_is_no_demo_has_one_time(cast):
    severe_days(cast.client)
    with pytest.raises(CommandError, match="Only a demo"):
        call_command("tick", now="2027-03-10T18:30:00Z")
    assert not Escalation.objects.exists()


def beats(*, by="celery", at=None, **others):
    """Every part has ended a round at `at`, rung by Celery; `others` at another time."""
    for part in NAMES:
        ended = others.get(part, at or NOW)
        HeartbeatFactory(part=part, ended_at=ended, by=by, bell_at=ended)


@pytest.mark.parametrize(("minutes", "silent"), [(1, 0), (3, 6), (8, 7)])
def test_a_part_is_silent_after_two_minutes_and_the_audit_after_seven(minutes, silent):
    beats(at=NOW - minutes * MINUTE)
    assert len(silent_parts(now=NOW, since=NOW)) == silent


def test_an_engine_that_never_ran_gets_two_minutes():
    assert silent_parts(now=NOW, since=NOW - MINUTE) == []
    assert silent_parts(now=NOW, since=NOW - 3 * MINUTE) == [name for name in NAMES if name != "audit"]


def test_one_silent_part_is_enough():
    beats(letters=NOW - 3 * MINUTE)
    assert silent_parts(now=NOW, since=NOW) == ["letters"]


def test_a_round_that_ended_in_the_future_is_no_sign_of_life():
    beats(letters=NOW + dt.timedelta(days=400))
    assert silent_parts(now=NOW, since=NOW) == ["letters"]


def test_the_watchdogs_own_rounds_do_not_count_as_celerys():
    for part in NAMES:
        HeartbeatFactory(part=part, ended_at=NOW - dt.timedelta(seconds=5), by="watchdog", bell_at=NOW - 9 * MINUTE)
    # The audit rests between two rounds, whoever does them.
    assert set(silent_parts(now=NOW, since=NOW)) == set(NAMES) - {"audit"}


def test_the_watchdog_takes_over_when_celery_is_silent(cast, capsys):
    beats(at=database_now() - 8 * MINUTE)
    call_command("watchdog", every=0.01, rounds=2)
    assert set(Heartbeat.objects.values_list("by", flat=True)) == {"watchdog"}
    assert capsys.readouterr().err.count("standing in") == 1


def test_the_watchdog_takes_over_only_what_is_silent(cast, capsys):
    beats(at=database_now(), letters=database_now() - 3 * MINUTE)
    call_command("watchdog", every=0.01, rounds=1)
    assert list(Heartbeat.objects.filter(by="watchdog").values_list("part", flat=True)) == ["letters"]


def test_the_watchdog_gives_back_when_celery_is_heard_again(cast, capsys):
    beats(at=database_now() - 8 * MINUTE)
    call_command("watchdog", every=0.01, rounds=1)
    for part in NAMES:
        record_heartbeat(part=part, by="celery", began_at=database_now(), now=database_now())
    call_command("watchdog", every=0.01, rounds=1)
    assert set(Heartbeat.objects.values_list("by", flat=True)) == {"celery"}


def test_the_watchdog_keeps_still_while_celery_works(cast):
    beats(at=database_now())
    call_command("watchdog", every=0.01, rounds=2)
    assert set(Heartbeat.objects.values_list("by", flat=True)) == {"celery"}
