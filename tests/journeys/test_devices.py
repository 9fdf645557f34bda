"""Letters on a device, in a real browser: turned on with one tap, shown while no page is open, turned off again."""

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.post.models import PushSubscription
from tests.journeys.test_pages import NARROW, signed_in
from tests.post.push_service import Browser

# The browser's maker is far away from here: its answer is put in its place, everything else is the browser's own.
FAR_AWAY = """
(() => {
  const keys = %s;
  let made = null;
  const bytes = (words) =>
    Uint8Array.from(atob(words.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0)).buffer;
  const subscription = () => ({
    endpoint: "https://push.example.org/this-browser",
    getKey: (name) => bytes(keys[name]),
    unsubscribe: async () => { sessionStorage.removeItem("made"); return true; },
  });
  PushManager.prototype.subscribe = async (asked) => {
    if (asked.applicationServerKey.length !== 65) { throw new Error("no key"); }
    sessionStorage.setItem("made", "yes");
    return subscription();
  };
  PushManager.prototype.getSubscription = async () => (sessionStorage.getItem("made") ? subscription() : null);
  Notification.requestPermission = async () => "granted";
  Object.defineProperty(Notification, "permission", { get: () => "default" });
})();
"""


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_a_device_is_turned_on_and_off_again(visit: Any, cast: Any, phone: bool) -> None:
    maya = signed_in(visit(phone=phone), cast.client.user)
    maya.context.add_init_script(FAR_AWAY % Browser().keys)
    maya.open("/devices/")
    maya.page.get_by_role("button", name="Turn it on here").click()
    maya.page.get_by_text("It is on.").wait_for()
    assert PushSubscription.objects.get().user == cast.client.user
    assert maya.page.get_by_text("This one").is_visible()
    assert Axe().run(maya.page).response["violations"] == []
    maya.page.get_by_role("button", name="Remove").click()
    maya.page.get_by_text("No more letters go there.").wait_for()
    maya.page.get_by_role("button", name="Turn it on here").wait_for()
    assert not PushSubscription.objects.exists()
    assert maya.refused() == []


def test_a_letter_shows_itself_and_a_second_one_with_its_tag_replaces_it(visit: Any, cast: Any) -> None:
    maya = signed_in(visit(phone=False), cast.client.user)
    maya.context.grant_permissions(["notifications"])
    maya.open("/devices/")
    maya.page.evaluate("navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready)")
    line = maya.context.new_cdp_session(maya.page)
    found: list[str] = []
    line.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(row["registrationId"] for row in event["registrations"] if not row["isDeleted"]),
    )
    line.send("ServiceWorker.enable")
    maya.page.wait_for_timeout(200)
    for title in ("Your session is ready", "Your session is still here"):
        line.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": maya.address,
                "registrationId": found[-1],
                "data": json.dumps({"title": title, "tag": "t", "url": "https://elsewhere.example.org/"}),
            },
        )
    maya.page.wait_for_function(
        "navigator.serviceWorker.ready.then((r) => r.getNotifications()).then((n) => n.length === 1"
        " && n[0].title === 'Your session is still here')"
    )
    shown = maya.page.evaluate(
        "navigator.serviceWorker.ready.then((r) => r.getNotifications()).then((n) => n.map((one) => one.data.url))"
    )
    assert shown == [f"{maya.address}/"]


def test_without_a_script_the_page_says_that_letters_come_by_mail(visit: Any, cast: Any) -> None:
    maya = signed_in(visit(script=False), cast.client.user)
    maya.page.set_viewport_size(NARROW)
    maya.open("/devices/")
    assert maya.page.get_by_text("They come by email.").is_visible()
    assert not maya.page.get_by_role("button", name="Turn it on here").is_visible()
    assert maya.sideways() == 0
