"""What one bad row or one wrong clock may do to the engine: delay itself, visibly, and nobody else."""

import datetime as dt

import pytest
from django.db import OperationalError, connection

from accounts.people.models import Client
from accounts.post.actions import recover_letters
from accounts.post.actions.claiming import claim_letters
from accounts.post.models import Incident, Letter
from plans.followup.actions import looking, sweep_escalations, sweep_looks, sweep_nudges, telling
from plans.followup.models import Assessment, Escalation, Nudge
from plans.journal.models import PainReport
from tests.clock import NOW, TODAY, at
from tests.factories.followup import EscalationEventFactory, EscalationFactory, NudgeFactory
from tests.factories.post import ContactPreferencesFactory, LetterFactory
from tests.factories.programs import PhaseFactory, PlannedSessionFactory
from tests.followup.speaking import report, severe_days, tick

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
YEAR = dt.timedelta(days=400)


@pytest.fixture
def poisoned(cast):
    """Maya's log holds a word that no version of the site knows; Tomasz has one too, and a good one."""
    spoilt = report(cast.client, 5)
    PainReport.objects.filter(session=spoilt).update(moment="elsewhen")
    report(cast.colleagues_client, 5, at=NOW + MINUTE)
    return cast


def test_a_client_who_cannot_be_judged_keeps_nobody_else_waiting(poisoned):
    sweep_looks(now=NOW + MINUTE)
    assert list(Assessment.objects.values_list("client", flat=True)) == [poisoned.colleagues_client.pk]


def test_a_client_who_cannot_be_judged_is_an_incident_and_not_tried_hot(poisoned):
    for _ in range(2):
        sweep_looks(now=NOW + MINUTE)
    incident = Incident.objects.get()
    assert (incident.clinic, incident.details) == (poisoned.harbour, {"work": "look", "id": poisoned.client.pk})
    assert Client.objects.get(pk=poisoned.client.pk).needs_look_since == NOW + MINUTE + looking.AFTER_A_FAILURE


def test_a_client_who_was_mended_is_judged_at_the_next_try(poisoned):
    sweep_looks(now=NOW + MINUTE)
    PainReport.objects.filter(moment="elsewhen").update(moment="check_in")
    sweep_looks(now=NOW + 7 * MINUTE)
    assert Assessment.objects.filter(client=poisoned.client).exists()


def no_room(execute, sql, params, many, context):
    """What SQLite says on a full disk; `make chaos` fills a real one."""
    if "INSERT INTO" in sql and "followup_assessment" in sql:
        raise OperationalError("database or disk is full")
    return execute(sql, params, many, context)


def test_a_database_that_cannot_write_is_no_fault_of_a_client_s(cast):
    """Nobody is put off by five minutes, and no incident names them: the next round finds them still marked."""
    report(cast.client, 9)
    with pytest.raises(OperationalError), connection.execute_wrapper(no_room):
        sweep_looks(now=NOW)
    assert Incident.objects.count() == 0
    sweep_looks(now=NOW + MINUTE)
    assert Escalation.objects.filter(client=cast.client).exists()


def test_a_case_that_cannot_be_moved_is_an_incident_and_harms_no_other(cast):
    bad = EscalationFactory(client=cast.client, opened_at=NOW - YEAR, state="notified", tier=1, next_action_at=NOW)
    EscalationEventFactory(escalation=bad, sequence=1, at=NOW - YEAR, act="raise")
    told = {"membership": "whoever that was"}
    EscalationEventFactory(escalation=bad, sequence=2, at=NOW - YEAR, act="tell", tier=1, details=told)
    severe_days(cast.colleagues_client)
    sweep_looks(now=NOW)
    assert sweep_escalations(now=NOW) == 1
    assert Escalation.objects.get(client=cast.colleagues_client).state == "notified"
    bad.refresh_from_db()
    assert bad.next_action_at == NOW + telling.AFTER_A_FAILURE
    assert Incident.objects.get(kind="engine_stood_still").details == {"work": "case", "id": bad.pk}


