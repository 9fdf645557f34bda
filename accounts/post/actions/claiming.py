"""Taking letters in hand: one statement, so that two senders never take the same one."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import connection, transaction

from ..models import KillSwitch, Letter
from ..rules import NUDGE, LetterState

# What a killed sender held waits this long. A slow sender whose lease ran out finds its token gone and
# hands nothing off, so the lease need not outlast a round; past hand-off it outlasts a server's silence.
LEASE = dt.timedelta(seconds=30)
HAND_OFF_LEASE = dt.timedelta(seconds=60)


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
        taken = _take(token, until, now, limit)
    if not taken:
        return Claim(token, until, [])
    mine = Letter.objects.filter(state=LetterState.CLAIMED, lease_until=until, lease_token=token)
    letters = mine.select_related("clinic", "client__preferences", "client__user", "membership__user")
    return Claim(token, until, sorted(letters, key=lambda letter: (letter.subject_kind == NUDGE, letter.due_at)))


def _take(token: UUID, until: dt.datetime, now: dt.datetime, limit: int) -> int:
    held, clinics = _passed_over(now)
    lock = " FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    due = (
        "SELECT id FROM post_letter WHERE state IN ('pending', 'retry') AND next_attempt_at <= %s"  # noqa: S608
        f"{held} ORDER BY (subject_kind = %s), next_attempt_at LIMIT %s{lock}"
    )
    # An array keeps PostgreSQL from running the inner statement once per row, which would break the limit.
    chosen = f"= ANY(ARRAY({due}))" if connection.vendor == "postgresql" else f"IN ({due})"
    statement = (
        "UPDATE post_letter SET state = 'claimed', lease_token = %s, lease_until = %s"  # noqa: S608 (no value is in it)
        f" WHERE id {chosen} RETURNING id"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [
                Letter._meta.get_field("lease_token").get_db_prep_value(token, connection),
                connection.ops.adapt_datetimefield_value(until),
                connection.ops.adapt_datetimefield_value(now),
                *clinics,
                NUDGE,
                limit,
            ],
        )
        return len(cursor.fetchall())


HAND_OFF = """
UPDATE post_letter SET state = 'handoff', attempts = attempts + 1, lease_until = %s
WHERE id = %s AND state = 'claimed' AND lease_token = %s AND (expires_at IS NULL OR expires_at > %s)
AND NOT EXISTS (
    SELECT 1 FROM post_killswitch k WHERE k.clinic_id = post_letter.clinic_id AND k.lifted_at IS NULL
    AND k.from_at <= %s AND k.until_at > %s AND (k.scope = 'all' OR post_letter.subject_kind = %s))
AND NOT (subject_kind = %s AND EXISTS (
    SELECT 1 FROM post_contactpreferences p
    WHERE p.client_id = post_letter.client_id AND p.unsubscribed_at IS NOT NULL))
"""


def move_to_handoff(letter: Letter, token: UUID, *, now: dt.datetime) -> bool:
    """The last look before the text is given: is the letter still ours, in time, and wanted?

    One statement with everything that may have taken it back; whoever commits first wins.
    """
    at = connection.ops.adapt_datetimefield_value(now)
    values = [
        connection.ops.adapt_datetimefield_value(now + HAND_OFF_LEASE),
        letter.pk,
        Letter._meta.get_field("lease_token").get_db_prep_value(token, connection),
        *[at] * 3,
        *[NUDGE] * 2,
    ]
    with connection.cursor() as cursor:
        cursor.execute(HAND_OFF, values)
        return bool(cursor.rowcount == 1)


def _passed_over(now: dt.datetime) -> tuple[str, list[int | str]]:
    """The condition that leaves out the letters of clinics that stopped them, with its values."""
    stops = list(KillSwitch.objects.on_at(now).values_list("scope", "clinic_id"))
    if not stops:
        return "", []
    everything = sorted({clinic for scope, clinic in stops if scope == "all"})
    nudges = sorted({clinic for _, clinic in stops})
    marks = ", ".join(["%s"] * len(nudges))
    condition = f" AND NOT (subject_kind = %s AND clinic_id IN ({marks}))"
    values: list[int | str] = [NUDGE, *nudges]
    if everything:
        condition += f" AND clinic_id NOT IN ({', '.join(['%s'] * len(everything))})"
        values += everything
    return condition, values
