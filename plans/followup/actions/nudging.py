"""At most one kind word a day to a client, at their own time, and none while something is in the way.

Each client in care is decided once a local day, when their own time has come; those whose time has not
come, or who have been decided, cost nothing but a look by one statement.
"""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from enum import Enum, auto

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, TimeField, Value
from django.db.models.functions import Coalesce

from accounts.people.models import Client, Consent
from accounts.people.rules import ConsentPurpose
from accounts.post.actions import can_be_reached, queue_letter, say_work_failed
from accounts.post.models import ContactPreferences, KillSwitch
from accounts.post.rules import NUDGE, REMINDER_TIME, Audience, zone_of
from plans.followup.models import Escalation, Nudge, Review, Watch
from plans.followup.rules import (
    ASKS,
    DROPPED_NO_ADDRESS,
    MORNING,
    STOP_REMINDERS,
    Drop,
    Later,
    NudgeDay,
    NudgeFacts,
    NudgeKind,
    NudgeState,
    Send,
    kind_of,
    nudge_step,
)
from plans.journal.models import Session
from plans.programs.models import PlannedSession, Program
from plans.programs.rules import ProgramState

from .nudge_days import days_without_the_spoilt, preferences_of
from .nudge_letters import params_of
from .settling import settle_nudges

log = logging.getLogger(__name__)

BATCH = 500
DAY = dt.timedelta(days=1)
LAST_LOOK = dt.timedelta(minutes=2)
# The stop is told though it is one, and day 3's question is the ladder's own step: both go by the week's
# four and not by its half, for two ignored reminders lead to that very question.
NOT_HALVED = frozenset({NudgeKind.STOPPED, NudgeKind.CHECK_IN})
Come = Callable[[dt.datetime], Q]


class Decided(Enum):
    """What became of one client's turn."""

    WRITTEN = auto()
    NOTHING = auto()
    LATER = auto()
    FAILED = auto()


def sweep_nudges(*, now: dt.datetime, limit: int = 20_000) -> int:
    """Decide every client whose own time has come; answers how many letters were written."""
    settle_nudges(now=now)
    written = 0
    for on, come in _days_now(now, _own_time_has_come).items():
        for clients in _batches(_ready(on, come, now), limit):
            written += _decide(clients, on, now)
    for on, come in _days_now(now, _morning_has_come).items():
        for clients in _batches(_after_a_session(on, come, now), limit):
            written += _decide(clients, on, now, only=NudgeKind.NEXT_MORNING)
    return written


def _days_now(now: dt.datetime, come: Come) -> dict[dt.date, Q]:
    """The local days there are on earth now, two or three, each with the clients whose time has come on it."""
    zones = Client.objects.in_care().order_by().values_list("zone", "clinic__zone").distinct()
    days: dict[dt.date, Q] = defaultdict(lambda: Q(pk__in=[]))
    for own, clinics in zones:
        zone, there = zone_of(own, clinics), Q(zone=own, clinic__zone=clinics)
        local = now.astimezone(zone)
        # Clocks that jump over midnight skip the day's last hour: whoever chose it is decided before it.
        is_last_look = (now + LAST_LOOK).astimezone(zone).date() != local.date()
        days[local.date()] |= there if is_last_look else there & come(local)
    return days


def _own_time_has_come(local: dt.datetime) -> Q:
    return Q(own_time__lte=local.time())


def _morning_has_come(local: dt.datetime) -> Q:
    return Q() if local.time() >= MORNING else Q(pk__in=[])


