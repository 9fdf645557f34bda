"""Taking letters in hand: one statement, so that two senders never take the same one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
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
    letters = mine.select_related(
        "clinic", "client__preferences", "client__user", "membership__user", "subscription__user"
    )
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
                _token(token),
                connection.ops.adapt_datetimefield_value(until),
                connection.ops.adapt_datetimefield_value(now),
                *clinics,
                NUDGE,
                limit,
            ],
        )
        return len(cursor.fetchall())


def freeze_words(letters: Sequence[Letter], token: UUID, *, words: tuple[str, str, str]) -> None:
    """One statement writes each letter's own address and the words (subject, text, HTML) they share."""
    rows = ", ".join(["(%s, %s)"] * len(letters))
    statement = (
        "UPDATE post_letter SET address = a.column2, rendered_subject = %s, rendered_text = %s, rendered_html = %s"  # noqa: S608
        f" FROM (VALUES {rows}) AS a WHERE post_letter.id = a.column1 AND post_letter.lease_token = %s"
    )
    addresses = [value for letter in letters for value in (letter.pk, letter.address)]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*words, *addresses, _token(token)])


HAND_OFF = """
UPDATE post_letter SET state = 'handoff', attempts = attempts + 1, lease_until = %s
WHERE id = %s AND state = 'claimed' AND lease_token = %s AND (expires_at IS NULL OR expires_at > %s)
AND NOT EXISTS (
    SELECT 1 FROM post_killswitch k WHERE k.clinic_id = post_letter.clinic_id AND k.lifted_at IS NULL
    AND k.from_at <= %s AND (k.until_at IS NULL OR k.until_at > %s)
    AND (k.scope = 'all' OR post_letter.subject_kind = %s))
AND NOT (subject_kind = %s AND EXISTS (
    SELECT 1 FROM post_contactpreferences p
    WHERE p.client_id = post_letter.client_id AND p.unsubscribed_at IS NOT NULL))
"""


BEGUN = """
INSERT INTO post_delivery (letter_id, number, channel, began_at, handed_off_at, outcome, answer)
SELECT id, attempts, %s, %s, %s, '', '' FROM
"""


def move_to_handoff(letter: Letter, token: UUID, *, now: dt.datetime) -> bool:
    """The last look before the text is given: is the letter still ours, in time, and wanted?

    One statement with everything that may have taken it back, and the attempt begun by it; whoever
    commits first wins.
    """
    at, own = connection.ops.adapt_datetimefield_value(now), _token(token)
    values = [connection.ops.adapt_datetimefield_value(now + HAND_OFF_LEASE), letter.pk, own, *[at] * 3, *[NUDGE] * 2]
    return _both(HAND_OFF, values, BEGUN + "{moved}", [letter.channel, at, at], letter.pk)


TAKEN = """
UPDATE post_letter SET state = 'sent', reason = '', sent_at = %s, ended_at = %s, lease_token = NULL,
lease_until = NULL, next_attempt_at = NULL WHERE id = %s AND state = 'handoff' AND lease_token = %s
"""
ENDED = """
UPDATE post_delivery SET ended_at = %s, outcome = 'sent', code = %s, answer = %s
WHERE ended_at IS NULL AND (letter_id, number) IN (SELECT id, attempts FROM {moved})
"""


def move_to_sent(letter: Letter, token: UUID, *, code: int | None, answer: str, now: dt.datetime) -> bool:
    """The mail server took it: end letter and attempt in one statement. False where the lease was lost."""
    at = connection.ops.adapt_datetimefield_value(now)
    return _both(TAKEN, [at, at, letter.pk, _token(token)], ENDED, [at, code, answer], letter.pk)


def _both(letter: str, values: list[Any], attempt: str, more: list[Any], pk: int) -> bool:
    """Change a letter and its attempt together or not at all; PostgreSQL does it in one round trip and commit."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            both = f"WITH moved AS ({letter} RETURNING id, attempts) {attempt.format(moved='moved')}"
            cursor.execute(both, [*values, *more])
            return bool(cursor.rowcount == 1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(letter, values)
        if cursor.rowcount != 1:
            return False
        cursor.execute(attempt.format(moved="post_letter WHERE id = %s"), [*more, pk])
        return bool(cursor.rowcount == 1)


def _token(token: UUID) -> Any:
    return Letter._meta.get_field("lease_token").get_db_prep_value(token, connection)


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
