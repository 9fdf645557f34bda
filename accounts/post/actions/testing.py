"""A letter that shows its reader what letters look like, and that they arrive. It is about nobody."""

import datetime as dt

from accounts.people.models import Client, Clinic, Membership

from ..models import Letter
from ..rules import TEST, Audience
from .queueing import queue_letter

TESTS_AN_HOUR = 5
HOUR = dt.timedelta(hours=1)


class TooManyTests(Exception):
    """Enough of them for this hour."""


def send_test(
    *,
    clinic: Clinic,
    kind: str,
    client: Client | None = None,
    membership: Membership | None = None,
    params: dict[str, object] | None = None,
    limit: int = TESTS_AN_HOUR,
    now: dt.datetime,
) -> Letter:
    """Write a test letter of this kind to one person; it goes out by the way of all letters.

    Raises:
        TooManyTests: this person had `limit` of them in the last hour.
    """
    recipient = client or membership
    if recipient is None:
        raise ValueError("a test letter needs somebody to read it")
    recent = Letter.objects.filter(
        subject_kind=TEST, subject_id=recipient.pk, client=client, membership=membership, created_at__gt=now - HOUR
    )
    if recent.count() >= limit:
        raise TooManyTests
    audience = Audience.CLIENT if client is not None else Audience.STAFF
    return queue_letter(
        clinic=clinic,
        kind=kind,
        audience=audience,
        client=client,
        membership=membership,
        subject_kind=TEST,
        subject_id=recipient.pk,
        params=params or {"path": "/"},
        due_at=now,
        expires_at=now + HOUR,
        dedupe_key=f"test:{audience}:{recipient.pk}:{kind}:{now.isoformat()}",
        now=now,
    )
