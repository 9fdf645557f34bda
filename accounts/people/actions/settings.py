"""What a clinic says about itself: its name, hours, numbers, closed days and backup contact."""

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import transaction

from accounts.people.models import Clinic, ClinicClosure, User

from .audit import record_audit

SETTINGS = (
    "name",
    "zone",
    "phone",
    "emergency_number",
    "urgent_care_number",
    "crisis_number",
    "opening_hours",
    "backup_name",
    "backup_email",
    "backup_phone",
)


class SettingsMovedOn(Exception):
    """Somebody saved other settings since this page was opened."""


def settings_of(clinic: Clinic, *, today: dt.date) -> dict[str, Any]:
    """The settings as they are, with the closed days from today on."""
    closed = ClinicClosure.objects.filter(clinic=clinic, on__gte=today).order_by("on").values_list("on", flat=True)
    return {name: getattr(clinic, name) for name in SETTINGS} | {"closed_on": list(closed)}


def version_of(settings: dict[str, Any]) -> str:
    """Two pages that show the same settings have the same version."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True, default=str).encode()).hexdigest()[:16]


@transaction.atomic
def change_settings(
    *, clinic: Clinic, settings: dict[str, Any], version: str, by: User, now: dt.datetime, today: dt.date
) -> list[str]:
    """Save what differs from what the page showed; answers the names of what changed.

    Another address of the backup contact is one that nobody has confirmed yet.

    Raises:
        SettingsMovedOn: the settings are not those of `version` any more.
    """
    row = Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    known = settings_of(row, today=today)
    if version_of(known) != version:
        raise SettingsMovedOn
    changed = sorted(name for name in known if known[name] != settings[name])
    for name in SETTINGS:
        setattr(row, name, settings[name])
    if "backup_email" in changed:
        # What was confirmed was the other address, and so are the links that are under way.
        row.backup_confirmed_at = row.backup_asked_at = None
        row.backup_generation += 1
    row.save(update_fields=[*SETTINGS, "backup_confirmed_at", "backup_asked_at", "backup_generation"])
    _close_on(row, set(settings["closed_on"]), set(known["closed_on"]))
    if changed:
        record_audit(
            clinic=row,
            verb="settings_changed",
            subject_kind="clinic",
            subject_id=row.pk,
            by=by,
            now=now,
            details={"changed": changed},
        )
    return changed


def _close_on(clinic: Clinic, wanted: set[dt.date], known: set[dt.date]) -> None:
    ClinicClosure.objects.filter(clinic=clinic, on__in=known - wanted).delete()
    ClinicClosure.objects.bulk_create(ClinicClosure(clinic=clinic, on=on) for on in sorted(wanted - known))
