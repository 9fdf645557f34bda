"""From the link in the mail to Today: once, by the person it is for, on any device."""

import datetime as dt
import re

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from accounts.people.actions import (
    find_invitation,
    invitation_link,
    invitation_token,
    invite_client,
    revoke_invitation,
    short_code,
)
from accounts.people.models import Client, Consent, Invitation, User
from accounts.post.models import Letter
from tests.clock import NOW
from tests.factories.people import PASSWORD


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def invite(cast):
    def make(name="Hanna Berg", email="hanna@home.example.org", phone="", clinic=None, bodyworker=None):
        return invite_client(
            clinic=clinic or cast.harbour,
            name=name,
            email=email,
            phone=phone,
            bodyworker=bodyworker or cast.bodyworker,
            message="",
            by=cast.bodyworker.user,
            now=NOW,
        )

    return make


def who(client):
    return client.session.get("_auth_user_id")


def test_the_link_is_the_page_of_today(invite):
    invitation = invite()
    assert invitation_link(invitation) == reverse("today:accept", kwargs={"token": invitation_token(invitation)})


def test_looking_changes_nothing_but_that_it_was_looked_at(invite, client):
    invitation = invite()
    answer = client.get(invitation_link(invitation))
    assert answer.status_code == 200
    assert b"Hello Hanna. Jo Marsh" in answer.content
    invitation.refresh_from_db()
    assert (invitation.opened_at, invitation.accepted_at) == (NOW, None)
    assert who(client) is None


def test_a_mail_scanner_says_no_yes(invite, client):
    invitation = invite()
    assert client.head(invitation_link(invitation)).status_code == 200
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_saying_yes_signs_in_for_ninety_days(invite, client):
    invitation = invite()
    answer = client.post(invitation_link(invitation))
    assert answer.status_code == 302
    record = Client.objects.get(name="Hanna Berg")
    assert record.accepted_at == NOW
    assert who(client) == str(record.user_id)
    assert client.session.get_expiry_age() == 90 * 24 * 3600


def test_saying_yes_keeps_what_was_agreed_to(invite, client):
    client.post(invitation_link(invite()))
    assert set(Consent.objects.values_list("purpose", "version")) == {("care_record", 1), ("reminders", 1)}


def test_a_link_works_once(invite, client):
    link = invitation_link(invite())
    client.post(link)
    other = type(client)()
    assert other.get(link).status_code == 410
    answer = other.post(link)
    assert answer.status_code == 410
    assert b"used up" in answer.content
    assert who(other) is None


def test_a_link_dies_after_three_days(invite, client, morning):
    link = invitation_link(invite())
    morning.shift(dt.timedelta(hours=72))
    answer = client.post(link)
    assert answer.status_code == 410
    assert b"too old" in answer.content


def test_a_link_that_was_taken_back_says_so(cast, invite, client):
    invitation = invite()
    revoke_invitation(invitation=invitation, by=cast.bodyworker.user, now=NOW)
    answer = client.post(invitation_link(invitation))
    assert answer.status_code == 410
    assert b"taken back" in answer.content


@pytest.mark.parametrize("change", [lambda t: t[:-1] + "x", lambda t: "2" + t, lambda t: t.upper(), lambda t: "a-b"])
def test_a_link_nobody_made_leads_nowhere(invite, client, change):
    token = invitation_token(invite())
    assert client.get(f"/i/{change(token)}/").status_code == 404


def test_a_raised_generation_cannot_be_typed_in(invite):
    pk, _generation, mac = invitation_token(invite()).split("-")
    assert find_invitation(f"{pk}-2-{mac}") is None


def test_an_old_link_sends_a_new_one_to_the_address_we_know(invite, client, morning):
    invitation = invite()
    morning.shift(dt.timedelta(hours=73))
    answer = client.post(invitation_link(invitation) + "again/", {"email": "somebody@else.example.org"})
    assert answer.status_code == 200
    assert b"somebody" not in answer.content
    letter = Letter.objects.get()
    assert (letter.kind, letter.client_id, letter.generation) == ("invitation-again", invitation.client_id, 2)
    invitation.refresh_from_db()
    assert client.get(invitation_link(invitation)).status_code == 200


def test_the_answer_is_the_same_when_nothing_is_sent(cast, invite, client):
    asked, taken_back = invite(), invite()
    revoke_invitation(invitation=taken_back, by=cast.bodyworker.user, now=NOW)
    pages = [client.post(invitation_link(i) + "again/").content for i in (asked, taken_back)]
    assert pages[0] == pages[1]
    assert Letter.objects.count() == 1


