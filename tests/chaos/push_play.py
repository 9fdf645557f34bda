"""A push service that lets a device go, asks to wait, fails, or never answers: what each letter must come to.

Every client wants reminders on a phone, and every colleague's phone takes letters about cases beside the mail. What
the phones are shown is opened with their own keys; the Topic of each message is worked out anew.
"""

import base64
import datetime as dt
import hashlib
import hmac
import time
from collections import Counter
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from accounts.people.models import Client, Clinic, Membership, User
from accounts.post.actions import keep_device, queue_letter, sweep_letters
from accounts.post.delivery.sealing import to_words
from accounts.post.models import ContactPreferences, Letter, PushSubscription
from tests.chaos.figures import Figures
from tests.chaos.owed import Owed, compare, message_id_of
from tests.chaos.people import clinic_with
from tests.chaos.scenes import ROUND, allow_incidents, carry_out
from tests.chaos.stage import FOLDER, Sink, size
from tests.clock import NOW
from tests.post.push_service import Browser, Service, push_service

PHONES = size("PHONES", 4)
"""Of clients, and as many of colleagues."""
WAIT = 600
ROUNDS = 3
HANGS = 1.0
TITLES = {"session-ready": "Your session is ready", "case-opened": "A client needs you"}


def topic_of(key: str) -> str:
    """The one Topic that the message with this key may ever have, worked out anew."""
    seal = hmac.new(settings.SECRET_KEY.encode(), f"topic:{key}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(seal).decode()[:32]


@dataclass
class Scene:
    """A clinic whose letters are written; `pushed` says of each Topic which phone must show what."""

    clinic: Clinic
    owner: Membership
    owed: Owed = field(default_factory=Owed)
    pushed: dict[str, tuple[str, str]] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)
    nudges: dict[str, str] = field(default_factory=dict)
    """Keys of reminders with the client's address, should they go by mail."""


def main() -> None:
    settings.WEB_PUSH = settings.WEB_PUSH_LOOPBACK = True
    settings.VAPID_PRIVATE_KEY = to_words(b"a-key-of-this-play-and-no-secret")
    settings.WEB_PUSH_TIMEOUT = HANGS / 3
    sink = Sink(FOLDER)
    with sink.serving(settings.EMAIL_PORT), push_service() as service:
        found = [gone(sink, service), asks_to_wait(sink, service), fails(sink, service), hangs(sink, service)]
    assert all(figures.is_good for figures in found), found


def gone(sink: Sink, service: Service) -> Figures:
    """410: the device is let go. A reminder goes by mail instead, a case has its mail already."""
    scene = begin(sink, service, "gone")
    service.status = 410
    sweep_letters(now=NOW)
    service.status, asked = 201, len(service.taken)
    now = carry_out(NOW + ROUND)
    for key, address in scene.nudges.items():
        scene.owed.owe(key, to=address, gentle=True)
    scene.pushed.clear()
    figures = found(sink, scene, "a push service says that the device is gone (410)", [], now)
    left = PushSubscription.objects.filter(endpoint__in=map(service.endpoint, scene.browsers)).count()
    if left or len(service.taken) > asked or asked != 2 * PHONES:
        figures.broken.append(f"{left} devices are kept, {len(service.taken)} asked, {asked} at first")
    return told(figures)


def asks_to_wait(sink: Sink, service: Service) -> Figures:
    """429 with Retry-After: nobody asks again before."""
    scene = begin(sink, service, "wait")
    service.status, service.headers = 429, {"Retry-After": str(WAIT)}
    sweep_letters(now=NOW)
    service.status, service.headers, asked, early = 201, {}, len(service.taken), 0
    until = NOW + dt.timedelta(seconds=WAIT)
    for n in range(1, 10):
        sweep_letters(now=NOW + n * (until - NOW) / 10)
        early = len(service.taken) - asked
    now = carry_out(until)
    figures = found(sink, scene, f"a push service asks to wait for {WAIT} s (429)", service.taken[asked:], now)
    figures.latest = (now - until).total_seconds()
    figures.note = "latest: after the wait it asked for"
    if early or asked != 2 * PHONES:
        figures.broken.append(f"{early} asked again before they should, {asked} at first")
    return told(figures)


def fails(sink: Sink, service: Service) -> Figures:
    """500 for three rounds, then as it should."""
    scene = begin(sink, service, "fails")
    service.status, now = 500, NOW
    for _ in range(ROUNDS):
        sweep_letters(now=now)
        now += ROUND
    service.status, asked = 201, len(service.taken)
    now = carry_out(now)
    return told(found(sink, scene, "a push service that fails (500)", service.taken[asked:], now))


