"""Writing a letter down, and taking it back before it leaves."""

import copy
import datetime as dt
from collections.abc import Iterable
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.people.models import Client, Clinic, Membership

from ..models import Letter, PushSubscription
from ..rules import CASE, LIVE_STATES, NUDGE, Audience, Channel, LetterState, message_id


def queue_letter(
    *,
    clinic: Clinic,
    kind: str,
    audience: Audience | str,
    client: Client | None = None,
    membership: Membership | None = None,
    subject_kind: str,
    subject_id: int,
    generation: int = 1,
    tier: int = 0,
    params: dict[str, object] | None = None,
    due_at: dt.datetime,
    expires_at: dt.datetime | None = None,
    dedupe_key: str,
    now: dt.datetime,
    channel: Channel | str | None = None,
    subscription: PushSubscription | None = None,
) -> Letter:
    """Write a letter into the outbox; the same `dedupe_key` again answers the row that is there.

    Without a `channel` a reminder goes the way its reader chose, and a letter about a case by mail and,
    as letters of their own, to every device its reader turned on. A client without an address that works is
    written to on a device alone. Call it inside the transaction of what
    it tells about. `params` holds ids, a path and names of clinics: never health data.
    """
    known = Letter.objects.filter(dedupe_key=dedupe_key).first()
    if known is not None:
        return known
    device = _device_instead_of_mail(client, subject_kind) if channel is None else subscription
    letter = Letter(
        clinic=clinic,
        kind=kind,
        channel=channel or (Channel.PUSH if device else Channel.EMAIL),
        subscription=device,
        audience=audience,
        client=client,
        membership=membership,
        subject_kind=subject_kind,
        subject_id=subject_id,
        generation=generation,
        tier=tier,
        params=params or {},
        dedupe_key=dedupe_key,
        message_id=message_id(dedupe_key, secret=settings.SECRET_KEY, domain=settings.MESSAGE_ID_DOMAIN),
        created_at=now,
        due_at=due_at,
        expires_at=expires_at,
        state=LetterState.PENDING,
        next_attempt_at=due_at,
    )
    try:
        with transaction.atomic():
            letter.save(force_insert=True)
    except IntegrityError:
        # Somebody wrote it between our look and our insert; any other refusal is raised by the get.
        return Letter.objects.get(dedupe_key=dedupe_key)
    if channel is None and subject_kind == CASE:
        copy_to_devices(letter)
    return letter


def copy_to_devices(letter: Letter) -> int:
    """The same letter to every device of its reader, each once for ever; answers how many are new."""
    devices = PushSubscription.objects.filter(user__in=_readers(letter)) if settings.WEB_PUSH else []
    copies = []
    for device in devices:
        if device.pk == letter.subscription_id:
            continue
        twin = copy.copy(letter)
        twin.pk, twin.uuid, twin.subscription, twin.channel = None, uuid4(), device, Channel.PUSH
        twin.dedupe_key = f"{letter.dedupe_key}:push:{device.pk}"[:200]
        twin.message_id = message_id(twin.dedupe_key, secret=settings.SECRET_KEY, domain=settings.MESSAGE_ID_DOMAIN)
        twin._state = copy.copy(letter._state)
        copies.append(twin)
    return len(Letter.objects.bulk_create(copies, ignore_conflicts=True))


def _readers(letter: Letter) -> list[int]:
    """The user ids of those this letter is for; a backup contact has no sign-in."""
    if letter.membership is not None:
        return [letter.membership.user_id]
    if letter.client is not None:
        return [pk for pk in (letter.client.user_id, letter.client.guardian_id) if pk is not None]
    return []


def can_be_reached(client: Client) -> bool:
    """Has this client an address that works, or a device that takes letters?"""
    return client.has_mail or newest_device_of(client) is not None


def newest_device_of(client: Client) -> PushSubscription | None:
    """The device that the client, or who acts for them, turned on last."""
    if not settings.WEB_PUSH:
        return None
    users = [pk for pk in (client.user_id, client.guardian_id) if pk is not None]
    return PushSubscription.objects.filter(user__in=users).newest_first().first()


def _device_instead_of_mail(client: Client | None, subject_kind: str) -> PushSubscription | None:
    """Where a letter goes without a mail: a reminder that is wanted there, or anything where mail does not arrive."""
    if client is None or subject_kind not in {NUDGE, CASE}:
        return None
    preferences = getattr(client, "preferences", None)
    wants_push = subject_kind == NUDGE and preferences is not None and preferences.nudge_channel == Channel.PUSH
    return newest_device_of(client) if wants_push or not client.has_mail else None


def cancel_letters(*, subject_kind: str, subject_ids: Iterable[int], reason: str, now: dt.datetime) -> int:
    """Take back every letter about these subjects that was not handed off yet; answers how many.

    A claimed letter loses its token, so that whoever holds it finds nothing to hand off. One that is being given
    at this moment may arrive; its time ends now, so that “not now” or no answer brings no second try.
    """
    takeable = sorted(LIVE_STATES - {LetterState.HANDOFF})
    letters = Letter.objects.about(subject_kind, list(subject_ids))
    taken = letters.filter(state__in=takeable).update(
        state=LetterState.CANCELLED,
        reason=reason[:200],
        ended_at=now,
        next_attempt_at=None,
        lease_token=None,
        lease_until=None,
    )
    letters.filter(state=LetterState.HANDOFF).update(expires_at=now)
    return taken
