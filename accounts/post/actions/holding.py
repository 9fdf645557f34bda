"""A database that came out of a backup must not send what the real one sent long ago: a person says when."""

import datetime as dt

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Case, Value, When

from accounts.people.actions import record_audit
from accounts.people.models import Clinic, User

from ..models import KillSwitch, Letter
from ..rules import LetterState

NUMBERS_LEFT_OUT = 1_000_000
"""More rows than any table gains between a backup and the day it is needed."""
NOT_GIVEN_YET = [LetterState.PENDING, LetterState.RETRY, LetterState.CLAIMED]


@transaction.atomic
def hold_letters(*, reason: str, now: dt.datetime) -> int:
    """Nothing leaves any clinic until somebody of it releases; answers how many letters were waiting.

    A letter in hand loses its lease. Held twice, it is held once.
    """
    leave_numbers_out()
    for clinic in Clinic.objects.exclude(pk__in=KillSwitch.objects.holds().values("clinic")):
        switch = KillSwitch.objects.create(clinic=clinic, scope="all", reason=reason[:200], from_at=now)
        record_audit(
            clinic=clinic, verb="letters_held", subject_kind="kill_switch", subject_id=switch.pk, by=None, now=now
        )
    waiting = Letter.objects.filter(state__in=NOT_GIVEN_YET)
    return waiting.update(state=LetterState.HELD, next_attempt_at=None, lease_token=None, lease_until=None)


def leave_numbers_out() -> None:
    """No new row gets the number of one that came after the backup and is lost.

    Message-IDs and the links in letters are made of row numbers: a new case under a lost one's Message-ID is a
    letter that many mailboxes throw away unread, and a lost client's link would open somebody else's page.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in apps.get_models(include_auto_created=True):
                for sequence in connection.introspection.get_sequences(cursor, model._meta.db_table):
                    name = sequence["name"]
                    cursor.execute("SELECT setval(%s, nextval(%s) + %s)", [name, name, NUMBERS_LEFT_OUT])
            return
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s", [NUMBERS_LEFT_OUT])
        for model in apps.get_models(include_auto_created=True):
            # A table that never had a row is not in it yet.
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT %s, %s"
                " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = %s)",
                [model._meta.db_table, NUMBERS_LEFT_OUT, model._meta.db_table],
            )


@transaction.atomic
def release_held(*, clinic: Clinic, drop: bool, by: User, now: dt.datetime) -> int:
    """What was held goes out, or is dropped: the person knows what the real clinic had sent already."""
    held = Letter.objects.filter(clinic=clinic, state=LetterState.HELD)
    if drop:
        moved = held.update(state=LetterState.CANCELLED, reason="dropped after a backup was restored", ended_at=now)
    else:
        tried = Case(
            When(attempts__gt=0, then=Value(LetterState.RETRY.value)), default=Value(LetterState.PENDING.value)
        )
        moved = held.update(state=tried, next_attempt_at=now)
    if moved:
        record_audit(
            clinic=clinic,
            verb="held_letters_dropped" if drop else "held_letters_released",
            subject_kind="clinic",
            subject_id=clinic.pk,
            by=by,
            now=now,
            details={"letters": moved},
        )
    return moved