def hangs(sink: Sink, service: Service) -> Figures:
    """It takes the message and never answers: a case goes again under its Topic, a reminder is listed."""
    scene = begin(sink, service, "hangs")
    service.seconds = HANGS
    for _ in range(20):  # a round has its patience, and every phone must be hung upon once
        sweep_letters(now=NOW)
    service.seconds = 0
    now = carry_out(NOW + ROUND)
    time.sleep(HANGS)  # what it was still thinking about
    figures = found(sink, scene, "a push service that takes a message and never answers", service.taken, now)
    if figures.ambiguous != 2 * PHONES or figures.came_twice != PHONES:
        figures.broken.append("not every case went again, or a reminder did")
    listed = Letter.objects.filter(message_id__in=map(message_id_of, scene.nudges), state="uncertain").count()
    if listed != PHONES:
        figures.broken.append(f"{listed} of {PHONES} reminders are listed as uncertain")
    return told(figures)


def begin(sink: Sink, service: Service, tag: str) -> Scene:
    """A clinic with phones, and a letter to each."""
    sink.begin()
    service.taken.clear()
    clinic, (owner, *carers), clients = clinic_with(PHONES, PHONES)
    scene = Scene(clinic, owner)
    for n, (member, client) in enumerate(zip(carers, clients, strict=True)):
        ContactPreferences.objects.create(client=client, clinic=clinic, nudge_channel="push")
        phone_of(scene, service, client.user, f"{tag}-client-{n}")
        key = f"{tag}:nudge:{n}"
        remind(clinic, Client.objects.get(pk=client.pk), key)
        scene.nudges[key] = client.email
        scene.pushed[topic_of(key)] = f"{tag}-client-{n}", TITLES["session-ready"]
        device = phone_of(scene, service, member.user, f"{tag}-carer-{n}")
        key = f"{tag}:case:{n}"
        what = {"audience": "staff", "membership": member, "subject_kind": "escalation", "subject_id": n}
        queue_letter(clinic=clinic, kind="case-opened", due_at=NOW, dedupe_key=key, now=NOW, **what)
        scene.owed.owe(key, to=member.user.email)
        scene.pushed[topic_of(f"{key}:push:{device.pk}")] = f"{tag}-carer-{n}", TITLES["case-opened"]
    return scene


def remind(clinic: Clinic, client: Client, key: str) -> None:
    what = {"audience": "client", "client": client, "subject_kind": "nudge", "subject_id": client.pk}
    queue_letter(clinic=clinic, kind="session-ready", due_at=NOW, dedupe_key=key, now=NOW, **what)


def phone_of(scene: Scene, service: Service, user: User, name: str) -> PushSubscription:
    browser = scene.browsers[name] = Browser()
    device, _ = keep_device(
        user=user, endpoint=service.endpoint(name), **browser.keys, device=name, clinic=scene.clinic, now=NOW
    )
    return device


def found(sink: Sink, scene: Scene, fault: str, taken: list[tuple[str, dict[str, str], bytes]], now) -> Figures:
    """What came by mail against what was owed, and what the phones were shown against what they should be."""
    allow_incidents(scene.owed, scene.clinic, scene.owner)
    figures = Figures(fault, f"{PHONES * 2:,} phones, {connection.vendor}", "letters and messages")
    compare(figures, scene.owed, sink, now=now)
    shown: Counter[str] = Counter()
    for path, headers, body in taken:
        phone, topic = path.removeprefix("/push/"), headers["Topic"]
        message = scene.browsers[phone].open(body)
        shown[topic] += 1
        figures.second_ids += scene.pushed.get(topic) != (phone, message["title"]) or message["tag"] != topic
    figures.owed += len(scene.pushed)
    figures.lost += len(scene.pushed.keys() - shown)
    figures.came_twice += sum(count - 1 for count in shown.values())
    figures.ambiguous += ambiguous_pushes(scene)
    return figures


def ambiguous_pushes(scene: Scene) -> int:
    """Hand-offs to phones without an answer; those of mail are counted by the comparison."""
    pushes = Letter.objects.filter(clinic=scene.clinic, channel="push", deliveries__outcome="ambiguous")
    return pushes.values("deliveries").count()


def told(figures: Figures) -> Figures:
    figures.tell()
    return figures