def test_a_mark_made_by_a_clock_that_ran_ahead_does_not_wait_for_it(cast):
    report(cast.client, 5)
    Client.objects.filter(pk=cast.client.pk).update(needs_look_since=NOW + YEAR)
    assert sweep_looks(now=NOW) == 1


def test_a_lease_taken_by_a_clock_that_ran_ahead_does_not_wait_for_it(cast):
    letter = LetterFactory(client=cast.client)
    assert claim_letters(now=NOW + YEAR, limit=1).letters == [letter]
    assert recover_letters(now=NOW) == 1
    assert Letter.objects.get(pk=letter.pk).state == "pending"


def test_a_lease_of_this_minute_is_left_alone(cast):
    LetterFactory(client=cast.client)
    claim_letters(now=NOW, limit=1)
    assert recover_letters(now=NOW) == 0


def test_a_clock_that_steps_back_judges_and_tells_nothing_twice(cast):
    severe_days(cast.client)
    tick()
    before = (Assessment.objects.count(), Letter.objects.count(), Escalation.objects.get().events.count())
    Client.objects.filter(pk=cast.client.pk).update(needs_look_since=NOW - 120 * MINUTE)
    tick(NOW - 120 * MINUTE)
    assert (Assessment.objects.count(), Letter.objects.count(), Escalation.objects.get().events.count()) == before


def test_a_clock_that_steps_back_opens_no_slot_again(cast):
    """The slot of a reminder is the client's own day: a repeated hour, or a repeated day, finds it taken."""
    phase = PhaseFactory(version__program__client=cast.client, version__program__clinic=cast.harbour)
    PlannedSessionFactory(phase=phase, on=TODAY)
    for time in ("18:31", "16:31", "18:31"):
        sweep_nudges(now=at("2026-03-10", time))
    assert Nudge.objects.filter(client=cast.client).count() == 1
    assert Letter.objects.filter(subject_kind="nudge").count() == 1


def test_a_log_that_comes_after_a_failure_is_looked_at_at_once(poisoned):
    sweep_looks(now=NOW + MINUTE)
    PainReport.objects.filter(moment="elsewhen").update(moment="check_in")
    report(poisoned.client, 9, at=NOW + 2 * MINUTE)
    sweep_looks(now=NOW + 2 * MINUTE)
    assert Escalation.objects.filter(client=poisoned.client).exists()


@pytest.fixture
def unreadable(cast):
    """Both have a session today; what Maya switched off is no list, as no version of the site ever wrote it."""
    for client in (cast.client, cast.colleagues_client):
        phase = PhaseFactory(version__program__client=client, version__program__clinic=cast.harbour)
        PlannedSessionFactory(phase=phase, on=TODAY)
    ContactPreferencesFactory(client=cast.client, kinds_off=5)
    return cast


EVENING = at("2026-03-10", "18:30")


def test_a_client_who_cannot_be_reminded_keeps_nobody_else_from_it_and_is_told_of_once(unreadable, caplog):
    assert sweep_nudges(now=EVENING) == 1
    assert Nudge.objects.get().client == unreadable.colleagues_client
    failures = len(caplog.records)
    sweep_nudges(now=EVENING + MINUTE)
    assert Incident.objects.get().details == {"work": "nudge", "id": unreadable.client.pk}
    assert len(caplog.records) == failures, "it was tried hot"


def test_a_reminder_that_cannot_be_settled_keeps_nobody_from_theirs(unreadable):
    sent = LetterFactory(client=unreadable.client, state="sent", sent_at=NOW, ended_at=NOW, next_attempt_at=None)
    NudgeFactory(client=unreadable.client, letter=sent, local_on=TODAY - dt.timedelta(days=1))
    sweep_nudges(now=EVENING)
    assert set(Nudge.objects.values_list("client", "state")) == {
        (unreadable.client.pk, "ignored"),
        (unreadable.colleagues_client.pk, "queued"),
    }
