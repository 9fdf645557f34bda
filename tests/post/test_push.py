"""Letters to a browser, over a real line to a real server that opens them with its own keys."""

import datetime as dt

import pytest

from accounts.post.actions import keep_device, queue_letter, remove_device, sweep_letters
from accounts.post.delivery import NotTaken, PushChannel
from accounts.post.delivery.push import BadEndpoint, endpoint_of
from accounts.post.delivery.sealing import check_keys, private_key, public_words, seal
from accounts.post.models import ContactPreferences, Delivery, Incident, Letter, PushSubscription
from accounts.post.rules import AttemptEnd, is_public_address, push_wait, time_to_live, topic_of
from clinic.running.broker import free_port
from tests.clock import NOW, at
from tests.post.letters import case_letter
from tests.post.postman import Postman
from tests.post.push_service import Browser, claims_of, push_service

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def service():
    with push_service() as running:
        yield running


def device_of(user, service, clinic, *, name="phone", browser=None):
    browser = browser or Browser()
    device, _ = keep_device(
        user=user, endpoint=service.endpoint(name), **browser.keys, device=name, clinic=clinic, now=NOW
    )
    return device, browser


@pytest.fixture
def jos_phone(cast, service):
    return device_of(cast.bodyworker.user, service, cast.harbour)


@pytest.fixture
def mayas_phone(cast, service):
    """Maya's phone, where she wants her reminders."""
    ContactPreferences.objects.create(client=cast.client, clinic=cast.harbour, nudge_channel="push")
    cast.client.refresh_from_db()
    return device_of(cast.client.user, service, cast.harbour)


def nudge(cast, **changes):
    fields = {
        "clinic": cast.harbour,
        "kind": "session-ready",
        "audience": "client",
        "client": cast.client,
        "subject_kind": "nudge",
        "subject_id": cast.client.pk,
        "params": {"path": "/today/"},
        "due_at": NOW,
        "expires_at": NOW + 60 * MINUTE,
        "dedupe_key": "nudge:1:2026-03-10",
        "now": NOW,
    }
    return queue_letter(**{**fields, **changes})


def sweep(now=NOW):
    """A round in which mail goes to a postman and push over its own line."""
    postman = Postman()
    postman.name = "email"
    sweep_letters(now=now, channel=postman)
    return postman


def test_a_case_goes_by_mail_and_to_every_device_each_under_its_own_key(cast, service, jos_phone):
    device_of(cast.bodyworker.user, service, cast.harbour, name="laptop")
    case_letter(cast)
    postman = sweep()
    assert len(postman.given) == 1
    assert sorted(path for path, _, _ in service.taken) == ["/push/laptop", "/push/phone"]
    assert list(Letter.objects.values_list("channel", "state").order_by("channel")) == [
        ("email", "sent"),
        ("push", "sent"),
        ("push", "sent"),
    ]
    assert Letter.objects.values("dedupe_key", "message_id").distinct().count() == 3


def test_the_browser_opens_what_it_is_sent_and_it_names_no_clinic(cast, service, jos_phone):
    case_letter(cast)
    sweep()
    _, headers, body = service.taken[0]
    shown = jos_phone[1].open(body)
    assert shown == {
        "title": "A client needs you",
        "body": "Tap to open it.",
        "url": "/escalations/7/",
        "tag": headers["Topic"],
    }
    assert cast.harbour.name.encode() not in body


def test_nobody_elses_browser_opens_it(cast, service, jos_phone):
    from cryptography.exceptions import InvalidTag

    case_letter(cast)
    sweep()
    with pytest.raises(InvalidTag):
        Browser().open(service.taken[0][2])


def test_the_service_can_tell_who_sent_it_and_for_how_long(cast, service, jos_phone, settings):
    case_letter(cast)
    sweep()
    _, headers, _ = service.taken[0]
    claims = claims_of(headers["Authorization"])
    assert claims["aud"] == f"http://127.0.0.1:{service.port}"
    assert claims["exp"] == int((NOW + dt.timedelta(hours=12)).timestamp())
    assert claims["sub"].startswith("mailto:")
    assert f"k={public_words(private_key(settings.VAPID_PRIVATE_KEY))}" in headers["Authorization"]
    assert (headers["TTL"], headers["Urgency"], headers["Content-Encoding"]) == ("86400", "high", "aes128gcm")


def test_a_message_signed_by_another_is_found_out(cast, service, jos_phone):
    from cryptography.exceptions import InvalidSignature

    case_letter(cast)
    sweep()
    proof = service.taken[0][1]["Authorization"]
    other = public_words(private_key("b3RoZXItb25seS1ub3QtYS1zZWNyZXQtMzItYnl0ZXM"))
    with pytest.raises(InvalidSignature):
        claims_of(proof.partition(", k=")[0] + f", k={other}")


def test_a_reminder_goes_the_one_way_its_reader_chose(cast, service, mayas_phone):
    nudge(cast)
    postman = sweep()
    letter = Letter.objects.get()
    assert (letter.channel, letter.state, postman.given) == ("push", "sent", [])
    assert mayas_phone[1].open(service.taken[0][2])["title"] == "Your session is ready"
    assert service.taken[0][1]["TTL"] == "3600"


