"""A client's own word on reminders."""

import datetime as dt

from django.db import transaction

from accounts.people.actions import record_audit
from accounts.people.models import Client, User

from ..models import ContactPreferences
from ..rules import NUDGE
from .queueing import cancel_letters


@transaction.atomic
def unsubscribe(*, client: Client, by: User | None, now: dt.datetime) -> ContactPreferences:
    """No more nudges, from this moment on; those that wait are taken back. Twice is harmless."""
    preferences, _ = ContactPreferences.objects.select_for_update().get_or_create(
        client=client, defaults={"clinic": client.clinic}
    )
    if preferences.unsubscribed_at is None:
        preferences.unsubscribed_at = now
        preferences.save(update_fields=["unsubscribed_at"])
        record_audit(
            clinic=client.clinic,
            verb="reminders_unsubscribed",
            subject_kind="client",
            subject_id=client.pk,
            by=by,
            now=now,
            client=client,
        )
    cancel_letters(subject_kind=NUDGE, subject_ids=[client.pk], reason="unsubscribed", now=now)
    return preferences


@transaction.atomic
def resubscribe(*, client: Client, by: User, now: dt.datetime) -> None:
    """Reminders again; links of letters sent before stop working."""
    preferences = ContactPreferences.objects.select_for_update().filter(client=client).first()
    if preferences is None or preferences.unsubscribed_at is None:
        return
    preferences.unsubscribed_at = None
    preferences.generation += 1
    preferences.save(update_fields=["unsubscribed_at", "generation"])
    record_audit(
        clinic=client.clinic,
        verb="reminders_resubscribed",
        subject_kind="client",
        subject_id=client.pk,
        by=by,
        now=now,
        client=client,
    )
