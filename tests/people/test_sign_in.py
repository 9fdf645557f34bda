"""Ways in: passwords for staff, codes by mail for clients, and what neither tells a stranger."""

import datetime as dt
import re

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache

from accounts.people.models import AuditEvent, SignInAttempt
from tests.clock import NOW
from tests.factories.people import PASSWORD

LOGIN, CODE, CONFIRM = "/account/login/", "/account/login/code/", "/account/login/code/confirm/"


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password}, **more)


def code_in(message):
    return re.search(r"\b\d{6}\b", message.body)[0]


def who(client):
    return client.session.get("_auth_user_id")


def test_staff_come_in_with_email_and_password(cast, client):
    answer = sign_in(client, "jo@harbour.example.org")
    assert answer.status_code == 302
    assert who(client) == str(cast.bodyworker.user_id)


def test_signing_in_is_written_down_with_its_way(cast, client):
    sign_in(client, "jo@harbour.example.org")
    other = type(client)()
    other.post(CODE, {"email": "maya@home.example.org"})
    other.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    events = AuditEvent.objects.filter(verb="signed_in").order_by("pk")
    assert [(event.by, event.details["way"]) for event in events] == [
        (cast.bodyworker.user, "password"),
        (cast.client.user, "code"),
    ]


def test_an_email_is_the_same_in_capitals(cast, client):
    sign_in(client, "  JO@Harbour.example.org ")
    assert who(client) == str(cast.bodyworker.user_id)


def test_a_client_comes_in_with_a_code_by_mail(cast, client):
    client.post(CODE, {"email": "maya@home.example.org"})
    answer = client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert answer.status_code == 302
    assert who(client) == str(cast.client.user_id)


def test_the_code_mail_goes_to_the_person_alone_and_holds_nothing_of_the_record(cast, client):
    client.post(CODE, {"email": "maya@home.example.org"})
    (letter,) = mail.outbox
    assert letter.to == ["maya@home.example.org"]
    assert "Maya" not in letter.body
    assert "http" not in letter.body


def test_a_code_works_once(cast, client):
    client.post(CODE, {"email": "maya@home.example.org"})
    code = code_in(mail.outbox[0])
    client.post(CONFIRM, {"code": code})
    client.post("/account/logout/")
    client.post(CONFIRM, {"code": code})
    assert who(client) is None


def test_a_code_belongs_to_the_browser_that_asked(cast, client, django_user_model):
    client.post(CODE, {"email": "maya@home.example.org"})
    other = type(client)()
    other.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert who(other) is None


def test_the_third_wrong_code_ends_the_matter(cast, client):
    client.post(CODE, {"email": "maya@home.example.org"})
    code = code_in(mail.outbox[0])
    wrong = "000000" if code != "000000" else "111111"
    for _try in range(3):
        client.post(CONFIRM, {"code": wrong})
    client.post(CONFIRM, {"code": code})
    assert who(client) is None


def test_a_code_is_worth_nothing_after_three_minutes(cast, client, morning):
    client.post(CODE, {"email": "maya@home.example.org"})
    morning.shift(dt.timedelta(minutes=3, seconds=1))
    client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert who(client) is None


def test_a_new_code_replaces_the_first(cast, client):
    client.post(CODE, {"email": "maya@home.example.org"})
    client.post(CONFIRM, {"action": "resend"})
    assert len(mail.outbox) == 2
    client.post(CONFIRM, {"code": code_in(mail.outbox[1])})
    assert who(client) == str(cast.client.user_id)


@pytest.mark.parametrize("email", ["jo@harbour.example.org", "nobody@nowhere.example.org"])
def test_staff_and_strangers_get_no_code_and_the_same_page_as_a_client(cast, client, email):
    known = type(client)()
    known.post(CODE, {"email": "maya@home.example.org"})
    expected = known.get(CONFIRM).content.decode().replace("maya@home.example.org", "")
    client.post(CODE, {"email": email})
    assert len(mail.outbox) == 2, "one mail each, so that the time is the same"
    assert not re.search(r"\b\d{6}\b", mail.outbox[1].body)
    page = client.get(CONFIRM).content.decode().replace(email, "")
    assert without_tokens(page) == without_tokens(expected)


def without_tokens(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)


def test_a_wrong_password_and_an_unknown_address_read_the_same(cast, client):
    wrong = sign_in(client, "jo@harbour.example.org", "not-this-one-at-all")
    unknown = sign_in(client, "oj@harbour.example.org", "not-this-one-at-all")
    assert wrong.status_code == unknown.status_code == 200
    page = wrong.content.decode().replace("jo@harbour", "oj@harbour")
    assert without_tokens(page) == without_tokens(unknown.content.decode())