def test_a_reminder_to_two_devices_comes_to_the_one_turned_on_last(cast, service, mayas_phone):
    device_of(cast.client.user, service, cast.harbour, name="tablet")
    nudge(cast)
    sweep()
    assert [path for path, _, _ in service.taken] == ["/push/tablet"]


def test_without_a_choice_a_reminder_comes_by_mail(cast, service):
    device_of(cast.client.user, service, cast.harbour)
    assert nudge(cast).channel == "email"


@pytest.mark.parametrize("subject", ["nudge", "escalation"])
def test_a_client_whose_mail_comes_back_is_written_to_on_their_device(cast, service, subject):
    cast.client.email_failed_at = NOW
    device_of(cast.client.user, service, cast.harbour)
    device_of(cast.client.user, service, cast.harbour, name="tablet")
    kind = {"nudge": "session-ready", "escalation": "nobody-answered"}[subject]
    nudge(cast, subject_kind=subject, kind=kind)
    assert sweep().given == []
    gone_to = sorted(path for path, _, _ in service.taken)
    assert gone_to == (["/push/tablet"] if subject == "nudge" else ["/push/phone", "/push/tablet"])


def test_a_second_try_replaces_the_first_on_the_screen(cast, service, jos_phone):
    case_letter(cast)
    service.status = 0
    sweep()
    assert Letter.objects.get(channel="push").state == "retry"
    assert Delivery.objects.get(letter__channel="push").outcome == "ambiguous"
    service.status = 201
    sweep(NOW + MINUTE)
    first, second = service.taken
    assert first[1]["Topic"] == second[1]["Topic"]
    assert jos_phone[1].open(first[2]) == jos_phone[1].open(second[2])
    assert Letter.objects.get(channel="push").state == "sent"


def test_a_reminder_without_an_answer_is_uncertain_and_not_sent_again(cast, service, mayas_phone):
    nudge(cast)
    service.status = 0
    sweep()
    sweep(NOW + MINUTE)
    assert Letter.objects.get(subject_kind="nudge").state == "uncertain"
    assert len(service.taken) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten_and_the_case_still_has_its_mail(cast, service, jos_phone, status):
    case_letter(cast)
    service.status = status
    postman = sweep()
    push = Letter.objects.get(channel="push")
    assert (push.state, push.reason) == ("cancelled", "the device takes no letters any more")
    assert not PushSubscription.objects.exists()
    assert not Incident.objects.exists()
    assert len(postman.given) == 1


def test_a_reminder_to_a_device_that_is_gone_comes_by_mail_once(cast, service, mayas_phone):
    letter = nudge(cast)
    service.status = 410
    postman = sweep()
    letter.refresh_from_db()
    assert (letter.state, letter.channel, len(postman.given)) == ("sent", "email", 1)
    assert list(letter.deliveries.order_by("number").values_list("channel", "outcome")) == [
        ("push", "gone"),
        ("email", "sent"),
    ]


def test_a_device_that_is_gone_after_an_ambiguous_try_leaves_the_letter_uncertain(cast, service, jos_phone):
    case_letter(cast)
    service.status = 0
    sweep()
    service.status = 410
    sweep(NOW + MINUTE)
    assert Letter.objects.get(channel="push").state == "uncertain"


def test_a_service_that_asks_to_wait_is_given_its_time(cast, service, jos_phone):
    case_letter(cast)
    service.status, service.headers = 429, {"Retry-After": "900"}
    sweep()
    letter = Letter.objects.get(channel="push")
    assert (letter.state, letter.next_attempt_at) == ("retry", NOW + 15 * MINUTE)


@pytest.mark.parametrize(
    ("status", "state"), [(201, "sent"), (202, "sent"), (500, "retry"), (503, "retry"), (400, "dead"), (302, "dead")]
)
def test_each_answer_leads_somewhere(cast, service, jos_phone, status, state):
    case_letter(cast)
    service.status = status
    sweep()
    assert Letter.objects.get(channel="push").state == state


