"""The owner's page of the people who work in the clinic."""

import pytest
import time_machine

from accounts.people.models import Client, Membership
from accounts.post.models import Letter
from tests.clock import NOW

STAFF = "/clinic/staff/"


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner(cast, client):
    client.force_login(cast.owner.user)
    return client


def test_the_page_lists_the_clinics_own_staff(cast, owner):
    page = owner.get(STAFF).content.decode()
    for name in ("Jo Marsh", "Ana Ruiz", "Nadia Roy", "Ruth Ekwall"):
        assert name in page
    assert "Pia Lund" not in page


def test_a_new_colleague_gets_a_place_and_a_letter(cast, owner):
    said = {"name": "Ida Moe", "email": "Ida@harbour.example.org", "roles": ["bodyworker"], "qualification": "RMT"}
    assert owner.post(STAFF, said).status_code == 302
    place = Membership.objects.get(user__email="ida@harbour.example.org")
    assert (place.clinic, place.roles, place.qualification) == (cast.harbour, {"bodyworker"}, "RMT")
    letter = Letter.objects.get()
    assert (letter.kind, letter.membership, letter.params) == (
        "staff-invitation",
        place,
        {"path": "/account/password/reset/"},
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "maya@home.example.org"}, "A client signs in with this address"),
        ({"email": "jo@harbour.example.org"}, "on the staff already"),
        ({"email": "no address"}, "Write it like name@example.org"),
        ({"name": "R" * 200}, "at most 120"),
        ({"roles": []}, "Choose at least one"),
        ({"roles": ["king"]}, "king"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nothing_is_lost(cast, owner, wrong, sentence):
    said = {"name": "Ida Moe", "email": "ida@harbour.example.org", "roles": ["curator"]} | wrong
    answer = owner.post(STAFF, said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert str(said["name"])[:120] in answer.content.decode()
    assert Membership.objects.filter(clinic=cast.harbour).count() == 4


def test_whoever_leaves_hands_over_first(cast, owner):
    address = f"{STAFF}{cast.bodyworker.uuid}/leave/"
    assert "1 client is in the care of Jo Marsh" in owner.get(address).content.decode()
    assert owner.post(address, {}).status_code == 422
    assert owner.post(address, {"heir": str(cast.colleague.uuid)}).status_code == 302
    assert cast.client in Client.objects.in_care_of(cast.colleague)
    cast.bodyworker.refresh_from_db()
    assert cast.bodyworker.ended_at == NOW


@pytest.mark.parametrize("heir", ["curator", "meadow_bodyworker", "bodyworker"])
def test_clients_go_to_a_colleague_who_can_care_for_them(cast, owner, heir):
    address = f"{STAFF}{cast.bodyworker.uuid}/leave/"
    assert owner.post(address, {"heir": str(getattr(cast, heir).uuid)}).status_code == 422
    cast.bodyworker.refresh_from_db()
    assert cast.bodyworker.ended_at is None


def test_somebody_without_clients_just_leaves(cast, owner):
    assert owner.post(f"{STAFF}{cast.curator.uuid}/leave/").status_code == 302
    assert not Membership.objects.live().filter(pk=cast.curator.pk).exists()


def test_the_last_owner_stays(cast, owner):
    answer = owner.post(f"{STAFF}{cast.owner.uuid}/leave/")
    assert answer.status_code == 422
    assert b"always has an owner" in answer.content


def test_nobody_of_another_clinic_can_be_sent_away(cast, owner):
    assert owner.post(f"{STAFF}{cast.meadow_bodyworker.uuid}/leave/").status_code == 404