def test_a_client_has_no_password_way_in(cast, client):
    cast.client.user.set_password(PASSWORD)
    cast.client.user.save()
    sign_in(client, "maya@home.example.org")
    assert who(client) is None


def test_staff_who_left_do_not_come_in(cast, client):
    cast.bodyworker.ended_at = NOW
    cast.bodyworker.save()
    sign_in(client, "jo@harbour.example.org")
    assert who(client) is None


def test_a_former_client_gets_no_code(cast, client):
    cast.client.discharged_at = NOW
    cast.client.save()
    client.post(CODE, {"email": "maya@home.example.org"})
    assert not re.search(r"\b\d{6}\b", mail.outbox[0].body)


def test_a_client_discharged_between_mail_and_code_stays_outside(cast, client):
    client.post(CODE, {"email": "maya@home.example.org"})
    cast.client.discharged_at = NOW
    cast.client.save()
    client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert who(client) is None


def test_five_wrong_passwords_lock_the_account_even_when_the_cache_is_emptied(cast, client):
    for _try in range(5):
        sign_in(client, "jo@harbour.example.org", "not-this-one-at-all")
    cache.clear()
    answer = sign_in(client, "jo@harbour.example.org")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "901"
    assert b"16 minutes" in answer.content or b"15 minutes" in answer.content
    assert who(client) is None


def test_an_unknown_account_locks_just_the_same(client, db):
    answers = [sign_in(client, "nobody@nowhere.example.org", "x" * 12).status_code for _try in range(6)]
    assert answers == [200] * 5 + [429]


def test_the_lock_ends_by_itself(cast, client, morning):
    for _try in range(5):
        sign_in(client, "jo@harbour.example.org", "not-this-one-at-all")
    morning.shift(dt.timedelta(minutes=15, seconds=1))
    sign_in(client, "jo@harbour.example.org")
    assert who(client) == str(cast.bodyworker.user_id)


def test_signing_in_often_is_no_attack(cast, client):
    for _time in range(8):
        client.logout()
        assert sign_in(client, "jo@harbour.example.org").status_code == 302


def test_many_accounts_from_one_address_are_stopped_too(cast, client):
    answers = {sign_in(client, f"p{n}@nowhere.example.org", "x" * 12).status_code for n in range(41)}
    assert answers == {200, 429}


def test_no_email_and_no_address_is_kept_of_an_attempt(client, db):
    sign_in(client, "nobody@nowhere.example.org", "x" * 12)
    assert SignInAttempt.objects.count() == 2
    assert not SignInAttempt.objects.filter(key__contains="nobody").exists()


def test_codes_cannot_be_asked_for_without_end(cast, client):
    browsers = [type(client)() for _try in range(6)]
    answers = [browser.post(CODE, {"email": "maya@home.example.org"}).status_code for browser in browsers]
    assert answers[-1] == 429
    assert len(mail.outbox) == 5


def test_a_member_of_staff_gets_a_new_password_by_mail(cast, client):
    client.post("/account/password/reset/", {"email": "jo@harbour.example.org"})
    (path,) = re.findall(r"https?://[^/]+(/\S+)", mail.outbox[0].body)
    form = client.get(path, follow=True)
    words = "slow-lantern-over-water"
    client.post(form.redirect_chain[-1][0], {"password1": words, "password2": words})
    sign_in(client, "jo@harbour.example.org", words)
    assert who(client) == str(cast.bodyworker.user_id)


@pytest.mark.parametrize("email", ["maya@home.example.org", "nobody@nowhere.example.org"])
def test_clients_and_strangers_get_no_password_link_and_the_same_answer(cast, client, email):
    answer = client.post("/account/password/reset/", {"email": email})
    assert answer.headers["Location"] == "/account/password/reset/done/"
    assert "/key/" not in mail.outbox[0].body


def test_signing_out_is_a_button_and_not_a_link(cast, client):
    sign_in(client, "jo@harbour.example.org")
    client.get("/account/logout/")
    assert who(client)
    client.post("/account/logout/")
    assert who(client) is None


def test_a_mail_server_that_is_away_is_said_plainly(cast, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = client.post(CODE, {"email": "maya@home.example.org"})
    assert answer.status_code == 503
    assert b"could not be sent" in answer.content