def test_push_leaves_while_the_mail_server_is_away(cast, service, jos_phone, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    case_letter(cast)
    swept = sweep_letters(now=NOW)
    assert not swept.is_reachable
    assert len(service.taken) == 1
    assert set(Letter.objects.values_list("channel", "state")) == {("email", "pending"), ("push", "sent")}


def test_a_browser_that_passed_to_somebody_else_shows_nothing_of_the_person_before(cast, service, jos_phone):
    case_letter(cast)
    device_of(cast.colleague.user, service, cast.harbour, browser=jos_phone[1])
    sweep()
    assert service.taken == []
    assert Letter.objects.get(channel="push").state == "cancelled"
    assert PushSubscription.objects.get().user == cast.colleague.user


def test_somebody_who_left_the_staff_gets_nothing_on_their_device(cast, service, jos_phone):
    case_letter(cast)
    cast.bodyworker.ended_at = NOW
    cast.bodyworker.save()
    sweep()
    assert service.taken == []


def test_removing_a_device_takes_back_what_waits_for_it(cast, service, mayas_phone):
    letter = nudge(cast)
    remove_device(subscription=mayas_phone[0], by=cast.client.user, clinic=cast.harbour, now=NOW)
    letter.refresh_from_db()
    assert (letter.channel, letter.state, letter.subscription) == ("email", "pending", None)


def test_no_reminder_is_pushed_inside_quiet_hours(cast, service, mayas_phone):
    letter = nudge(cast, expires_at=at("2026-03-12"))
    sweep(at("2026-03-10", "22:15"))
    letter.refresh_from_db()
    assert (service.taken, letter.state, letter.next_attempt_at) == ([], "pending", at("2026-03-11", "08:00"))


def test_push_that_is_switched_off_writes_no_letters_for_it(cast, service, jos_phone, settings):
    settings.WEB_PUSH = False
    case_letter(cast)
    assert set(Letter.objects.values_list("channel", flat=True)) == {"email"}


def test_eleven_devices_are_ten(cast, service):
    for n in range(11):
        keep_device(
            user=cast.client.user,
            endpoint=service.endpoint(f"d{n}"),
            **Browser().keys,
            device=f"d{n}",
            clinic=cast.harbour,
            now=NOW + n * MINUTE,
        )
    assert "d0" not in set(PushSubscription.objects.values_list("device", flat=True))
    assert PushSubscription.objects.count() == 10


def test_keys_lie_encrypted_in_the_database(cast, service, jos_phone):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT p256dh, auth FROM post_pushsubscription")
        kept = cursor.fetchone()
    assert jos_phone[1].keys["auth"] not in kept
    assert all(words.startswith("gAAAA") for words in kept)


# Where a message may be taken


@pytest.mark.parametrize(
    "url",
    [
        "http://push.example.org/x",
        "https://push.example.org:8443/x",
        "https://user:word@push.example.org/x",
        "https://localhost/x",
        "https://intranet/x",
        "ftp://push.example.org/x",
        "//push.example.org/x",
        "https://push.example.org/a b",
        "https://push.example.org/a\r\nX: y",
        "https://push.example.org:port/x",
        "https://bücher.example.org/x",
        "https://push.example.org/" + "x" * 1000,
        "",
    ],
)
def test_an_address_that_is_no_push_service_is_refused(url, settings):
    settings.WEB_PUSH_LOOPBACK = False
    with pytest.raises(BadEndpoint):
        endpoint_of(url)


@pytest.mark.parametrize("url", ["https://127.0.0.1/x", "https://10.0.0.8/x", "https://169.254.169.254/latest/"])
def test_a_name_that_leads_into_our_own_network_is_as_good_as_gone(url, settings):
    settings.WEB_PUSH_LOOPBACK = False
    with pytest.raises(NotTaken) as refusal:
        PushChannel().offer(address=url)
    assert refusal.value.answer.end is AttemptEnd.GONE


def test_a_service_that_is_not_there_is_tried_again():
    with pytest.raises(NotTaken) as refusal:
        PushChannel().offer(address=f"http://127.0.0.1:{free_port()}/x")
    assert refusal.value.answer.end is AttemptEnd.POSTPONED


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:0a00:0001::1", False),
        ("no address", False),
    ],
)
def test_only_public_addresses_are_public(address, public):
    assert is_public_address(address) is public


@pytest.mark.parametrize(
    ("words", "date", "seconds"),
    [
        ("30", "", 30),
        ("999999999", "", 86400),
        ("Tue, 10 Mar 2026 09:05:00 GMT", "Tue, 10 Mar 2026 09:00:00 GMT", 300),
        ("Tue, 10 Mar 2026 08:00:00 GMT", "Tue, 10 Mar 2026 09:00:00 GMT", 0),
        ("Tue, 10 Mar 2026 09:05:00 GMT", "", None),
        ("soon", "", None),
        ("", "", None),
    ],
)
def test_a_wait_is_read_in_seconds_and_as_a_moment(words, date, seconds):
    assert push_wait(words, date) == seconds


def test_a_message_lives_as_long_as_its_letter():
    assert time_to_live(NOW + MINUTE, now=NOW) == 60
    assert time_to_live(NOW - MINUTE, now=NOW) == 0
    assert time_to_live(None, now=NOW) == 86400


def test_a_topic_fits_its_header_and_does_not_show_the_key():
    topic = topic_of("case:7:1:1:1", secret="s")
    assert len(topic) == 32
    assert topic == topic_of("case:7:1:1:1", secret="s") != topic_of("case:7:1:1:2", secret="s")
    assert "case" not in topic


def test_keys_that_no_browser_has_are_refused():
    good = Browser().keys
    check_keys(**good)
    for bad in ({"p256dh": "AAAA"}, {"auth": "AAAA"}, {"p256dh": "ä"}, {"auth": "!"}):
        with pytest.raises(ValueError):
            check_keys(**{**good, **bad})


def test_what_is_too_long_for_one_record_is_refused():
    with pytest.raises(ValueError, match="too long"):
        seal(b"x" * 3001, **Browser().keys)