def test_new_links_cannot_be_asked_for_without_end(invite, client):
    again = invitation_link(invite()) + "again/"
    answers = [client.post(again).status_code for _try in range(6)]
    assert answers == [200] * 5 + [429]


def test_a_used_link_sends_a_sign_in_code(invite, client):
    link = invitation_link(invite())
    client.post(link)
    phone = type(client)()
    phone.post(link + "again/")
    code = re.search(r"\b\d{6}\b", mail.outbox[0].body)[0]
    phone.post("/account/login/code/confirm/", {"code": code})
    assert who(phone) == who(client)


def test_the_short_code_opens_the_same_page(invite, client):
    invitation = invite(email="", phone="07700 900123")
    code = short_code(invitation)
    answer = client.post("/i/code/", {"code": f" {code[:4].lower()}-{code[4:]} "})
    assert answer.headers["Location"] == invitation_link(invitation)


def test_a_wrong_short_code_keeps_what_was_typed(invite, client):
    invite()
    answer = client.post("/i/code/", {"code": "2222 2222"})
    assert b"does not open anything" in answer.content
    assert b"2222 2222" in answer.content


def test_short_codes_cannot_be_guessed_without_end(invite, client):
    answers = [client.post("/i/code/", {"code": f"2222 222{letter}"}) for letter in "ABCDEFGHJKM"]
    assert answers[-1].status_code == 429


def test_a_client_without_email_stays_signed_in_on_the_phone(invite, client):
    client.post(invitation_link(invite(email="", phone="07700 900123")))
    assert who(client)


def test_a_couple_shares_one_email_and_chooses_whom_to_act_for(cast, invite, client):
    client.post(invitation_link(invite(name="Hanna Berg")))
    client.post(invitation_link(invite(name="Nils Berg")))
    hanna, nils = Client.objects.get(name="Hanna Berg"), Client.objects.get(name="Nils Berg")
    assert hanna.user == nils.user
    assert User.objects.filter(email="hanna@home.example.org").count() == 1
    assert client.session["client"] == nils.pk
    client.post("/acting-for/", {"client": str(hanna.uuid)})
    assert client.session["client"] == hanna.pk


def test_nobody_acts_for_a_stranger(cast, client):
    client.force_login(cast.client.user)
    answer = client.post("/acting-for/", {"client": str(cast.colleagues_client.uuid)})
    assert answer.status_code == 404
    assert "client" not in client.session


def test_a_link_to_a_colleagues_address_does_not_sign_in_as_the_colleague(cast, invite, client):
    invitation = invite(name="Ana Ruiz", email="ana@harbour.example.org")
    answer = client.post(invitation_link(invitation))
    assert answer.status_code == 403
    assert who(client) is None
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_a_colleague_accepts_after_signing_in(cast, invite, client):
    invitation = invite(name="Ana Ruiz", email="ana@harbour.example.org")
    client.post("/account/login/", {"login": "ana@harbour.example.org", "password": PASSWORD})
    client.post(invitation_link(invitation))
    assert Client.objects.get(name="Ana Ruiz").user == cast.colleague.user
    assert client.session["client"]


def test_a_bodyworker_does_not_agree_for_a_client(cast, invite, client):
    client.force_login(cast.bodyworker.user)
    invitation = invite()
    assert client.post(invitation_link(invitation)).status_code == 403
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


@pytest.mark.parametrize("name", ["Ōtāne 渡辺 مريم", "R" * 120, "<b>Hanna</b>", "Zoë O’Brien-Müller"])
def test_any_name_is_greeted(invite, client, name):
    answer = client.get(invitation_link(invite(name=name)))
    assert answer.status_code == 200
    assert b"<b>Hanna</b>" not in answer.content


def test_one_invitation_is_accepted_once_even_if_two_ask(invite, client):
    invitation = invite()
    link = invitation_link(invitation)
    first, second = client.post(link), client.post(link)
    assert (first.status_code, second.status_code) == (302, 410)
    assert Invitation.objects.get(pk=invitation.pk).generation == 2


def test_no_link_stands_in_the_log(cast, invite, client, caplog):
    spent, live = invite(), invite()
    client.post(invitation_link(spent))
    client.force_login(cast.bodyworker.user)
    answers = [
        client.get(invitation_link(spent)),
        client.post(invitation_link(live)),
        client.put(invitation_link(live)),
        *[client.post(invitation_link(live) + "again/") for _try in range(6)],
    ]
    assert {410, 403, 405, 429} <= {answer.status_code for answer in answers}
    assert invitation_token(live) not in caplog.text
    assert invitation_token(spent) not in caplog.text
