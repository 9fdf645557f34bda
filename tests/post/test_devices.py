"""A person turns letters on and off for their own browsers, and nobody else's."""

import pytest
from django.urls import reverse

from accounts.people.models import AuditEvent
from accounts.post.actions import sweep_letters
from accounts.post.delivery.sealing import private_key, public_words
from accounts.post.models import ContactPreferences, Letter, PushSubscription
from tests.factories.post import PushSubscriptionFactory
from tests.post.push_service import Browser, push_service

pytestmark = pytest.mark.django_db
API = "/api/v1/devices/"


def put(client, **changes):
    said = {"endpoint": "https://push.example.org/abc", "keys": Browser().keys, "device": "Chrome, Android"}
    return client.put(API, {**said, **changes}, content_type="application/json")


@pytest.fixture
def maya(client, cast):
    client.force_login(cast.client.user)
    return client


def test_a_browser_is_kept_once(maya, cast):
    first, again = put(maya), put(maya, device="Chrome, phone")
    assert (first.status_code, again.status_code) == (201, 200)
    kept = PushSubscription.objects.get()
    assert (kept.user, kept.device, str(kept.uuid)) == (cast.client.user, "Chrome, phone", first.json()["uuid"])
    assert AuditEvent.objects.filter(verb="device_added").count() == 1


def test_the_list_gives_the_key_to_subscribe_with_and_no_address(maya, cast, settings):
    PushSubscriptionFactory(user=cast.client.user)
    PushSubscriptionFactory(user=cast.bodyworker.user, device="Laptop")
    answer = maya.get(API)
    assert answer.json()["public_key"] == public_words(private_key(settings.VAPID_PRIVATE_KEY))
    assert [device["device"] for device in answer.json()["devices"]] == ["Phone"]
    assert "push.example.org" not in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"endpoint": "http://push.example.org/abc"}, "endpoint"),
        ({"endpoint": "https://10.0.0.1:8443/abc"}, "endpoint"),
        ({"endpoint": ""}, "endpoint"),
        ({"keys": {"p256dh": "AAAA", "auth": "AAAA"}}, "keys"),
        ({"keys": {}}, "keys.p256dh"),
    ],
)
def test_what_is_no_browser_is_refused_by_its_field(maya, changes, field):
    answer = put(maya, **changes)
    assert answer.status_code == 400
    assert field in {error["field"].removesuffix(".non_field_errors") for error in answer.json()["errors"]}
    assert not PushSubscription.objects.exists()


def test_a_page_of_another_site_can_not_turn_it_on(cast):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.client.user)
    assert put(strict).status_code in {403, 404}
    assert not PushSubscription.objects.exists()


def test_a_device_of_somebody_else_is_a_404(maya, cast):
    other = PushSubscriptionFactory(user=cast.bodyworker.user)
    assert maya.delete(f"{API}{other.uuid}/").status_code == 404
    assert maya.post(reverse("post:device-remove", args=[other.uuid])).status_code == 404
    assert PushSubscription.objects.count() == 1


def test_where_push_is_off_there_is_nothing(maya, settings):
    settings.WEB_PUSH = False
    assert maya.get(API).status_code == 404
    assert maya.get(reverse("post:devices")).status_code == 404
    assert reverse("post:devices") not in maya.get(reverse("today:me")).content.decode()


def test_the_page_lists_ones_own_devices_and_removes_one_without_a_script(maya, cast):
    mine = PushSubscriptionFactory(user=cast.client.user, device="Firefox, Linux")
    page = maya.get(reverse("post:devices")).content.decode()
    assert "Firefox, Linux" in page
    assert mine.endpoint not in page
    maya.post(reverse("post:device-remove", args=[mine.uuid]))
    assert not PushSubscription.objects.exists()


def test_a_client_finds_the_page_from_their_own(maya):
    assert reverse("post:devices") in maya.get(reverse("today:me")).content.decode()


def test_staff_have_the_page_too_without_reminders(client, cast):
    client.force_login(cast.bodyworker.user)
    page = client.get(reverse("post:devices")).content.decode()
    assert "A case that needs you" in page
    assert "How they come" not in page
    assert client.post(reverse("post:nudge-channel"), {"channel": "push"}).status_code == 404


def test_reminders_come_where_the_client_says(maya, cast):
    PushSubscriptionFactory(user=cast.client.user)
    maya.post(reverse("post:nudge-channel"), {"channel": "push"})
    assert ContactPreferences.objects.get(client=cast.client).nudge_channel == "push"


def test_reminders_can_not_come_to_a_device_that_is_not_there(maya):
    answer = maya.post(reverse("post:nudge-channel"), {"channel": "push"})
    assert answer.status_code == 422
    assert "Turn a device on first" in answer.content.decode()


@pytest.mark.parametrize("who", ["client", "bodyworker"])
def test_a_test_reaches_the_device_it_was_asked_for(client, cast, who):
    person, browser = getattr(cast, who).user, Browser()
    client.force_login(person)
    with push_service() as service:
        device = PushSubscriptionFactory(user=person, endpoint=service.endpoint(), **browser.keys)
        for _ in range(2):
            client.post(reverse("post:device-test", args=[device.uuid]))
        sweep_letters(now=Letter.objects.get().due_at)
        assert [browser.open(body)["title"] for _, _, body in service.taken] == ["Letters reach this device"]


def test_the_worker_lies_at_the_top_of_the_site(client):
    answer = client.get("/worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "showNotification" in answer.content.decode()
    assert "worker-src 'self'" in client.get(reverse("account_login")).headers["Content-Security-Policy"]


def test_the_page_costs_the_same_for_more_devices(maya, cast, django_assert_max_num_queries):
    for _ in range(8):
        PushSubscriptionFactory(user=cast.client.user)
    with django_assert_max_num_queries(14):
        maya.get(reverse("post:devices"))


def test_a_password_chosen_by_the_mailed_link_confirms_the_address(client, cast, mailoutbox):
    cast.bodyworker.email_verified_at = None
    cast.bodyworker.save()
    client.post(reverse("account_reset_password"), {"email": cast.bodyworker.user.email})
    link = next(word for word in mailoutbox[0].body.split() if "/password/reset/key/" in word)
    page = client.get(link, follow=True)
    words = "a long enough phrase for Jo"
    client.post(page.request["PATH_INFO"], {"password1": words, "password2": words})
    cast.bodyworker.refresh_from_db()
    assert cast.bodyworker.email_verified_at is not None
