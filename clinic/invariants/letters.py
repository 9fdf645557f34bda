"""I8 to I13: one letter for each key, given once unless nobody answered, and not where it was no longer wanted."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Max

from accounts.people.models import AuditEvent
from accounts.post.models import Delivery
from accounts.post.rules import NUDGE, QUIET_FROM, QUIET_UNTIL, quiet_ends, zone_of

from .asking import SHOWN, Asked, Invariant, Row, by_sql

REMINDERS = 2000
LOOKED_BACK = dt.timedelta(days=2)

INVARIANTS = (
    Invariant(
        "I8",
        "one letter for each dedupe key",
        by_sql(
            "SELECT l.clinic_id, l.id, o.id FROM post_letter l JOIN post_letter o"
            " ON o.dedupe_key = l.dedupe_key AND o.id < l.id WHERE l.id :newest(post_letter)"
        ),
    ),
    Invariant(
        "I9",
        "one letter for each Message-ID",
        by_sql(
            "SELECT l.clinic_id, l.id, o.id FROM post_letter l JOIN post_letter o"
            " ON o.message_id = l.message_id AND o.id < l.id WHERE l.id :newest(post_letter)"
        ),
    ),
    Invariant(
        "I10",
        "every letter that died or is uncertain is an incident the clinic can see",
        by_sql(
            "SELECT l.clinic_id, l.id, l.state FROM post_letter l WHERE l.id :newest(post_letter)"
            " AND l.state IN ('dead', 'uncertain')"
            " AND NOT EXISTS (SELECT 1 FROM post_incident i WHERE i.letter_id = l.id)"
        ),
    ),
    Invariant(
        "I10",
        "no letter is left in a hand that let go of it, or waits an hour past its time unless its clinic stopped it",
        by_sql(
            "SELECT l.clinic_id, l.id, l.state FROM post_letter l"
            " WHERE l.state IN ('claimed', 'handoff') AND l.lease_until < :late"
            " UNION ALL SELECT l.clinic_id, l.id, l.state FROM post_letter l"
            " WHERE l.state IN ('pending', 'retry') AND l.next_attempt_at < :hour"
            " AND NOT EXISTS (SELECT 1 FROM post_killswitch k WHERE k.clinic_id = l.clinic_id"
            " AND k.from_at <= :now AND k.until_at > :late AND (k.lifted_at IS NULL OR k.lifted_at > :late))"
        ),
    ),
    Invariant(
        "I11",
        "a letter is handed over again only after no answer, “not now”, or a device that is no more",
        by_sql(
            "SELECT l.clinic_id, a.letter_id, b.number FROM post_delivery b JOIN post_delivery a"
            " ON a.letter_id = b.letter_id AND a.number < b.number JOIN post_letter l ON l.id = b.letter_id"
            " WHERE b.id :newest(post_delivery) AND a.outcome NOT IN ('ambiguous', 'retry', 'withdrawn', 'gone')"
        ),
    ),
    Invariant(
        "I12",
        "no letter about a case is handed over after somebody took the case or closed it",
        by_sql(
            "SELECT l.clinic_id, l.id, e.id FROM post_delivery d JOIN post_letter l ON l.id = d.letter_id"
            " JOIN followup_escalation e ON e.id = l.subject_id AND l.subject_kind = 'escalation'"
            " AND l.generation = e.generation WHERE d.id :newest(post_delivery)"
            " AND ((d.handed_off_at > e.acked_at AND l.created_at < e.acked_at)"
            " OR (d.handed_off_at > e.resolved_at AND l.created_at < e.resolved_at))"
        ),
    ),
    Invariant(
        "I12",
        "no reminder is handed over after its reader said no, or had written something down that day",
        by_sql(
            "SELECT l.clinic_id, l.id, 'unsubscribed' FROM post_delivery d JOIN post_letter l ON l.id = d.letter_id"
            " JOIN post_contactpreferences p ON p.client_id = l.client_id"
            " WHERE d.id :newest(post_delivery) AND l.subject_kind = 'nudge' AND d.handed_off_at > p.unsubscribed_at"
            " UNION ALL SELECT l.clinic_id, l.id, 'withdrawn' FROM post_delivery d"
            " JOIN post_letter l ON l.id = d.letter_id JOIN people_consent c ON c.client_id = l.client_id"
            " WHERE d.id :newest(post_delivery) AND l.subject_kind = 'nudge' AND c.purpose = 'reminders'"
            " AND d.handed_off_at > c.withdrawn_at AND NOT EXISTS (SELECT 1 FROM people_consent o"
            " WHERE o.client_id = c.client_id AND o.purpose = c.purpose AND o.given_at > c.withdrawn_at"
            " AND o.given_at <= d.handed_off_at)"
            " UNION ALL SELECT l.clinic_id, l.id, 'logged' FROM post_delivery d"
            " JOIN post_letter l ON l.id = d.letter_id JOIN followup_nudge n ON n.letter_id = l.id"
            " JOIN journal_session s ON s.client_id = n.client_id AND s.local_on = n.local_on"
            " WHERE d.id :newest(post_delivery) AND s.removed_at IS NULL AND s.received_at < d.handed_off_at"
            " AND s.received_at > l.created_at"
        ),
    ),
    Invariant(
        "I13",
        "no reminder is handed over in its reader's quiet hours, or twice on a day of theirs",
        lambda asked: list(_out_of_turn(asked))[:SHOWN],
    ),
)


def _out_of_turn(asked: Asked) -> Iterator[Row]:
    """Reminders handed over of late by the reader's clock: the rows alone don't know which day it is where."""
    since = asked.now - LOOKED_BACK
    rows = list(_handed_over(since))
    changed = _changed_at({row["letter__client_id"] for row in rows}, since)
    days: dict[tuple[int, dt.date], set[int]] = defaultdict(set)
    for row in rows:
        client, at = row["letter__client_id"], row["handed_off_at"]
        zone = zone_of(row["letter__client__zone"], row["letter__clinic__zone"])
        quiet = (
            row["letter__client__preferences__quiet_from"] or QUIET_FROM,
            row["letter__client__preferences__quiet_until"] or QUIET_UNTIL,
        )
        # Who has chosen other hours since is judged by hours that were not theirs then.
        if at >= changed.get(client, since) and quiet_ends(at, zone, *quiet) is not None:
            yield row["letter__clinic_id"], row["letter_id"], "in quiet hours"
        days[client, at.astimezone(zone).date()].add(row["letter_id"])
        if len(days[client, at.astimezone(zone).date()]) == 2:
            yield row["letter__clinic_id"], row["letter_id"], "a second one that day"


def _handed_over(since: dt.datetime) -> list[dict[str, Any]]:
    newest = Delivery.objects.filter(letter__subject_kind=NUDGE, handed_off_at__gte=since).order_by("-pk")
    ids = list(newest.values_list("pk", flat=True)[:REMINDERS])
    # A dict of anything: the stubs know each column, and no short name for all of them.
    rows: Any = (
        Delivery.objects.filter(pk__in=ids)
        .order_by("handed_off_at", "pk")
        .values(
            "letter_id",
            "handed_off_at",
            "letter__clinic_id",
            "letter__client_id",
            "letter__clinic__zone",
            "letter__client__zone",
            "letter__client__preferences__quiet_from",
            "letter__client__preferences__quiet_until",
        )
    )
    return list(rows)


def _changed_at(clients: set[int], since: dt.datetime) -> dict[int, dt.datetime]:
    chosen = AuditEvent.objects.filter(client__in=clients, at__gte=since, verb="reminders_chosen").order_by()
    return dict(chosen.values_list("client").annotate(Max("at")))
