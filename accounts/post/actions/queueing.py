"""Writing a letter down, and taking it back before it leaves."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.people.models import Client, Clinic, Membership

from ..models import Letter
from ..rules import LIVE_STATES, Audience, Channel, LetterState, message_id


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
    channel: Channel | str = Channel.EMAIL,
) -> Letter:
    """Write a letter into the outbox; the same `dedupe_key` again answers the row that is there.

    Call it inside the transaction of what it tells about. `params` holds ids, a path and names of
    clinics: never health data.
    """
    known = Letter.objects.filter(dedupe_key=dedupe_key).first()
    if known is not None:
        return known
    letter = Letter(
        clinic=clinic,
        kind=kind,
        channel=channel,
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
    return letter


def cancel_letters(*, subject_kind: str, subject_ids: Iterable[int], reason: str, now: dt.datetime) -> int:
    """Take back every letter about these subjects that was not handed off yet; answers how many.

    A claimed letter loses its token, so that whoever holds it finds nothing to hand off.
    """
    takeable = sorted(LIVE_STATES - {LetterState.HANDOFF})
    return (
        Letter.objects.about(subject_kind, list(subject_ids))
        .filter(state__in=takeable)
        .update(
            state=LetterState.CANCELLED,
            reason=reason[:200],
            ended_at=now,
            next_attempt_at=None,
            lease_token=None,
            lease_until=None,
        )
    )
