"""One kind word to a client with a planned session and no log, at their own time.

One statement finds those who are due in every zone; clients who are not cost nothing.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, TimeField, Value
from django.db.models.functions import Coalesce

from accounts.people.models import Client, Consent
from accounts.people.rules import ConsentPurpose
from accounts.post.actions import queue_letter
from accounts.post.models import ContactPreferences, KillSwitch
from accounts.post.rules import NUDGE, REMINDER_TIME, Audience, LetterState, zone_of
from plans.followup.models import Escalation, Nudge, Review
from plans.followup.rules import (
    DEFAULT_NUDGE_POLICY,
    STOP_REMINDERS,
    Drop,
    Later,
    NudgeFacts,
    NudgeState,
    Send,
    nudge_step,
)
from plans.journal.models import Session
from plans.programs.models import PlannedSession
from plans.programs.rules import ProgramState

KIND = "session-ready"
CLIENT_PAGE = "/today/"
DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)
REMEMBERED = dt.timedelta(days=60)


@dataclass(frozen=True)
class History:
    """What was sent to one client, and when they last logged, in their own days."""

    sent_on: tuple[dt.date, ...] = ()
    logged_on: dt.date | None = None

    def in_week_before(self, day: dt.date) -> int:
        return sum(day - WEEK < on < day for on in self.sent_on)

    def ignored_before(self, day: dt.date) -> int:
        return sum(on < day and (self.logged_on is None or on > self.logged_on) for on in self.sent_on)


def sweep_nudges(*, now: dt.datetime, limit: int = 1000) -> int:
    """Decide every reminder that is due; answers how many letters were written."""
    settle_nudges(now=now)
    due = list(_due(now)[:limit])
    if not due:
        return 0
    history = _history([planned.client_id for planned in due], now)
    return sum(_decide(planned, history[planned.client_id], now) for planned in due)


def _due(now: dt.datetime) -> QuerySet[PlannedSession]:
    """Planned sessions of clients whose own time has come, in each zone's own day, with nothing in the way."""
    same_day = Q(client=OuterRef("client"), local_on=OuterRef("on"))
    consents = Consent.objects.filter(client=OuterRef("client"), purpose=ConsentPurpose.REMINDERS)
    refused = Q(Exists(consents), ~Exists(consents.filter(withdrawn_at__isnull=True)))
    wanted = (
        PlannedSession.objects.standing()
        .annotate(
            own_time=Coalesce("client__preferences__reminder_time", Value(REMINDER_TIME), output_field=TimeField())
        )
        .filter(_own_time_has_come(now), program__state=ProgramState.RUNNING)
        .filter(client__accepted_at__isnull=False, client__discharged_at__isnull=True)
        .exclude(client__preferences__reminders_on=False)
        .exclude(client__preferences__unsubscribed_at__isnull=False)
        .exclude(client__preferences__paused_until_on__gte=F("on"))
        .exclude(clinic__in=KillSwitch.objects.on_at(now).values("clinic"))
        .filter(~Exists(Nudge.objects.filter(same_day)), ~Exists(Session.objects.standing().filter(same_day)))
        .filter(~Exists(Escalation.objects.live().filter(client=OuterRef("client"))), ~refused)
        .filter(~Exists(Review.objects.open().filter(client=OuterRef("client"), rule__in=STOP_REMINDERS)))
    )
    return wanted.select_related("client__preferences", "client__clinic", "client__user").order_by("pk")


def _own_time_has_come(now: dt.datetime) -> Q:
    zones = Client.objects.in_care().order_by().values_list("zone", flat=True).distinct()
    come = Q(pk__in=[])
    for name in zones:
        local = now.astimezone(zone_of(name))
        come |= Q(client__zone=name, on=local.date(), own_time__lte=local.time())
    return come


