"""Taking letters in hand: one statement, so that two senders never take the same one."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import connection, transaction

from ..models import KillSwitch, Letter
from ..rules import NUDGE, LetterState

# Longer than a round may last (PATIENCE_SECONDS and one slow letter), and short: what a killed sender
# held waits this long.
LEASE = dt.timedelta(seconds=90)


@dataclass(frozen=True)
class Claim:
    """A lease on some letters; only its token may hand them off."""

    token: UUID
    until: dt.datetime
    letters: list[Letter]


def claim_letters(*, now: dt.datetime, limit: int) -> Claim:
    """Lease up to `limit` due letters; those that are no nudge go first.

    Letters of a clinic that stopped its post are passed over and keep waiting.
    """
    token, until = uuid4(), now + LEASE
    with transaction.atomic():
        taken = _take(token, until, now, limit, nudges=False)
        if taken < limit:
            taken += _take(token, until, now, limit - taken, nudges=True)
    if not taken:
        return Claim(token, until, [])
    mine = Letter.objects.filter(state=LetterState.CLAIMED, lease_until=until, lease_token=token)
    letters = mine.select_related("clinic", "client__preferences", "client__user", "membership__user").order_by(
        "next_attempt_at", "pk"
    )
    return Claim(token, until, list(letters))


def _take(token: UUID, until: dt.datetime, now: dt.datetime, limit: int, *, nudges: bool) -> int:
    stopped = KillSwitch.objects.on_at(now).filter(scope__in=["all", "nudges"] if nudges else ["all"])
    clinics = sorted(set(stopped.values_list("clinic_id", flat=True)))
    held = f" AND clinic_id NOT IN ({', '.join(['%s'] * len(clinics))})" if clinics else ""
    lock = " FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    due = (
        "SELECT id FROM post_letter WHERE state IN ('pending', 'retry') AND next_attempt_at <= %s"  # noqa: S608 (no value is in it)
        f" AND subject_kind {'=' if nudges else '<>'} %s{held} ORDER BY next_attempt_at LIMIT %s{lock}"
    )
    # An array keeps PostgreSQL from running the inner statement once per row, which would break the limit.
    chosen = f"ANY(ARRAY({due}))" if connection.vendor == "postgresql" else f"({due})"
    those = "=" if connection.vendor == "postgresql" else "IN"
    statement = (
        "UPDATE post_letter SET state = 'claimed', lease_token = %s, lease_until = %s"  # noqa: S608 (no value is in it)
        f" WHERE id {those} {chosen} RETURNING id"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [
                Letter._meta.get_field("lease_token").get_db_prep_value(token, connection),
                connection.ops.adapt_datetimefield_value(until),
                connection.ops.adapt_datetimefield_value(now),
                NUDGE,
                *clinics,
                limit,
            ],
        )
        return len(cursor.fetchall())