def _batches(ready: QuerySet[Client], limit: int) -> Iterator[list[Client]]:
    last = 0
    for _ in range(-(-limit // BATCH)):
        clients = list(ready.filter(pk__gt=last)[:BATCH])
        if not clients:
            return
        yield clients
        last = clients[-1].pk


def _ready(on: dt.date, come: Q, now: dt.datetime) -> QuerySet[Client]:
    """Clients whose time has come on this day, not decided yet, with nothing in the way."""
    mine = Q(client=OuterRef("pk"))
    consents = Consent.objects.filter(mine, purpose=ConsentPurpose.REMINDERS)
    # A day further ahead was decided by a clock that was wrong; tomorrow's by one who has flown west since.
    decided = Watch.objects.filter(mine, nudges_decided_on__range=(on, on + DAY))
    refused = Q(Exists(consents), ~Exists(consents.filter(withdrawn_at__isnull=True)))
    ready = (
        Client.objects.in_care()
        .annotate(own_time=Coalesce("preferences__reminder_time", Value(REMINDER_TIME), output_field=TimeField()))
        .filter(come)
        .exclude(preferences__reminders_on=False)
        .exclude(preferences__unsubscribed_at__isnull=False)
        .exclude(preferences__paused_until_on__gte=on)
        .exclude(clinic__in=KillSwitch.objects.on_at(now).values("clinic"))
        .filter(~Exists(decided), ~refused)
        .filter(~Exists(Escalation.objects.live().filter(mine)))
        .filter(~Exists(Review.objects.open().filter(mine, rule__in=STOP_REMINDERS)))
        .filter(~Exists(Program.objects.filter(mine, state=ProgramState.LOCKED)))
    )
    return ready.select_related("preferences", "clinic", "user").order_by("pk")


def _after_a_session(on: dt.date, come: Q, now: dt.datetime) -> QuerySet[Client]:
    """Of those, the few who want to be asked in the morning and did a session yesterday."""
    mine = Q(client=OuterRef("pk"))
    logs = Session.objects.standing().filter(mine)
    return (
        _ready(on, come, now)
        .filter(preferences__isnull=False)
        .exclude(preferences__kinds_wanted=[])
        .filter(Exists(logs.filter(local_on=on - DAY, program__isnull=False)))
        .filter(~Exists(logs.filter(local_on=on)), ~Exists(Nudge.objects.filter(mine, local_on=on)))
        .filter(~Exists(PlannedSession.objects.on_day(on).filter(mine, program__state=ProgramState.RUNNING)))
    )


def _decide(clients: Sequence[Client], on: dt.date, now: dt.datetime, *, only: NudgeKind | None = None) -> int:
    """What each of them gets on this day, if anything; those for whom it is too early stay undecided."""
    days, written, decided = days_without_the_spoilt(clients, on=on, now=now), 0, []
    for client in clients:
        found = _decide_carefully(client, days.get(client.pk), now, only)
        written += found is Decided.WRITTEN
        if found is Decided.FAILED or (only is None and found is not Decided.LATER):
            decided.append(client)
    _mark_decided(decided, on, now)
    return written


def _decide_carefully(client: Client, day: NudgeDay | None, now: dt.datetime, only: NudgeKind | None) -> Decided:
    """One spoilt row keeps nobody else waiting; its client's reminder is left out today, and the clinic is told."""
    if day is None:
        return Decided.FAILED
    try:
        return _decide_one(client, day, now, only)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("the reminder of client %s could not be decided", client.pk)
        say_work_failed(clinic=client.clinic, kind="nudge", pk=client.pk, now=now)
        return Decided.FAILED


def _decide_one(client: Client, day: NudgeDay, now: dt.datetime, only: NudgeKind | None) -> Decided:
    kind = kind_of(day)
    if kind is None or (only is not None and kind is not only):
        return Decided.NOTHING
    step = nudge_step(facts_of(client, day, kind), now=now)
    if isinstance(step, Later):
        return Decided.LATER
    return Decided.WRITTEN if _write(client, day, kind, step, now) else Decided.NOTHING


def facts_of(client: Client, day: NudgeDay, kind: NudgeKind) -> NudgeFacts:
    preferences = preferences_of(client)
    return NudgeFacts(
        zone=client.local_zone.key,
        local_on=day.on,
        taken=frozenset(sent.on for sent in day.sent),
        sent_in_week=day.sent_in_week(),
        ignored_in_row=day.ignored_in_row,
        is_halved=kind not in NOT_HALVED,
        is_stopped=kind is not NudgeKind.STOPPED,
        is_of_morning=kind is NudgeKind.NEXT_MORNING,
        reminder_time=preferences.reminder_time,
        quiet_from=preferences.quiet_from,
        quiet_until=preferences.quiet_until,
    )


def _mark_decided(clients: Sequence[Client], on: dt.date, now: dt.datetime) -> None:
    """Once a day is enough. A crash before this line repeats the decision, which its row then refuses."""
    if not clients:
        return
    ids = [client.pk for client in clients]
    if Watch.objects.filter(client__in=ids).update(nudges_decided_on=on) == len(ids):
        return
    watched = set(Watch.objects.filter(client__in=ids).values_list("client_id", flat=True))
    Watch.objects.bulk_create(
        (
            Watch(client=client, clinic_id=client.clinic_id, next_look_at=now, nudges_decided_on=on)
            for client in clients
            if client.pk not in watched
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def _write(client: Client, day: NudgeDay, kind: NudgeKind, step: Send | Drop, now: dt.datetime) -> bool:
    """The day's one decision. The client's row is locked, so a log, a case or a choice comes wholly before or after."""
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    on = step.on if isinstance(step, Send) else day.on
    if _something_came(client, kind, day.on, on):
        return False
    nudge = Nudge(
        clinic_id=client.clinic_id,
        client=client,
        kind=kind,
        local_on=on,
        planned_session_id=_session_of(client, day),
        due_at=now,
        expires_at=now,
        decided_at=now,
    )
    if isinstance(step, Send) and can_be_reached(client):
        nudge.state, nudge.due_at, nudge.expires_at = NudgeState.QUEUED, step.due_at, step.expires_at
        nudge.letter = queue_letter(
            clinic=client.clinic,
            kind=kind,
            audience=Audience.CLIENT,
            client=client,
            subject_kind=NUDGE,
            subject_id=client.pk,
            params=params_of(client, day, kind, nudge.planned_session_id),
            due_at=step.due_at,
            expires_at=step.expires_at,
            dedupe_key=f"nudge:{client.pk}:{on.isoformat()}",
            now=now,
        )
    else:
        nudge.state = NudgeState.DROPPED
        nudge.reason = step.reason if isinstance(step, Drop) else DROPPED_NO_ADDRESS
    nudge.save(force_insert=True)
    return nudge.state == NudgeState.QUEUED


def _session_of(client: Client, day: NudgeDay) -> int | None:
    """The session that was planned for this day, or the last one before it that is still waiting."""
    found = PlannedSession.objects.standing().filter(client=client, program__state=ProgramState.RUNNING)
    days = [day.on] if day.on in day.planned else [each for each in day.planned if each < day.on]
    latest: int | None = found.filter(on=max(days)).values_list("pk", flat=True).first() if days else None
    return latest


def _something_came(client: Client, kind: NudgeKind, today: dt.date, on: dt.date) -> bool:
    """One statement of its own after the lock: what came while we waited for it is seen."""
    mine = Q(client=OuterRef("pk"))
    unwanted = Q(reminders_on=False) | Q(unsubscribed_at__isnull=False) | Q(paused_until_on__gte=today)
    came = (
        Exists(Nudge.objects.filter(mine, local_on=on))
        | Exists(Escalation.objects.live().filter(mine))
        | Exists(Review.objects.open().filter(mine, rule__in=STOP_REMINDERS))
        | Exists(ContactPreferences.objects.filter(mine, unwanted))
    )
    if kind in ASKS:
        came |= Q(Exists(Session.objects.standing().filter(mine, local_on=today)))
    return Client.objects.filter(came, pk=client.pk).exists()
