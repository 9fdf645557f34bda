"""Writing to the backup contact: once to confirm the address, and when nobody of the clinic answers."""

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.people.actions import ask_backup, change_settings
from accounts.people.models import Clinic, Membership, User
from accounts.people.rules import BACKUP_LINK_LASTS

from ..models import Letter
from ..rules import BACKUP, CASE, Audience
from .queueing import cancel_letters, queue_letter


@transaction.atomic
def save_settings(
    *, clinic: Clinic, settings: dict[str, Any], version: str, by: User, now: dt.datetime, today: dt.date
) -> list[str]:
    """Save the settings; a new backup contact is asked to confirm the address. Raises what `change_settings` raises."""
    changed = change_settings(clinic=clinic, settings=settings, version=version, by=by, now=now, today=today)
    if "backup_email" in changed:
        cancel_letters(subject_kind=BACKUP, subject_ids=[clinic.pk], reason="another address", now=now)
        if settings["backup_email"]:
            write_to_backup(clinic=clinic, by=by, now=now)
    return changed


@transaction.atomic
def write_to_backup(*, clinic: Clinic, by: User, now: dt.datetime) -> Letter:
    """The letter with the link that confirms the address; raises what `ask_backup` raises."""
    asked = ask_backup(clinic=clinic, by=by, now=now)
    cancel_letters(subject_kind=BACKUP, subject_ids=[clinic.pk], reason="a newer link", now=now)
    return queue_letter(
        clinic=asked,
        kind="backup-confirm",
        audience=Audience.BACKUP,
        subject_kind=BACKUP,
        subject_id=asked.pk,
        generation=asked.backup_generation,
        params={"words": {"person": by.name}},
        due_at=now,
        expires_at=now + BACKUP_LINK_LASTS,
        dedupe_key=f"backup:{asked.pk}:{asked.backup_generation}",
        now=now,
    )


def tell_backup(
    *, clinic: Clinic, subject_id: int, generation: int, tier: int, dedupe_key: str, now: dt.datetime
) -> Letter:
    """A case waits: whom to call, and nothing to open, as somebody outside the staff could open nothing."""
    owners = Membership.objects.owners().filter(clinic=clinic).select_related("user").order_by("pk")
    return queue_letter(
        clinic=clinic,
        kind="backup-case",
        audience=Audience.BACKUP,
        subject_kind=CASE,
        subject_id=subject_id,
        generation=generation,
        tier=tier,
        params={"words": {"person": ", ".join(str(owner.user) for owner in owners)}},
        due_at=now,
        dedupe_key=dedupe_key,
        now=now,
    )