def _history(client_ids: Sequence[int], now: dt.datetime) -> dict[int, History]:
    since = now.date() - REMEMBERED
    sent: dict[int, list[dt.date]] = defaultdict(list)
    gone_out = Nudge.objects.filter(client__in=client_ids, local_on__gte=since).exclude(state=NudgeState.DROPPED)
    for client, on in gone_out.values_list("client_id", "local_on"):
        sent[client].append(on)
    logged = dict(
        Session.objects.standing()
        .filter(client__in=client_ids, local_on__gte=since)
        .order_by()
        .values_list("client_id")
        .annotate(Max("local_on"))
    )
    return {pk: History(tuple(sent[pk]), logged.get(pk)) for pk in client_ids}


def _decide(planned: PlannedSession, history: History, now: dt.datetime) -> bool:
    client = planned.client
    preferences: ContactPreferences | None = getattr(client, "preferences", None)
    if preferences is not None and KIND in preferences.kinds_off:
        return False
    facts = NudgeFacts(
        zone=client.zone,
        local_on=planned.on,
        sent_in_week=history.in_week_before(planned.on),
        ignored_in_row=history.ignored_before(planned.on),
        reminder_time=preferences.reminder_time if preferences else None,
        quiet_from=preferences.quiet_from if preferences else None,
        quiet_until=preferences.quiet_until if preferences else None,
    )
    step = nudge_step(facts, DEFAULT_NUDGE_POLICY, now=now)
    if isinstance(step, Later):
        return False
    return _write(planned, step, now)


@transaction.atomic
def _write(planned: PlannedSession, step: Send | Drop, now: dt.datetime) -> bool:
    """The day's one decision. The client's row is locked, so a log or a case comes wholly before or after."""
    client = planned.client
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    if _something_came(planned):
        return False
    nudge = Nudge(
        clinic_id=client.clinic_id,
        client=client,
        kind=KIND,
        local_on=planned.on,
        planned_session_id=planned.pk,
        due_at=now,
        expires_at=now,
        decided_at=now,
    )
    if isinstance(step, Send) and _has_address(client):
        nudge.state, nudge.due_at, nudge.expires_at = NudgeState.QUEUED, step.due_at, step.expires_at
        nudge.letter = queue_letter(
            clinic=client.clinic,
            kind=KIND,
            audience=Audience.CLIENT,
            client=client,
            subject_kind=NUDGE,
            subject_id=client.pk,
            params={"path": CLIENT_PAGE},
            due_at=step.due_at,
            expires_at=step.expires_at,
            dedupe_key=f"nudge:{client.pk}:{planned.on.isoformat()}",
            now=now,
        )
    else:
        nudge.state = NudgeState.DROPPED
        nudge.reason = step.reason if isinstance(step, Drop) else "no address to send to"
    nudge.save(force_insert=True)
    return nudge.state == NudgeState.QUEUED


def _something_came(planned: PlannedSession) -> bool:
    mine = Q(client=planned.client_id)
    return (
        Nudge.objects.filter(mine, local_on=planned.on).exists()
        or Session.objects.standing().filter(mine, local_on=planned.on).exists()
        or Escalation.objects.live().filter(mine).exists()
        or Review.objects.open().filter(mine, rule__in=STOP_REMINDERS).exists()
    )


def _has_address(client: Client) -> bool:
    return client.email_failed_at is None and bool(client.email or (client.user and client.user.email))


def settle_nudges(*, now: dt.datetime) -> dict[str, int]:
    """What became of reminders whose day is over everywhere on earth: answered, ignored or dropped."""
    over = Nudge.objects.filter(state=NudgeState.QUEUED, local_on__lt=now.date() - DAY)
    logged = Session.objects.standing().filter(client=OuterRef("client"), local_on=OuterRef("local_on"))
    counts: Counter[str] = Counter()
    for nudge in over.annotate(is_logged=Exists(logged)).select_related("letter")[:1000]:
        went = nudge.letter is not None and nudge.letter.state in {LetterState.SENT, LetterState.UNCERTAIN}
        if nudge.is_logged:
            nudge.state = NudgeState.ANSWERED
        elif went:
            nudge.state = NudgeState.IGNORED
        else:
            nudge.state, nudge.reason = NudgeState.DROPPED, "the letter did not leave"
        nudge.save(update_fields=["state", "reason"])
        counts[nudge.state] += 1
    return dict(counts)
