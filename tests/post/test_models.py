"""What the tables of the post refuse to hold."""

import pytest
from django.db import IntegrityError, transaction

from tests.clock import NOW
from tests.factories.post import DeliveryFactory, HeartbeatFactory, IncidentFactory, KillSwitchFactory, LetterFactory

pytestmark = pytest.mark.django_db

NONSENSE = [
    {"state": "flying"},
    {"state": "claimed", "next_attempt_at": NOW},
    {"state": "handoff", "lease_until": NOW},
    {"state": "sent", "sent_at": None},
    {"state": "pending", "next_attempt_at": None},
    {"state": "retry", "next_attempt_at": None},
    {"state": "dead", "reason": ""},
    {"attempts": 13},
    {"audience": "staff"},
    {"audience": "backup"},
]


@pytest.mark.parametrize("fields", NONSENSE, ids=str)
def test_a_letter_that_makes_no_sense_cannot_be_stored(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        LetterFactory(**fields)


@pytest.mark.parametrize("field", ["dedupe_key", "message_id"])
def test_a_key_and_a_message_id_belong_to_one_letter(field):
    first = LetterFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        LetterFactory(**{field: getattr(first, field)})


@pytest.mark.parametrize("fields", [{"ended_at": NOW}, {"outcome": "sent"}])
def test_an_attempt_ends_with_time_and_outcome(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryFactory(**fields)


def test_an_attempt_has_its_own_number():
    attempt = DeliveryFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryFactory(letter=attempt.letter)


@pytest.mark.parametrize("fields", [{"reason": ""}, {"scope": "everything"}])
def test_a_stop_has_a_reason_and_a_known_scope(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        KillSwitchFactory(**fields)


def test_an_incident_is_closed_by_somebody():
    with pytest.raises(IntegrityError), transaction.atomic():
        IncidentFactory(closed_at=NOW)


def test_rows_read_as_words():
    assert str(LetterFactory()) == "session-ready pending"
    assert str(DeliveryFactory()) == "attempt 1: under way"
    assert str(KillSwitchFactory()).startswith("all stopped until")
    assert str(HeartbeatFactory(part="looks")) == "looks"
    assert str(IncidentFactory()) == "letter_dead"
