"""What happened to a case stays as it happened, and the database sees to it."""

import pytest
from django.db import IntegrityError, transaction

from accounts.people.models import Client
from accounts.post.models import Letter
from plans.followup.models import Escalation, EscalationEvent
from tests.clock import NOW
from tests.factories.followup import EscalationEventFactory
from tests.followup.speaking import case_of, severe_days, tick

pytestmark = pytest.mark.django_db
CHANGES = {
    "at": NOW.replace(year=2025),
    "act": "acknowledge",
    "sequence": 77,
    "generation": 2,
    "tier": 2,
    "details": {"rule": "another"},
}


@pytest.mark.parametrize("field", sorted(CHANGES))
def test_nothing_of_an_event_can_be_changed(field):
    event = EscalationEventFactory(details={"rule": "severe-persistent"})
    with pytest.raises(IntegrityError, match="kept as it happened"), transaction.atomic():
        EscalationEvent.objects.filter(pk=event.pk).update(**{field: CHANGES[field]})


def test_nothing_changes_under_the_cover_of_leaving():
    event = EscalationEventFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        EscalationEvent.objects.filter(pk=event.pk).update(is_leaving=True, act="resolve")


def test_an_event_cannot_be_deleted():
    event = EscalationEventFactory()
    with pytest.raises(IntegrityError, match="kept as it happened"), transaction.atomic():
        EscalationEvent.objects.filter(pk=event.pk).delete()
    assert EscalationEvent.objects.filter(pk=event.pk).exists()


def test_an_event_outlives_its_letter(cast):
    severe_days(cast.client)
    tick()
    told = case_of(cast.client).events.get(act="tell")
    Letter.objects.filter(pk=told.letter_id).delete()
    told.refresh_from_db()
    assert (told.letter, told.tier, told.details) == (None, 1, {"membership": cast.bodyworker.pk})


def test_erasing_a_client_takes_the_case_and_its_events_and_nobody_elses(cast):
    for client in (cast.client, cast.colleagues_client):
        severe_days(client)
    tick()
    Client.objects.filter(pk=cast.client.pk).delete()
    left = Escalation.objects.get()
    assert left.client == cast.colleagues_client
    assert set(EscalationEvent.objects.values_list("escalation", flat=True)) == {left.pk}
