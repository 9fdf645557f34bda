"""A client's own word on reminders."""

import datetime as dt

from django.db import transaction

from accounts.people.actions import record_audit
from accounts.people.models import Client, User

from ..models import ContactPreferences
from ..rules import NUDGE
from .queueing import cancel_letters


def own_preferences(client: Client) -> ContactPreferences:
    """The client's choices, to be changed in this transaction.

    The client's row is locked first: a reminder that is being written comes wholly before, and is then
    taken back, or wholly after, and then knows.
    """
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    preferences, _ = ContactPreferences.objects.get_or_create(client=client, defaults={"clinic": client.clinic})
    return preferences


@transaction.atomic
def unsubscribe(*, client: Client, by: User | None, now: dt.datetime) -> ContactPreferences:
    """No more nudges, from this moment on; those that wait are taken back. Twice is harmless."""
    preferences = own_preferences(client)
    if preferences.unsubscribed_at is None:
        preferences.unsubscribed_at = now
        preferences.save(update_fields=["unsubscribed_at"])
        _audit(client, "reminders_unsubscribed", by, now)
    cancel_letters(subject_kind=NUDGE, subject_ids=[client.pk], reason="unsubscribed", now=now)
    return preferences


@transaction.atomic
def resubscribe(*, client: Client, by: User, now: dt.datetime) -> None:
    """Reminders again; links of letters sent before stop working."""
    preferences = own_preferences(client)
    if preferences.unsubscribed_at is None:
        return
    preferences.unsubscribed_at = None
    preferences.generation += 1
    preferences.save(update_fields=["unsubscribed_at", "generation"])
    _audit(client, "reminders_resubscribed", by, now)


@transaction.atomic
def pause_reminders(*, client: Client, until_on: dt.date, by: User, now: dt.datetime) -> ContactPreferences:
    """None until that day of the client's own is over; what waits is taken back."""
    preferences = own_preferences(client)
    preferences.paused_until_on, preferences.chosen_at = until_on, now
    preferences.save(update_fields=["paused_until_on", "chosen_at"])
    cancel_letters(subject_kind=NUDGE, subject_ids=[client.pk], reason="client's choice", now=now)
    _audit(client, "reminders_paused", by, now)
    return preferences


def _audit(client: Client, verb: str, by: User | None, now: dt.datetime) -> None:
    record_audit(
        clinic=client.clinic, verb=verb, subject_kind="client", subject_id=client.pk, by=by, now=now, client=client
    )
