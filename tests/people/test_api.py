"""The API's callers and the clients they may see."""

import datetime as dt

import pytest
import time_machine

from accounts.people.actions import create_token, find_token, revoke_token
from accounts.people.models import AuditEvent, Contact
from tests.clock import NOW

CLIENTS = "/api/v1/clients/"


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def token(cast):
    def make(user, **more):
        return create_token(user=user, name="test", expires_at=NOW + dt.timedelta(days=1), by=None, now=NOW, **more)

    return make


def get(client, path, plain):
    return client.get(path, headers={"Authorization": f"Token {plain}"})


def test_a_bodyworker_sees_the_clients_in_their_care(cast, client, token):
    _row, plain = token(cast.bodyworker.user)
    answer = get(client, CLIENTS, plain)
    assert [row["name"] for row in answer.json()["results"]] == ["Maya Lindqvist"]


def test_a_client_is_described_without_a_word_about_health(cast, client, token):
    cast.care.next_visit_on = dt.date(2026, 3, 20)
    cast.care.save()
    _row, plain = token(cast.bodyworker.user)
    assert get(client, f"{CLIENTS}{cast.client.uuid}/", plain).json() == {
        "uuid": str(cast.client.uuid),
        "name": "Maya Lindqvist",
        "clinic": "harbour",
        "zone": "Europe/London",
        "state": "in_care",
        "next_visit_on": "2026-03-20",
    }


def test_another_bodyworker_gets_404(cast, client, token):
    _row, plain = token(cast.colleague.user)
    assert get(client, f"{CLIENTS}{cast.client.uuid}/", plain).status_code == 404


def test_an_owner_sees_the_clinic_and_no_other(cast, client, token):
    _row, plain = token(cast.owner.user)
    names = {row["name"] for row in get(client, CLIENTS, plain).json()["results"]}
    assert names == {"Maya Lindqvist", "Tomasz Nowak"}


def test_looking_is_written_down_once_an_hour(cast, client, token, morning):
    _row, plain = token(cast.bodyworker.user)
    for _look in range(3):
        get(client, f"{CLIENTS}{cast.client.uuid}/", plain)
    assert AuditEvent.objects.filter(verb="client_read", client=cast.client).count() == 1
    morning.shift(dt.timedelta(hours=1))
    get(client, f"{CLIENTS}{cast.client.uuid}/", plain)
    assert AuditEvent.objects.filter(verb="client_read", client=cast.client).count() == 2


def test_a_clients_look_at_their_own_record_leaves_no_row(cast, client, token):
    _row, plain = token(cast.client.user)
    assert get(client, f"{CLIENTS}{cast.client.uuid}/", plain).status_code == 200
    assert not AuditEvent.objects.filter(verb="client_read").exists()


def test_nobody_is_401_and_told_how_to_ask(db, client):
    answer = client.get(CLIENTS)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Token"
    assert answer.json()["status"] == 401


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token ünknown", "Token unknot_x"])
def test_a_header_that_is_not_a_token_is_401(db, client, header):
    assert client.get(CLIENTS, headers={"Authorization": header.encode().decode("latin-1")}).status_code == 401


def test_an_expired_token_is_401(cast, client, token, morning):
    _row, plain = token(cast.bodyworker.user)
    morning.shift(dt.timedelta(days=1))
    assert get(client, CLIENTS, plain).status_code == 401


def test_an_ended_token_is_401(cast, client, token):
    row, plain = token(cast.bodyworker.user)
    revoke_token(token=row, by=cast.bodyworker.user, now=NOW)
    assert get(client, CLIENTS, plain).status_code == 401


def test_a_token_of_somebody_who_left_is_401(cast, client, token):
    _row, plain = token(cast.bodyworker.user)
    cast.bodyworker.ended_at = NOW
    cast.bodyworker.save()
    assert get(client, CLIENTS, plain).status_code == 401


def test_only_a_digest_of_the_token_is_kept(cast, token):
    row, plain = token(cast.bodyworker.user)
    assert plain not in str(vars(row))


def test_a_sitting_in_the_browser_is_enough_to_read(cast, client):
    client.force_login(cast.bodyworker.user)
    assert client.get(CLIENTS).status_code == 200


@pytest.mark.parametrize("who", ["bodyworker", "client"])
def test_a_token_is_known_in_two_statements(cast, token, who, django_assert_num_queries):
    _, plain = token(getattr(cast, who).user)
    find_token(plain=plain, now=NOW)
    with django_assert_num_queries(2):
        find_token(plain=plain, now=NOW)


# Contacts


def test_a_contact_is_written_down_and_listed(cast, client, token, morning):
    _row, plain = token(cast.bodyworker.user)
    page = f"{CLIENTS}{cast.client.uuid}/contacts/"

    def post(body):
        return client.post(page, body, content_type="application/json", headers={"Authorization": f"Token {plain}"})

    visit = {"kind": "visit", "at": "2026-03-08T10:00:00+01:00"}
    assert post(visit).json() == {"kind": "visit", "at": "2026-03-08T09:00:00Z", "by": "Jo Marsh"}
    assert post({"kind": "call"}).json()["at"] == "2026-03-10T09:00:00Z"
    assert [row["kind"] for row in get(client, page, plain).json()["results"]] == ["call", "visit"]
    cast.client.refresh_from_db()
    assert cast.client.needs_look_since == NOW
    assert AuditEvent.objects.filter(verb="contact_recorded", client=cast.client).count() == 2


@pytest.mark.parametrize(
    "body", [{"kind": "letter"}, {}, {"kind": "call", "at": "2026-03-10T09:11:00Z"}, {"kind": "call", "at": "today"}]
)
def test_a_contact_that_is_none_is_refused_by_field(cast, client, token, body):
    _row, plain = token(cast.bodyworker.user)
    page = f"{CLIENTS}{cast.client.uuid}/contacts/"
    answer = client.post(page, body, content_type="application/json", headers={"Authorization": f"Token {plain}"})
    assert answer.status_code == 400
    assert not Contact.objects.exists()


def test_a_client_has_no_list_of_contacts(cast, client, token):
    _row, plain = token(cast.client.user)
    assert get(client, f"{CLIENTS}{cast.client.uuid}/contacts/", plain).status_code == 404
