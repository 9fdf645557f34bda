"""A client's own numbers, chosen on a page by who cares for them."""

import datetime as dt
from html import unescape

import pytest
import time_machine
from django.test import Client as Browser

from plans.followup.models import PolicyOverride
from plans.followup.rules import DEFAULT_NUMBERS
from plans.followup.views.own_numbers import NAMES
from tests.clock import NOW
from tests.factories.followup import EscalationFactory, PolicyOverrideFactory

pytestmark = pytest.mark.django_db
SAID = {name: getattr(DEFAULT_NUMBERS, name) for name in NAMES} | {"days_in_row": 2, "reason": "Flares up"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def jo(cast):
    browser = Browser()
    browser.force_login(cast.bodyworker.user)
    return browser


def page_of(client):
    return f"/clients/{client.uuid}/numbers/"


def words(answer):
    return " ".join(unescape(answer.content.decode()).split())


def test_a_bodyworker_gives_a_client_own_numbers_with_a_reason_and_an_end(cast, jo):
    answer = jo.post(page_of(cast.client), SAID | {"until": "2026-03-20"}, follow=True)
    own = PolicyOverride.objects.get()
    assert (own.client, own.numbers, own.reason) == (cast.client, {"days_in_row": 2}, "Flares up")
    assert own.until_at == dt.datetime(2026, 3, 21, tzinfo=dt.UTC)
    said = words(answer)
    assert 'Days in a row: 2 <span class="muted small">clinic 3' in said
    assert "Ends 20 March." in said


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": ""}, "Say in a few words why"),
        ({"severe_min": 8}, "Choose a whole number, 4 to 7 of 10."),
        ({"until": "2026-03-01"}, "This day is over."),
        ({"days_in_row": 3}, "These are the clinic’s numbers."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(cast, jo, wrong, said):
    answer = jo.post(page_of(cast.client), SAID | wrong)
    assert answer.status_code == 422
    assert said in words(answer)
    assert not PolicyOverride.objects.exists()


def test_own_numbers_are_ended_by_a_click(cast, jo):
    PolicyOverrideFactory(client=cast.client)
    jo.post(page_of(cast.client) + "end/")
    assert PolicyOverride.objects.get().ended_by == cast.bodyworker.user


def test_the_clients_page_and_the_case_say_that_there_are_own_numbers(cast, jo):
    own = PolicyOverrideFactory(client=cast.client)
    case = EscalationFactory(client=cast.client, override=own)
    assert 'Own numbers for the rules</a> <span class="tag tag--brand">In force' in words(
        jo.get(f"/clients/{cast.client.uuid}/")
    )
    assert "own numbers of the client" in words(jo.get(f"/escalations/{case.uuid}/"))


def test_another_bodyworkers_client_is_not_there(cast, jo):
    assert jo.get(page_of(cast.colleagues_client)).status_code == 404
