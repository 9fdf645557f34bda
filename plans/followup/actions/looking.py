"""Has anything changed that somebody must answer? Claimed in batches; the cost is what changed.

The claim and the judgement are one transaction: a crash between them leaves the client marked.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from accounts.people.actions import mark_needs_look
from accounts.people.models import Client
from accounts.post.actions import say_work_failed
from accounts.post.rules import resolve
from plans.followup.models import Assessment, Review, Watch
from plans.followup.rules import (
    Care,
    Earlier,
    Finding,
    Found,
    Hint,
    Log,
    Numbers,
    Rule,
    by_calendar,
    fold,
    in_order,
    next_day,
    usual_of,
)
from plans.journal.models import Session

from .care import SENDING, care_of
from .cases import act_on_findings
from .judges import Judge, judges_of
from .lines import hand_down_own_lines
from .matching import hints_of_new_numbers
from .reports import WINDOW, logs_of
from .reviews import close_answered, open_reviews, reviews_of

log = logging.getLogger(__name__)

BATCH = 50
NEXT_LOOK = dt.timedelta(days=1)
AFTER_A_FAILURE = dt.timedelta(minutes=5)
DAY = dt.timedelta(days=1)
# Nobody is helped by a case that opens at midnight: a day begins for the calendar's rules at this time.
MORNING = dt.time(9)


@dataclass(frozen=True)
class Known:
    """What one client is judged by."""

    logs: Sequence[Log]
    care: Care
    reviews: Sequence[Review]
    judge: Judge
    looked_at: dt.datetime | None = None


def sweep_looks(*, now: dt.datetime, limit: int = 1000) -> int:
    """Judge up to `limit` clients whose reports changed; answers how many were looked at."""
    _mark_due_watches(now, limit)
    looked = 0
    while looked < limit:
        count = _look_carefully(now, min(BATCH, limit - looked))
        if not count:
            break
        looked += count
    return looked


def _mark_due_watches(now: dt.datetime, limit: int) -> None:
    """The calendar's turn, and the second net: a client whose watch is due is marked when time alone has
    brought something, or when there is a log that nobody has seen."""
    due = list(Watch.objects.due(now).order_by("next_look_at").values_list("pk", flat=True)[:limit])
    if not due:
        return
    unseen = Session.objects.filter(client=OuterRef("client"), received_at__gt=OuterRef("looked_at"))
    watches = Watch.objects.filter(pk__in=due)
    # Looked at in time to come, when the clock was wrong: what has come since is not seen.
    wanted = Q(looked_at__isnull=True) | Q(looked_at__gt=now) | Q(finds_at__lte=now) | Exists(unseen)
    for watch in watches.filter(wanted).select_related("client"):
        mark_needs_look(client=watch.client, now=now)
    tomorrow = now + NEXT_LOOK
    soon = When(finds_at__gt=now, finds_at__lt=tomorrow, then=F("finds_at"))
    watches.update(next_look_at=Case(soon, default=Value(tomorrow)))


def _look_carefully(now: dt.datetime, limit: int) -> int:
    """A batch at once; where one client spoils it for the others, each by itself, so that only that one waits."""
    try:
        return _look_at_batch(now, limit)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("a batch of clients could not be judged; now one by one")
    due = Client.objects.filter(needs_look_since__lte=now).order_by("needs_look_since")
    ids = list(due.values_list("pk", flat=True)[:limit])
    return sum(_look_alone(pk, now) for pk in ids)


def _look_alone(pk: int, now: dt.datetime) -> int:
    try:
        return _look_at_batch(now, 1, only=pk)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("client %s could not be judged", pk)
        _put_off(Client.objects.select_related("clinic").get(pk=pk), now)
        return 1


def _put_off(client: Client, now: dt.datetime) -> None:
    """It must not be tried hot for ever, nor unseen. A log that comes meanwhile brings the next try at once."""
    Client.objects.filter(pk=client.pk).update(needs_look_since=now + AFTER_A_FAILURE)
    say_work_failed(clinic=client.clinic, kind="look", pk=client.pk, now=now)


@transaction.atomic
def _look_at_batch(now: dt.datetime, limit: int, only: int | None = None) -> int:
    ids = _claim(now, limit, only)
    if not ids:
        return 0
    clients = list(Client.objects.filter(pk__in=ids).select_related("clinic").order_by("pk"))
    logs, care, reviews = logs_of(ids, now=now), care_of(clients, now=now), reviews_of(ids, now=now)
    judges = judges_of(clients, now=now)
    looked = dict(Watch.objects.filter(client__in=ids).values_list("client_id", "looked_at"))
    for client in clients:
        pk = client.pk
        known = Known(logs.get(pk, []), care[pk], reviews[pk], judges[pk], looked.get(pk))
        try:
            with transaction.atomic():
                _look_at(client, known, now)
        except (OperationalError, InterfaceError):
            raise  # it is not this client's: all of them stay marked
        except Exception:
            log.exception("client %s could not be judged", client.pk)
            _put_off(client, now)
    return len(ids)


def _claim(now: dt.datetime, limit: int, only: int | None) -> list[int]:
    """Clear the mark of up to `limit` clients and keep their rows locked until the judgement is written."""
    # A lock that lets rows point at the client: a log that is being written waits only to mark it again.
    lock = " FOR NO KEY UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    due = (
        "SELECT id FROM people_client"  # noqa: S608 (no value is in it)
        " WHERE needs_look_since IS NOT NULL AND (needs_look_since <= %s OR needs_look_since > %s)"
        f"{' AND id = %s' if only else ''} ORDER BY needs_look_since LIMIT %s{lock}"
    )
    chosen = f"= ANY(ARRAY({due}))" if connection.vendor == "postgresql" else f"IN ({due})"
    statement = f"UPDATE people_client SET needs_look_since = NULL WHERE id {chosen} RETURNING id"  # noqa: S608 (no value is in it)
    with connection.cursor() as cursor:
        # A mark further ahead than a failure puts it was made by a clock that has stepped back since.
        ahead = now + 2 * AFTER_A_FAILURE
        instants = [connection.ops.adapt_datetimefield_value(at) for at in (now, ahead)]
        cursor.execute(statement, [*instants, *([only] if only else []), limit])
        return [row[0] for row in cursor.fetchall()]


def _look_at(client: Client, known: Known, now: dt.datetime) -> None:
    judge = known.judge
    numbers, replaced = judge.numbers, judge.replaced
    _watch(client, known, now)
    hand_down_own_lines(client=client, numbers=numbers if numbers.override else None)
    read_by: dict[str, Numbers] = {}
    seen: set[str] = set()
    # By trigger too: a phone whose clock ran ahead wrote a log that was judged before its own day.
    recent = Q(judged_at__gte=now - WINDOW - 2 * DAY) | Q(trigger__in=[entry.trigger for entry in known.logs])
    earlier = Assessment.objects.filter(recent, client=client).order_by("pk")
    for trigger, version, override, findings in earlier.values_list(
        "trigger", "policy_version", "override", "findings"
    ):
        if trigger not in read_by:
            read_by[trigger] = judge.named(version, override)
        seen.update(finding["key"] for finding in findings)
    fresh = [entry for entry in sorted(known.logs, key=in_order) if entry.trigger not in read_by]
    found = fold(known.logs, numbers, known.care, Earlier(read_by, replaced))
    new = [each for each in found if each.key not in seen]
    if fresh or new:
        _write_assessments(client, fresh, new, numbers, now)
    if client.discharged_at is None:
        _act(client, found, new, known, now)


def _act(client: Client, found: Sequence[Found], new: Sequence[Found], known: Known, now: dt.datetime) -> None:
    """Cases for what a person must answer, reviews for what is worth a look."""
    numbers = known.judge.numbers
    cases = [each for each in new if isinstance(each, Finding)]
    if cases:
        act_on_findings(client=client, findings=cases, numbers=numbers, now=now)
    hints = [each for each in new if isinstance(each, Hint)]
    hints += hints_of_new_numbers(client, known.logs, known.care, known.judge, looked_at=known.looked_at)
    open_reviews(client=client, hints=hints, known=known.reviews, now=now)
    # What new numbers found of old silence opened no case, and is silence still.
    silence = by_calendar(usual_of(known.logs), known.care, numbers, today=known.care.today)
    close_answered(
        client=client,
        found=[*found, *silence],
        known=known.reviews,
        last_log_on=known.care.last_log_on,
        now=now,
    )


def _watch(client: Client, known: Known, now: dt.datetime) -> None:
    """Every client in care has one, paused and locked ones too; it ends with the care."""
    if client.discharged_at is not None:
        Watch.objects.filter(client=client).delete()
        return
    day = next_day(known.logs, known.care, known.judge.numbers, known.judge.replaced)
    turns = [resolve(day, MORNING, client.local_zone)] if day else []
    turns += [now + SENDING] if _is_silent_but_for_now(known) else []
    finds_at = min([*turns, *([known.judge.ends_at] if known.judge.ends_at else [])], default=None)
    fields = {"looked_at": now, "finds_at": finds_at, "next_look_at": min(finds_at or now + DAY, now + NEXT_LOOK)}
    if not Watch.objects.filter(client=client).update(**fields):
        Watch.objects.create(client=client, clinic_id=client.clinic_id, **fields)


def _is_silent_but_for_now(known: Known) -> bool:
    """Days of long ago have just come in: when no more of them come, this client will have been silent."""
    if not known.care.is_sending:
        return False
    alone = replace(known.care, is_sending=False)
    found = by_calendar(usual_of(known.logs), alone, known.judge.numbers, today=alone.today)
    return any(each.rule == Rule.SILENT for each in found)


def _write_assessments(
    client: Client, fresh: Sequence[Log], new: Sequence[Found], numbers: Numbers, now: dt.datetime
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
            override_id=numbers.override,
            findings=findings,
            judged_at=now,
        )
        for trigger, findings in rows.items()
    )


def _as_json(found: Found) -> dict[str, object]:
    opens: dict[str, object]
    if isinstance(found, Finding):
        opens = {"opens": "case", "family": found.family, "urgency": found.urgency}
    else:
        opens = {"opens": found.opens}
    return {
        "rule": found.rule,
        "key": found.key,
        **opens,
        "message": found.message,
        "params": found.params,
        "readings": [reading.as_json() for reading in found.readings],
    }
