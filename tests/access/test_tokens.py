"""A token opens what its person's sitting opens: no more, no less."""

import datetime as dt

import pytest
from django.test import Client as Browser

from accounts.people.actions import create_token
from tests.access.matrix import MATRIX
from tests.access.walker import address_of
from tests.clock import NOW

# The readable page is for a browser and takes no notice of tokens.
READ_BY_API = {
    name: door for name, door in MATRIX.items() if name.startswith("api-") and door.GET and name != "api-readable"
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(READ_BY_API))
def test_a_token_opens_what_a_sitting_opens(world, name):
    door = READ_BY_API[name]
    address = address_of(world, name, door)
    found = {}
    for persona, person in world.people.items():
        _row, plain = create_token(user=person, name="walk", expires_at=NOW + dt.timedelta(days=1), by=None, now=NOW)
        answer = Browser(raise_request_exception=False).get(address, headers={"Authorization": f"Token {plain}"})
        found[persona] = answer.status_code
    # A token that opens nothing is refused itself, whoever else may read the page without one.
    refused = dict.fromkeys(("deactivated", "former_client", "installer"), 401)
    assert found == {persona: door.GET[persona] for persona in found} | refused
