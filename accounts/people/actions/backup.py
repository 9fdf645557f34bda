"""The backup contact confirms the address by a link in a letter; until then no case goes there."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.people.models import Clinic, User
from accounts.people.rules import BACKUP_LINK_LASTS, InvitationStanding, standing_of

from .audit import record_audit
from .links import link_token, read_link

SALT = "people.backup.link"


class NoBackupNamed(Exception):
    """The clinic has no address to ask."""


class BackupConfirmed(Exception):
    """The address is confirmed: there is nothing to ask."""


@dataclass(frozen=True)
class FoundBackup:
    """The clinic a link was made for, and the generation of the link."""

    clinic: Clinic
    generation: int

    def standing(self, now: dt.datetime) -> InvitationStanding:
        clinic = self.clinic
        is_current = self.generation == clinic.backup_generation
        return standing_of(
            now=now,
            opened_generation=self.generation,
            generation=clinic.backup_generation,
            expires_at=(clinic.backup_asked_at or clinic.created_at) + BACKUP_LINK_LASTS,
            is_accepted=clinic.has_backup and is_current,
            is_revoked=not clinic.backup_email,
        )


def backup_token(pk: int, generation: int) -> str:
    """What the link carries; `pk` is the clinic's."""
    return link_token(pk, generation, salt=SALT)


def find_backup(token: str) -> FoundBackup | None:
    """The clinic a link was made for, however it stands now; None when we never wrote this link."""
    read = read_link(token, salt=SALT)
    if read is None:
        return None
    pk, generation = read
    clinic = Clinic.objects.filter(pk=pk).first()
    return FoundBackup(clinic, generation) if clinic else None


@transaction.atomic
def ask_backup(*, clinic: Clinic, by: User, now: dt.datetime) -> Clinic:
    """Make a new link, good for a week; every older one stops working. The letter is written by whoever calls this.

    Raises:
        NoBackupNamed, BackupConfirmed: nobody is to be asked.
    """
    row = Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    if not row.backup_email:
        raise NoBackupNamed
    if row.has_backup:
        raise BackupConfirmed
    row.backup_generation += 1
    row.backup_asked_at = now
    row.save(update_fields=["backup_generation", "backup_asked_at"])
    _record("backup_asked", row, by, now)
    return row


@transaction.atomic
def confirm_backup(*, found: FoundBackup, now: dt.datetime) -> InvitationStanding:
    """Whoever reads that mailbox says yes; answers how the link stood. Only an open one changes anything."""
    row = Clinic.objects.select_for_update(no_key=True).get(pk=found.clinic.pk)
    standing = FoundBackup(row, found.generation).standing(now)
    if standing is InvitationStanding.OPEN:
        row.backup_confirmed_at = now
        row.save(update_fields=["backup_confirmed_at"])
        _record("backup_confirmed", row, None, now)
    return standing


def _record(verb: str, clinic: Clinic, by: User | None, now: dt.datetime) -> None:
    record_audit(clinic=clinic, verb=verb, subject_kind="clinic", subject_id=clinic.pk, by=by, now=now)
