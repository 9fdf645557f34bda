"""What became of a nudge once its day is over where its client lives: answered, ignored, sent or dropped.

Four left unanswered in a row end the reminders and put the client on the bodyworker's list.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.people.models import Client
from accounts.post.models import Letter
from accounts.post.rules import LIVE_STATES, LetterState, zone_of
from plans.followup.models import Nudge
from plans.followup.rules import ASKS, DEFAULT_NUDGE_POLICY, DROPPED_NOT_LEFT, NudgeState, Signal
from plans.journal.models import Session

from .nudge_days import days_without_the_spoilt
from .reviews import open_signal

DAY = dt.timedelta(days=1)
AT_ONCE = 1000


def settle_nudges(*, now: dt.datetime, limit: int = 20_000) -> dict[str, int]:
    """Settle the nudges of local days that are over; answers how many became what."""
    counts: Counter[str] = Counter()
    over = _over(now)
    while sum(counts.values()) < limit:
        logged = Session.objects.standing().filter(client=OuterRef("client"), local_on=OuterRef("local_on"))
        nudges = Nudge.objects.filter(over, state=NudgeState.QUEUED).annotate(is_logged=Exists(logged))
        batch = list(nudges.select_related("letter", "client__preferences", "client__clinic")[:AT_ONCE])
        if not batch:
            break
        for nudge in batch:
            _settle(nudge)
        # Together, or a crash between them would leave four ignored and no person asked.
        with transaction.atomic():
            Nudge.objects.bulk_update(batch, ["state", "reason"])
            _hand_to_a_person([nudge.client for nudge in batch if nudge.state == NudgeState.IGNORED], now)
        counts.update(nudge.state for nudge in batch)
    return dict(counts)


def _over(now: dt.datetime) -> Q:
    """Local days that have ended. A letter still on its way is waited for, but not for ever."""
    long_over = Q(local_on__lt=now.date() - 2 * DAY)
    waiting = Letter.objects.filter(pk=OuterRef("letter"), state__in=sorted(LIVE_STATES))
    ended = Q(pk__in=[])
    queued = Nudge.objects.filter(state=NudgeState.QUEUED).order_by()
    for own, clinics in queued.values_list("client__zone", "clinic__zone").distinct():
        today = now.astimezone(zone_of(own, clinics)).date()
        ended |= Q(client__zone=own, clinic__zone=clinics, local_on__lt=today)
    return long_over | ended & ~Q(Exists(waiting))


def _settle(nudge: Nudge) -> None:
    letter = nudge.letter
    if letter is None or letter.state not in {LetterState.SENT, LetterState.UNCERTAIN}:
        if nudge.is_logged:  # type: ignore[attr-defined]
            nudge.state = NudgeState.ANSWERED
        else:
            nudge.state, nudge.reason = NudgeState.DROPPED, (letter and letter.reason[:120]) or DROPPED_NOT_LEFT
    elif nudge.kind not in ASKS:
        nudge.state = NudgeState.SENT
    else:
        has_answer = nudge.is_logged or nudge.answered_at is not None  # type: ignore[attr-defined]
        nudge.state = NudgeState.ANSWERED if has_answer else NudgeState.IGNORED


def _hand_to_a_person(ignoring: Collection[Client], now: dt.datetime) -> None:
    """Whoever has now left four unanswered is a person's to ask, not the engine's."""
    by_day: dict[dt.date, dict[int, Client]] = defaultdict(dict)
    for client in ignoring:
        by_day[now.astimezone(client.local_zone).date()][client.pk] = client
    for on, clients in by_day.items():
        for pk, day in days_without_the_spoilt(list(clients.values()), on=on, now=now).items():
            if day.ignored_in_row >= DEFAULT_NUDGE_POLICY.stop_after:
                params: dict[str, object] = {"n": day.ignored_in_row}
                open_signal(client=clients[pk], signal=Signal.REMINDERS_STOPPED, params=params, now=now)
