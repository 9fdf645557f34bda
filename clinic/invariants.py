"""What must be true of the rows at every moment, as questions that answer the rows for which it is not.

Read-only. Each runs on SQLite and PostgreSQL; `audit_invariants` prints what it finds.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models

GRACE = dt.timedelta(minutes=5)
SHOWN = 20
LIVE = "('open', 'notified', 'acknowledged')"


@dataclass(frozen=True)
class Invariant:
    """`sql` answers one row for each violation, its first columns naming it. `:late` is five minutes ago."""

    id: str
    statement: str
    sql: str


@dataclass(frozen=True)
class Broken:
    invariant: Invariant
    rows: list[tuple[object, ...]]


INVARIANTS = (
    Invariant(
        "I3",
        "every accepted report is assessed within minutes",
        "SELECT s.id FROM journal_session s JOIN people_client c ON c.id = s.client_id"
        " WHERE s.removed_at IS NULL AND s.received_at < :late AND s.performed_at > :window"
        " AND c.discharged_at IS NULL AND NOT EXISTS (SELECT 1 FROM followup_assessment a"
        " WHERE a.client_id = s.client_id AND a.trigger = 'session:' || s.id || ':' || s.revision)",
    ),
    Invariant(
        "I5",
        "at most one live case for each client and family",
        f"SELECT client_id, family FROM followup_escalation WHERE state IN {LIVE}"  # noqa: S608 (no value is in it)
        " GROUP BY client_id, family HAVING COUNT(*) > 1",
    ),
    Invariant(
        "I6",
        "every unanswered case has a next step, every taken one a time to look again, none is overdue",
        "SELECT id, state FROM followup_escalation WHERE"
        " (state IN ('open', 'notified') AND (next_action_at IS NULL OR next_action_at < :late))"
        " OR (state = 'acknowledged' AND (follow_up_by IS NULL OR follow_up_by < :late))",
    ),
    Invariant(
        "I7",
        "no tier is told before the one below it",
        "SELECT e.escalation_id, e.generation, e.tier FROM followup_escalationevent e"
        " WHERE e.act = 'tell' AND e.tier > 1 AND NOT EXISTS (SELECT 1 FROM followup_escalationevent b"
        " WHERE b.escalation_id = e.escalation_id AND b.generation = e.generation AND b.act = 'tell'"
        " AND b.tier = e.tier - 1 AND b.sequence < e.sequence)",
    ),
    Invariant(
        "I8",
        "one letter for each dedupe key",
        "SELECT dedupe_key FROM post_letter GROUP BY dedupe_key HAVING COUNT(*) > 1",
    ),
    Invariant(
        "I9",
        "one letter for each Message-ID",
        "SELECT message_id FROM post_letter GROUP BY message_id HAVING COUNT(*) > 1",
    ),
    Invariant(
        "I10",
        "every letter that died or is uncertain is an incident the clinic can see",
        "SELECT l.id, l.state FROM post_letter l WHERE l.state IN ('dead', 'uncertain')"
        " AND NOT EXISTS (SELECT 1 FROM post_incident i WHERE i.letter_id = l.id)",
    ),
    Invariant(
        "I11",
        "a letter is given again only after an attempt that ended without an answer, or with a clear no",
        "SELECT a.letter_id, b.number FROM post_delivery a JOIN post_delivery b"
        " ON b.letter_id = a.letter_id AND b.number > a.number WHERE a.outcome IN ('sent', 'refused')",
    ),
    Invariant(
        "I12",
        "no letter written before a case was taken is handed off after it",
        "SELECT l.id, e.id FROM post_delivery d JOIN post_letter l ON l.id = d.letter_id"
        " JOIN followup_escalation e ON e.id = l.subject_id AND l.subject_kind = 'escalation'"
        " AND l.generation = e.generation"
        " WHERE d.handed_off_at > e.acked_at AND l.created_at < e.acked_at",
    ),
    Invariant(
        "I14",
        "the events of a case stand in one sequence without a gap, and the last that ends or reopens it is its state",
        "SELECT e.escalation_id, COUNT(*), MAX(e.sequence) FROM followup_escalationevent e"
        " GROUP BY e.escalation_id HAVING COUNT(*) <> MAX(e.sequence)"
        " UNION ALL SELECT c.id, 0, 0 FROM followup_escalation c WHERE (c.state = 'resolved') <>"
        " (COALESCE((SELECT v.act FROM followup_escalationevent v WHERE v.escalation_id = c.id"
        " AND v.act IN ('raise', 'resolve', 'reopen') ORDER BY v.sequence DESC LIMIT 1), '') = 'resolve')",
    ),
)


def parentage() -> Iterator[Invariant]:
    """I15 for every foreign key between two tables that both belong to a clinic."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            above = field.related_model
            if field.is_relation and field.name != "clinic" and above and _has_clinic(model) and _has_clinic(above):
                child, parent = model._meta.db_table, above._meta.db_table
                yield Invariant(
                    "I15",
                    f"{model._meta.label}.{field.name} stays in its clinic",
                    f'SELECT c.id, p.id FROM "{child}" c JOIN "{parent}" p ON p.id = c."{field.column}"'  # noqa: S608
                    " WHERE c.clinic_id IS NOT NULL AND c.clinic_id <> p.clinic_id",
                )


def _has_clinic(model: object) -> bool:
    return (
        isinstance(model, type)
        and issubclass(model, models.Model)
        and any(field.name == "clinic" for field in model._meta.concrete_fields)
    )


def broken(*, now: dt.datetime) -> list[Broken]:
    """The invariants that do not hold, with up to SHOWN rows each."""
    found = []
    for invariant in (*INVARIANTS, *parentage()):
        rows = _rows(invariant.sql, now)
        if rows:
            found.append(Broken(invariant, rows))
    return found


def _rows(sql: str, now: dt.datetime) -> list[tuple[object, ...]]:
    times = {":late": now - GRACE, ":window": now - dt.timedelta(days=60)}
    pieces, values = [], []
    for word in sql.replace(")", " )").split(" "):
        if word in times:
            pieces.append("%s")
            values.append(connection.ops.adapt_datetimefield_value(times[word]))
        else:
            pieces.append(word)
    with connection.cursor() as cursor:
        cursor.execute(" ".join(pieces) + f" LIMIT {SHOWN}", values)
        return list(cursor.fetchall())
