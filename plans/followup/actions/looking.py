"""Has anything changed that somebody must answer? Claimed in batches; the cost is what changed.

The claim and the judgement are one transaction: a crash between them leaves the client marked.
"""

import datetime as dt
import logging
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from accounts.people.actions import mark_needs_look
from accounts.people.models import Client
from plans.followup.models import Assessment, Watch
from plans.followup.rules import Finding, Log, Numbers, fold
from plans.journal.models import Session

from .calendars import numbers_of
from .cases import act_on_findings
from .reports import WINDOW, logs_of

log = logging.getLogger(__name__)

BATCH = 50
NEXT_LOOK = dt.timedelta(days=1)
AFTER_A_FAILURE = dt.timedelta(minutes=5)
DAY = dt.timedelta(days=1)


def sweep_looks(*, now: dt.datetime, limit: int = 1000) -> int:
    """Judge up to `limit` clients whose reports changed; answers how many were looked at."""
    _mark_due_watches(now, limit)
    looked = 0
    while looked < limit:
        count = _look_at_batch(now, min(BATCH, limit - looked))
        if not count:
            break
        looked += count
    return looked


def _mark_due_watches(now: dt.datetime, limit: int) -> None:
    """The second net: a client whose watch is due and who has a log that nobody has seen is marked."""
    due = list(Watch.objects.due(now).order_by("next_look_at").values_list("pk", "client_id")[:limit])
    if not due:
        return
    unseen = Session.objects.filter(client=OuterRef("client"), received_at__gt=OuterRef("looked_at"))
    watches = Watch.objects.filter(pk__in=[pk for pk, _ in due])
    for watch in watches.filter(Q(looked_at__isnull=True) | Exists(unseen)).select_related("client"):
        mark_needs_look(client=watch.client, now=now)
    watches.update(next_look_at=now + NEXT_LOOK)


@transaction.atomic
def _look_at_batch(now: dt.datetime, limit: int) -> int:
    ids = _claim(now, limit)
    if not ids:
        return 0
    clients = Client.objects.filter(pk__in=ids).select_related("clinic").order_by("pk")
    logs = logs_of(ids, now=now)
    numbers: dict[int, Numbers] = {}
    for client in clients:
        if client.clinic_id not in numbers:
            numbers[client.clinic_id] = numbers_of(client.clinic_id, now=now)
        try:
            with transaction.atomic():
                _look_at(client, logs.get(client.pk, []), numbers[client.clinic_id], now)
        except Exception:
            log.exception("client %s could not be judged", client.pk)
            mark_needs_look(client=client, now=now + AFTER_A_FAILURE)
    return len(ids)


def _claim(now: dt.datetime, limit: int) -> list[int]:
    """Clear the mark of up to `limit` clients and keep their rows locked until the judgement is written."""
    # A lock that lets rows point at the client: a log that is being written waits only to mark it again.
    lock = " FOR NO KEY UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    due = (
        "SELECT id FROM people_client"  # noqa: S608 (no value is in it)
        " WHERE needs_look_since IS NOT NULL AND needs_look_since <= %s"
        f" ORDER BY needs_look_since LIMIT %s{lock}"
    )
    chosen = f"= ANY(ARRAY({due}))" if connection.vendor == "postgresql" else f"IN ({due})"
    statement = f"UPDATE people_client SET needs_look_since = NULL WHERE id {chosen} RETURNING id"  # noqa: S608 (no value is in it)
    with connection.cursor() as cursor:
        cursor.execute(statement, [connection.ops.adapt_datetimefield_value(now), limit])
        return [row[0] for row in cursor.fetchall()]


def _look_at(client: Client, logs: Sequence[Log], numbers: Numbers, now: dt.datetime) -> None:
    _watch(client, now)
    # By trigger too: a phone whose clock ran ahead wrote a log that was judged before its own day.
    recent = Q(judged_at__gte=now - WINDOW - 2 * DAY) | Q(trigger__in=[entry.trigger for entry in logs])
    known = Assessment.objects.filter(recent, client=client)
    judged: set[str] = set()
    seen: set[str] = set()
    for trigger, version, findings in known.values_list("trigger", "policy_version", "findings"):
        if version == numbers.version:
            judged.add(trigger)
        seen.update(finding["key"] for finding in findings)
    fresh = [entry for entry in sorted(logs, key=lambda entry: entry.performed_at) if entry.trigger not in judged]
    new = [finding for finding in fold(logs, numbers) if finding.key not in seen]
    if fresh or new:
        _write_assessments(client, fresh, new, numbers, now)
    if new and client.discharged_at is None:
        act_on_findings(client=client, findings=new, policy_version=numbers.version, now=now)


def _watch(client: Client, now: dt.datetime) -> None:
    """Every client in care has one, paused and locked ones too; it ends with the care."""
    if client.discharged_at is not None:
        Watch.objects.filter(client=client).delete()
        return
    fields = {"looked_at": now, "next_look_at": now + NEXT_LOOK}
    if not Watch.objects.filter(client=client).update(**fields):
        Watch.objects.create(client=client, clinic_id=client.clinic_id, **fields)


def _write_assessments(
    client: Client, fresh: Sequence[Log], new: Sequence[Finding], numbers: Numbers, now: dt.datetime
) -> None:
    """One row for each report read. A finding about an older report, made by a late or corrected or
    removed one, stands with the last report read, or with the day when there is none."""
    rows: dict[str, list[dict[str, object]]] = {entry.trigger: [] for entry in fresh}
    triggers = {entry.evidence: entry.trigger for entry in fresh}
    other = fresh[-1].trigger if fresh else f"day:{now.date().isoformat()}"
    for finding in new:
        rows.setdefault(triggers.get(finding.evidence, other), []).append(_as_json(finding))
    if not fresh:
        earlier = Assessment.objects.filter(client=client, trigger=other, policy_version=numbers.version).first()
        if earlier is not None:
            earlier.findings = [*earlier.findings, *rows[other]]
            earlier.save(update_fields=["findings"])
            return
    Assessment.objects.bulk_create(
        Assessment(
            clinic_id=client.clinic_id,
            client=client,
            trigger=trigger,
            policy_version=numbers.version,
            findings=findings,
            judged_at=now,
        )
        for trigger, findings in rows.items()
    )


def _as_json(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "key": finding.key,
        "family": finding.family,
        "urgency": finding.urgency,
        "message": finding.message,
        "params": finding.params,
        "readings": [reading.as_json() for reading in finding.readings],
    }
