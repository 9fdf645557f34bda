"""The page on which a client is handed to a colleague, or shared with one."""

import pytest
import time_machine
from django.urls import reverse

from accounts.people.models import CareRelationship, Membership
from tests.clock import NOW, at
from tests.desk.test_views import browser_of, page_of, text
from tests.factories.followup import EscalationFactory
from tests.factories.people import AbsenceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def jo(cast):
    return browser_of(cast.bodyworker.user)


def care_page(client):
    return reverse("desk:care", args=[client.uuid])


def test_a_bodyworker_hands_a_client_over_and_the_record_closes(cast, jo):
    EscalationFactory(client=cast.client)
    assert care_page(cast.client) in text(jo.get(page_of(cast.client)))
    assert "1 case is open. They are told of it at once" in text(jo.get(care_page(cast.client)))
    answer = jo.post(care_page(cast.client), {"to": cast.colleague.uuid}, follow=True)
    assert "Maya Lindqvist is with Ana Ruiz from today on." in text(answer)
    assert jo.get(page_of(cast.client)).status_code == 404
    ana = browser_of(cast.colleague.user)
    assert "Handed over to Ana Ruiz." in text(ana.get(page_of(cast.client)))
    assert "Jo Marsh" in text(ana.get(care_page(cast.client)))


def test_an_owner_hands_over_and_stays_on_the_page(cast):
    ruth = browser_of(cast.owner.user)
    answer = ruth.post(care_page(cast.client), {"to": cast.colleague.uuid})
    assert answer.headers["Location"] == page_of(cast.client)


def test_a_colleague_treats_a_client_too_until_it_is_ended(cast, jo):
    beside = reverse("desk:co-treat", args=[cast.client.uuid])
    assert "Ana Ruiz treats them, too, from today on." in text(
        jo.post(beside, {"to": cast.colleague.uuid}, follow=True)
    )
    ana = browser_of(cast.colleague.user)
    assert "You treat them, too." in text(ana.get(page_of(cast.client)))
    assert ana.get(care_page(cast.client)).status_code == 404
    end = reverse("desk:end-co-treat", args=[cast.client.uuid, cast.colleague.uuid])
    assert "does not treat them any more" in text(jo.post(end, follow=True))
    assert "This was over already" in text(jo.post(end, follow=True))
    assert CareRelationship.objects.live().get(client=cast.client).bodyworker == cast.bodyworker


def test_a_choice_that_is_none_is_said_beside_the_field(cast, jo):
    assert "Choose who takes over" in text(jo.post(care_page(cast.client), {}), 422)
    assert "cannot be chosen any more" in text(
        jo.post(care_page(cast.client), {"to": cast.meadow_bodyworker.uuid}), 422
    )


def test_who_is_away_or_out_of_reach_says_so_in_the_list(cast, jo):
    AbsenceFactory(bodyworker=cast.colleague, from_at=NOW, until_at=at("2026-03-20"))
    assert "Ana Ruiz (away, back on 20 March)" in text(jo.get(care_page(cast.client)))
    cast.colleague.absences.all().delete()
    Membership.objects.filter(pk=cast.colleague.pk).update(email_verified_at=None)
    assert "Ana Ruiz (no letter reaches them yet)" in text(jo.get(care_page(cast.client)))
