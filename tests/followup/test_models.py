"""What the tables of follow-up refuse to hold."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from tests.clock import NOW, TODAY
from tests.factories.followup import (
    AssessmentFactory,
    EscalationEventFactory,
    EscalationFactory,
    FollowUpPolicyFactory,
    NudgeFactory,
    ReviewFactory,
    WatchFactory,
)
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
TAKEN = {"state": "acknowledged", "next_action_at": None, "follow_up_by": NOW, "acked_at": NOW}
ENDED = {"state": "resolved", "next_action_at": None, "resolved_at": NOW, "outcome": "called"}


def refused(make, **fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**fields)


@pytest.mark.parametrize("state", ["open", "notified"])
def test_an_unanswered_case_without_a_next_step_cannot_be_stored(state):
    refused(EscalationFactory, state=state, next_action_at=None)


def test_a_taken_case_with_a_next_step_cannot_be_stored():
    refused(EscalationFactory, **{**TAKEN, "next_action_at": NOW, "acked_by": UserFactory()})


@pytest.mark.parametrize("missing", ["follow_up_by", "acked_at", "acked_by"])
def test_a_taken_case_says_by_whom_when_and_until_when(missing):
    refused(EscalationFactory, **{**TAKEN, "acked_by": UserFactory(), missing: None})


@pytest.mark.parametrize(("field", "value"), [("resolved_at", None), ("resolved_by", None), ("outcome", "")])
def test_an_ended_case_says_by_whom_when_and_how(field, value):
    refused(EscalationFactory, **{**ENDED, "resolved_by": UserFactory(), field: value})


@pytest.mark.parametrize("outcome", ["no_answer", "not_a_concern"])
def test_some_outcomes_need_a_note(outcome):
    refused(EscalationFactory, **{**ENDED, "resolved_by": UserFactory(), "outcome": outcome})
    EscalationFactory(**{**ENDED, "resolved_by": UserFactory(), "outcome": outcome, "note": "Left a message."})


def test_a_note_is_cipher_text_in_the_table():
    from django.db import connection

    case = EscalationFactory(**{**ENDED, "resolved_by": UserFactory(), "note": "She rests."})
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM followup_escalation")
        assert "rests" not in cursor.fetchone()[0]
    case.refresh_from_db()
    assert case.note == "She rests."


def test_a_state_nobody_knows_is_refused():
    refused(EscalationFactory, state="asleep")


@pytest.mark.parametrize("state", [{}, {"state": "notified"}, TAKEN])
def test_a_second_live_case_of_the_family_is_refused(state):
    first = EscalationFactory()
    by = {"acked_by": first.client.user} if "acked_at" in state else {}
    refused(EscalationFactory, client=first.client, **state, **by)
    EscalationFactory(client=first.client, family="safety")


def test_an_ended_case_makes_room_for_a_new_one():
    ended = EscalationFactory(**ENDED, resolved_by=UserFactory())
    EscalationFactory(client=ended.client)


def test_a_number_is_given_once_in_a_clinic():
    first = EscalationFactory(number=7)
    refused(EscalationFactory, client=first.client, family="safety", number=7)
    EscalationFactory(number=7)


def test_an_event_has_its_own_place():
    event = EscalationEventFactory(sequence=1)
    refused(EscalationEventFactory, escalation=event.escalation, sequence=1)


def test_a_client_is_reminded_once_a_day():
    nudge = NudgeFactory()
    refused(NudgeFactory, client=nudge.client)
    NudgeFactory(client=nudge.client, local_on=TODAY + dt.timedelta(days=1))


def test_a_dropped_reminder_says_why():
    refused(NudgeFactory, state="dropped", reason="")


def test_a_report_is_assessed_once_by_each_policy():
    row = AssessmentFactory()
    refused(AssessmentFactory, client=row.client, trigger=row.trigger)
    AssessmentFactory(client=row.client, trigger=row.trigger, policy_version=2)


def test_a_client_has_one_watch_and_a_rule_one_open_review():
    refused(WatchFactory, client=WatchFactory().client)
    refused(ReviewFactory, client=ReviewFactory().client)


def test_a_policy_version_is_made_once():
    policy = FollowUpPolicyFactory(version=2)
    refused(FollowUpPolicyFactory, clinic=policy.clinic, version=2)


def test_rows_read_as_words():
    assert str(EscalationFactory(number=212)) == "case 212"
    assert "session-ready on" in str(NudgeFactory())
    assert "assessment of" in str(AssessmentFactory())
    assert "watch on" in str(WatchFactory())
    assert "policy 9" in str(FollowUpPolicyFactory(version=9))
    assert str(EscalationEventFactory(sequence=3)) == "raise 3"
    assert "non-adherence" in str(ReviewFactory())
