"""A person's own devices: one more that gets letters, one that no longer does."""

import datetime as dt

from django.db import transaction
from django.urls import reverse

from accounts.people.actions import record_audit
from accounts.people.models import Client, Clinic, Membership, User

from ..models import ContactPreferences, Letter, PushSubscription
from ..querysets import address_of
from ..rules import LIVE_STATES, NUDGE, Audience, Channel, DeadEnd, LetterState
from .queueing import queue_letter

MOST_DEVICES = 10
TEST_IS_GOOD = dt.timedelta(minutes=10)
GOES_ANOTHER_WAY = (
    "subscription",
    "channel",
    "state",
    "reason",
    "lease_token",
    "lease_until",
    "next_attempt_at",
    "ended_at",
    "rendered_subject",
    "rendered_text",
    "rendered_html",
)
"""What `go_another_way` changes of a letter."""


@transaction.atomic
def keep_device(
    *, user: User, endpoint: str, p256dh: str, auth: str, device: str, clinic: Clinic, now: dt.datetime
) -> tuple[PushSubscription, bool]:
    """Letters may go to this browser from now on; answers whether it is a new one.

    A browser belongs to whoever turned it on last: the letters of the person before stop there at once.
    The oldest devices beyond ten are forgotten.
    """
    before = PushSubscription.objects.select_for_update().filter(endpoint=endpoint).first()
    if before is not None and before.user_id != user.pk:
        forget_device(subscription=before, now=now)
        before = None
    values = {"p256dh": p256dh, "auth": auth, "device": device[:80]}
    kept, is_new = PushSubscription.objects.update_or_create(
        endpoint=endpoint, defaults=values, create_defaults={**values, "user": user, "created_at": now}
    )
    if is_new:
        _record("device_added", user, kept.pk, clinic, now)
        for old in PushSubscription.objects.visible_to(user).newest_first()[MOST_DEVICES:]:
            forget_device(subscription=old, now=now)
    return kept, is_new


@transaction.atomic
def remove_device(*, subscription: PushSubscription, by: User, clinic: Clinic, now: dt.datetime) -> None:
    """Its holder wants no letters there any more."""
    _record("device_removed", by, subscription.pk, clinic, now)
    forget_device(subscription=subscription, now=now)


@transaction.atomic
def forget_device(*, subscription: PushSubscription, now: dt.datetime) -> None:
    """Take back what waits for this device; a reminder goes by mail instead, a case has its letter already."""
    waiting = Letter.objects.to_device(subscription).filter(state__in=sorted(LIVE_STATES - {LetterState.HANDOFF}))
    for letter in waiting.select_for_update(of=("self",)).select_related("client__user", "clinic"):
        go_another_way(letter, now=now)
        letter.save(update_fields=GOES_ANOTHER_WAY)
    subscription.delete()


def go_another_way(letter: Letter, *, now: dt.datetime) -> None:
    """Turn a letter of a device that is no more into one by mail, or end it; the caller saves.

    Nothing of it has arrived, so the mail may bear its Message-ID and its words.
    """
    letter.subscription = letter.lease_token = letter.lease_until = None
    letter.rendered_subject = letter.rendered_text = letter.rendered_html = ""
    if letter.subject_kind == NUDGE and address_of(letter):
        letter.channel = Channel.EMAIL
        letter.state = LetterState.RETRY if letter.attempts else LetterState.PENDING
        letter.next_attempt_at, letter.reason, letter.ended_at = now, "", None
    else:
        letter.state, letter.reason = LetterState.CANCELLED, DeadEnd.DEVICE_GONE.value
        letter.next_attempt_at, letter.ended_at = None, now


@transaction.atomic
def choose_nudge_channel(*, client: Client, channel: Channel, by: User, now: dt.datetime) -> None:
    """How reminders come from now on; one that is under way keeps its way."""
    preferences, _ = ContactPreferences.objects.select_for_update().get_or_create(
        client=client, defaults={"clinic": client.clinic}
    )
    if preferences.nudge_channel == channel:
        return
    preferences.nudge_channel = channel
    preferences.save(update_fields=["nudge_channel"])
    record_audit(
        clinic=client.clinic,
        verb="reminders_channel_chosen",
        subject_kind="client",
        subject_id=client.pk,
        by=by,
        now=now,
        client=client,
        details={"channel": str(channel)},
    )


def queue_device_test(
    *, subscription: PushSubscription, membership: Membership | None, client: Client | None, now: dt.datetime
) -> Letter | None:
    """A letter to this one device that it works; asked for twice in a minute, it is one."""
    place = membership or client
    if place is None:
        return None
    return queue_letter(
        clinic=place.clinic,
        kind="device-test",
        audience=Audience.STAFF if membership is not None else Audience.CLIENT,
        membership=membership,
        client=None if membership is not None else client,
        subject_kind="device",
        subject_id=subscription.pk,
        params={"path": reverse("post:devices")},
        due_at=now,
        expires_at=now + TEST_IS_GOOD,
        dedupe_key=f"device-test:{subscription.pk}:{int(now.timestamp()) // 60}",
        channel=Channel.PUSH,
        subscription=subscription,
        now=now,
    )


def _record(verb: str, user: User, pk: int, clinic: Clinic, now: dt.datetime) -> None:
    record_audit(clinic=clinic, verb=verb, subject_kind="push_subscription", subject_id=pk, by=user, now=now)
