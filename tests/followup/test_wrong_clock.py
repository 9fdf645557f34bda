"""A round at a wrong time is not done; where one was, nobody sleeps until that time comes."""

import datetime as dt

import pytest
from django.core.management import call_command

from accounts.post import querysets
from accounts.post.actions import announce_absence, sweep_letters
from accounts.post.models import Heartbeat, Letter
from accounts.post.querysets import ClockInDoubt, database_now
from accounts.post.rules import Clock
from clinic.invariants import broken
from plans.followup import tasks
from plans.followup.actions import (
    acknowledge_escalation,
    sweep_escalations,
    sweep_looks,
    sweep_nudges,
)
from plans.followup.models import Escalation, Watch
from tests.clock import NOW, TODAY, at
from tests.factories.post import LetterFactory
from tests.factories.programs import PhaseFactory, PlannedSessionFactory
from tests.followup.speaking import acts, report, severe_days, tick
from tests.post.postman import LATER, Postman

pytestmark = pytest.mark.django_db
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
AHEAD = NOW + 400 * DAY
MONTH = NOW + 30 * DAY
"""Not so far that the logs of today are no longer read."""
BACK = NOW + 10 * MINUTE


def case_of(client) -> Escalation:
    """The case about pain: to a clock that is ahead this client is silent too."""
    return Escalation.objects.get(client=client, family="severe")


@pytest.fixture
def leapt(monkeypatch):
    """This process has looked at the clock two hours ago by the clock, and just now by its stopwatch."""
    now = database_now().timestamp()
    clock = Clock(ahead=now - 7200 - querysets.stopwatch())
    monkeypatch.setattr(querysets, "CLOCK", clock)
    return clock


def test_no_bell_does_a_round_at_a_time_that_has_leapt(cast, leapt):
    severe_days(cast.client, last=database_now())
    with pytest.raises(ClockInDoubt):
        tasks.sweep_looks.run()
    assert not Escalation.objects.exists()
    assert not Heartbeat.objects.exists(), "a round that was not done is no sign of life"


def test_the_watchdog_waits_too_and_says_why(cast, leapt, capsys):
    severe_days(cast.client, last=database_now())
    call_command("watchdog", every=0.01, rounds=2)
    assert "leapt" in capsys.readouterr().err
    assert not Escalation.objects.exists()


def test_a_client_looked_at_by_a_wrong_clock_is_looked_at_again(cast):
    report(cast.client, 3)
    sweep_looks(now=AHEAD)
    sweep_looks(now=BACK)
    watch = Watch.objects.get(client=cast.client)
    assert watch.looked_at == BACK
    assert watch.next_look_at <= BACK + DAY


def test_a_client_whose_day_was_decided_by_a_wrong_clock_is_reminded_all_the_same(cast):
    phase = PhaseFactory(version__program__client=cast.client, version__program__clinic=cast.harbour)
    PlannedSessionFactory(phase=phase, on=TODAY)
    sweep_nudges(now=at("2026-03-10", "19:00") + 400 * DAY)
    assert Watch.objects.get(client=cast.client).nudges_decided_on == TODAY + 400 * DAY
    assert sweep_nudges(now=at("2026-03-10", "18:31")) == 1
    assert sweep_nudges(now=at("2026-03-10", "18:32")) == 0


def test_a_case_told_on_by_a_wrong_clock_is_reminded_of_as_soon_as_its_rule_says(cast):
    severe_days(cast.client, score=9, days=1)
    tick()
    tick(AHEAD)
    asleep = case_of(cast.client)
    assert asleep.next_action_at > AHEAD
    tick(BACK)
    awake = case_of(cast.client)
    assert awake.next_action_at <= NOW + 2 * DAY
    before = len(acts(awake))
    tick(awake.next_action_at)
    assert acts(awake)[before:], "nobody was told again"
    assert acts(awake).count("raise") == 1


def test_a_case_opened_by_a_wrong_clock_goes_its_way_from_today(cast):
    report(cast.client, 9)
    tick(MONTH)
    assert case_of(cast.client).opened_at == MONTH
    tick(BACK)
    case = case_of(cast.client)
    assert (case.state, case.tier) == ("notified", 1)
    assert case.opened_at == BACK
    assert case.target_at < NOW + 4 * DAY
    tick(BACK + dt.timedelta(hours=4))
    assert case_of(cast.client).tier == 2


def test_a_case_that_a_wrong_clock_let_rest_is_looked_at_in_its_time(cast):
    severe_days(cast.client, score=9, days=1)
    tick()
    acknowledge_escalation(escalation=case_of(cast.client), by=cast.bodyworker.user, now=NOW)
    report(cast.client, 2, at=NOW + MINUTE)
    tick(MONTH)
    assert case_of(cast.client).follow_up_by > MONTH
    letters = Letter.objects.count()
    for n in range(3):
        tick(BACK + n * MINUTE)
    assert case_of(cast.client).follow_up_by < NOW + 7 * DAY
    assert Letter.objects.count() == letters, "waking it told somebody something"


def test_a_letter_put_off_by_a_wrong_clock_leaves_when_the_clock_is_right(cast):
    letter = LetterFactory(client=cast.client, clinic=cast.harbour, subject_kind="report")
    sweep_letters(now=AHEAD, channel=Postman(offers=[LATER]))
    letter.refresh_from_db()
    assert letter.next_attempt_at > AHEAD
    sweep_letters(now=BACK, channel=Postman())
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at) == ("sent", BACK)


def test_a_reminder_of_a_day_far_ahead_is_dropped(cast):
    far = AHEAD + dt.timedelta(hours=10)
    letter = LetterFactory(
        client=cast.client, created_at=AHEAD, due_at=far, next_attempt_at=far, expires_at=far + 60 * MINUTE
    )
    postman = Postman()
    sweep_letters(now=BACK, channel=postman)
    letter.refresh_from_db()
    assert (letter.state, postman.given) == ("expired", [])


def test_the_audit_names_what_a_wrong_clock_put_off(cast):
    report(cast.client, 9)
    tick(MONTH)
    late = LetterFactory(client=cast.client, clinic=cast.harbour, next_attempt_at=AHEAD)
    (found,) = [one for one in broken(now=BACK) if one.invariant.id == "I14"]
    assert {row[2] for row in found.rows} == {"case", "letter", "watch"}
    tick(BACK)
    sweep_letters(now=BACK, channel=Postman())
    assert Letter.objects.get(pk=late.pk).state == "sent"
    assert not [one for one in broken(now=BACK) if one.invariant.id == "I14"]


def test_nothing_is_put_off_by_rounds_that_overlap(cast):
    severe_days(cast.client, score=9, days=1)
    tick(NOW + MINUTE)
    sweep_escalations(now=NOW)
    assert acts(case_of(cast.client)) == ["raise", "tell"]


def test_a_letter_written_for_a_later_day_sleeps_until_then(cast):
    later = NOW + 14 * DAY
    absence = announce_absence(
        bodyworker=cast.bodyworker,
        cover=cast.colleague,
        from_at=later,
        until_at=later + 7 * DAY,
        by=cast.bodyworker.user,
        now=NOW,
    )
    letter = Letter.objects.get(subject_kind="absence", subject_id=absence.pk)
    sweep_letters(now=NOW + MINUTE, channel=Postman())
    letter.refresh_from_db()
    assert (letter.state, letter.next_attempt_at) == ("pending", later)
    assert broken(now=NOW + MINUTE) == []
    sweep_letters(now=later, channel=Postman())
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at) == ("sent", later)
