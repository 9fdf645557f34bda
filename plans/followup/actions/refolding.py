"""Is everything that a person must answer in a case, and does every case rest on something? Changes nothing.

The clients that were read last are judged anew by the same rules. Only what is sure is said: findings of one log
depend on nothing but that log and the numbers it was read by; the others may move with the window of 60 days,
so of them only the case is asked for.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from accounts.people.models import Client
from plans.followup.models import Assessment, Escalation, EscalationEvent, Watch
from plans.followup.rules import Care, EscalationAct, Finding, Log, Rule, in_order
from plans.followup.rules.judging import at_moment, moments
from plans.journal.models import Session

from .care import care_of
from .judges import Judge, judges_of
from .reports import logs_of

EVIDENCE = [EscalationAct.RAISE, EscalationAct.RISE, EscalationAct.REOPEN, EscalationAct.EVIDENCE]
OF_ONE_LOG = frozenset({Rule.RED_FLAG, Rule.VERY_SEVERE, Rule.ADVERSE_EVENT, Rule.ASKED_FOR_HELP})
JUDGED = dt.timedelta(days=14)

Missing = tuple[int, int, str]
"""Clinic, client, and what is missing."""


@dataclass
class Record:
    """What stands in the rows about one client: findings by key and by rule, and the rules that cases answer."""

    numbers_of: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    found: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)
    by_engine: set[str] = field(default_factory=set)


def unaccounted_findings(*, now: dt.datetime, late: dt.datetime, limit: int) -> Iterator[Missing]:
    """Findings without an assessment or a case, cases without a finding or a reading: of the `limit` clients read
    last. Who has written something since `late` is left to the next round."""
    clients = _read_last(limit, late)
    records = _records(clients)
    suspects = [*_without_case(clients, records, now), *_without_finding(clients, records), *_without_reading(clients)]
    if suspects:
        settled = _settled([client for _, client, _ in suspects], late)
        yield from (suspect for suspect in suspects if suspect[1] in settled)


def _read_last(limit: int, late: dt.datetime) -> list[Client]:
    newest = Assessment.objects.filter(judged_at__lt=late).order_by("-pk").values_list("client_id", flat=True)
    ids = list(dict.fromkeys(newest[: limit * 5]))[:limit]
    settled = Client.objects.filter(pk__in=ids, needs_look_since__isnull=True, discharged_at__isnull=True)
    return list(settled.select_related("clinic"))


def _settled(clients: Collection[int], late: dt.datetime) -> set[int]:
    """Those about whom nothing has changed meanwhile: they are not marked, and were read some time ago."""
    read = Watch.objects.filter(client__in=clients, looked_at__lt=late).values("client")
    return set(Client.objects.filter(pk__in=read, needs_look_since__isnull=True).values_list("pk", flat=True))


def _records(clients: Collection[Client]) -> dict[int, Record]:
    ids = [client.pk for client in clients]
    records: dict[int, Record] = defaultdict(Record)
    read = Assessment.objects.filter(client__in=ids).order_by("pk")
    for client, trigger, version, override, findings in read.values_list(
        "client_id", "trigger", "policy_version", "override", "findings"
    ):
        record = records[client]
        record.numbers_of.setdefault(trigger, (version, override))
        for finding in findings:
            record.keys.add(finding["key"])
            if finding.get("opens") == "case":
                record.found.add(finding["rule"])
    events = EscalationEvent.objects.filter(escalation__client__in=ids, act__in=EVIDENCE)
    for client, details in events.values_list("escalation__client_id", "details"):
        records[client].answered.add(str(details.get("rule", "")))
    for client, details in events.filter(by__isnull=True).values_list("escalation__client_id", "details"):
        records[client].by_engine.add(str(details.get("rule", "")))
    return records


def _without_case(clients: Collection[Client], records: dict[int, Record], now: dt.datetime) -> Iterator[Missing]:
    ids = [client.pk for client in clients]
    logs, care, judges = logs_of(ids, now=now), care_of(clients, now=now), judges_of(clients, now=now)
    for client in clients:
        record = records[client.pk]
        for finding in _found_anew(logs.get(client.pk, []), care[client.pk], judges[client.pk], record, now):
            if finding.rule in OF_ONE_LOG and finding.key not in record.keys:
                yield client.clinic_id, client.pk, f"the finding {finding.key} is in no assessment"
            elif finding.rule not in record.answered:
                yield client.clinic_id, client.pk, f"the finding {finding.key} has no case"


def _found_anew(logs: list[Log], care: Care, judge: Judge, record: Record, now: dt.datetime) -> Iterator[Finding]:
    """What the logs of the last days say that needs a person, each by the numbers it was read by."""
    read_by = {trigger: judge.named(*named) for trigger, named in record.numbers_of.items()}
    ordered = sorted((log for log in logs if log.performed_at <= now), key=in_order)
    for known in moments(ordered, judge.numbers, care, read_by):
        if known.log.performed_at > now - JUDGED:
            yield from (each for each in at_moment(known, care) if isinstance(each, Finding))


def _without_finding(clients: Collection[Client], records: dict[int, Record]) -> Iterator[Missing]:
    """What the engine did about a client, without saying why."""
    for client in clients:
        record = records[client.pk]
        for rule in sorted(record.by_engine - record.found):
            yield client.clinic_id, client.pk, f"a case for {rule} rests on no finding"


def _without_reading(clients: Collection[Client]) -> Iterator[Missing]:
    """A case may name a log that was taken back, but none that never was, or that is somebody else's."""
    ids = [client.pk for client in clients]
    named: dict[tuple[int, int], set[int]] = defaultdict(set)
    for clinic, client, readings in Escalation.objects.filter(client__in=ids).values_list(
        "clinic_id", "client_id", "readings"
    ):
        named[clinic, client] |= {int(row["session"]) for row in readings if row.get("session")}
    standing = set(Session.objects.filter(client__in=ids).values_list("client_id", "pk")) if named else set()
    for (clinic, client), sessions in named.items():
        for pk in sorted(sessions):
            if (client, pk) not in standing:
                yield clinic, client, f"a case rests on log {pk}, which is not this client's"
