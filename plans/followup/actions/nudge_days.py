"""What is known of each client on one of their own days, as the ladder of reminders reads it.

A fixed number of statements for any number of clients.
"""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Max

from accounts.people.models import CareRelationship, Client
from accounts.post.actions import say_work_failed
from accounts.post.models import ContactPreferences
from plans.followup.models import Nudge
from plans.followup.rules import InTheWay, NudgeDay, NudgeState, Sent
from plans.journal.actions import due_by_client
from plans.journal.models import Session
from plans.journal.rules import Occasion
from plans.programs.models import PlannedSession
from plans.programs.rules import ProgramState

log = logging.getLogger(__name__)

DAY = dt.timedelta(days=1)
FORTNIGHT = dt.timedelta(days=14)
OF_A_WEEK = frozenset({Occasion.WEEK_2, Occasion.WEEK_4, Occasion.WEEK_6})
REMEMBERED = dt.timedelta(days=60)


@dataclass
class _Asked:
    """Planned days of running programs, and whether one of today's begins a phase."""

    days: set[dt.date] = field(default_factory=set)
    places: dict[int, int] = field(default_factory=dict)
    is_new_phase: bool = False


@dataclass
class _Told:
    """What left for the client, and what they said to it."""

    sent: list[Sent] = field(default_factory=list)
    answered_at: dt.datetime | None = None
    answer: str = ""


def days_of(clients: Collection[Client], *, on: dt.date) -> dict[int, NudgeDay]:
    """The day `on` of each of these clients, who all live on it now."""
    ids = [client.pk for client in clients]
    asked, told, visits = _asked(ids, on), _told(ids, on), _visits(ids, on)
    last, questions = _last_logged(ids), _questions(ids, on)
    logged: dict[int, set[dt.date]] = defaultdict(set)
    done: dict[int, list[dt.date]] = defaultdict(list)
    logs = Session.objects.standing().filter(client__in=ids, local_on__range=(on - FORTNIGHT, on))
    for pk, day, program in logs.values_list("client_id", "local_on", "program_id"):
        logged[pk].add(day)
        if program is not None:
            done[pk].append(day)
    found = {}
    for client in clients:
        pk, preferences = client.pk, preferences_of(client)
        zone = client.local_zone
        answered_at, chosen_at = told[pk].answered_at, preferences.chosen_at
        answered_on = answered_at.astimezone(zone).date() if answered_at else None
        chosen_on = chosen_at.astimezone(zone).date() if chosen_at else None
        is_last_word = answered_on is not None and (pk not in last or last[pk] < answered_on)
        found[pk] = NudgeDay(
            on=on,
            planned=frozenset(asked[pk].days),
            logged=frozenset(logged[pk]),
            done=tuple(done[pk]),
            heard_on=max((day for day in (last.get(pk), answered_on, chosen_on) if day), default=None),
            sent=tuple(told[pk].sent),
            off=frozenset(preferences.kinds_off),
            wanted=frozenset(preferences.kinds_wanted),
            is_new_phase=asked[pk].is_new_phase,
            wants_short=is_last_word and told[pk].answer == InTheWay.NO_TIME,
            visit_on=visits.get(pk),
            questions_since=questions.get(pk),
        )
    return found


def days_without_the_spoilt(clients: Collection[Client], *, on: dt.date, now: dt.datetime) -> dict[int, NudgeDay]:
    """The same where one row spoils it for all: each by itself, and those that can't be read are left out and told."""
    try:
        with transaction.atomic():
            return days_of(clients, on=on)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("the days of some clients could not be read; now one by one")
    found: dict[int, NudgeDay] = {}
    for client in clients:
        try:
            with transaction.atomic():
                found |= days_of([client], on=on)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("the days of client %s could not be read", client.pk)
            say_work_failed(clinic=client.clinic, kind="nudge", pk=client.pk, now=now)
    return found


def preferences_of(client: Client) -> ContactPreferences:
    """The client's own choices, or the defaults of somebody who made none."""
    return getattr(client, "preferences", None) or ContactPreferences()


def _asked(ids: Collection[int], on: dt.date) -> dict[int, _Asked]:
    sunday = on + (6 - on.weekday()) * DAY
    planned = PlannedSession.objects.standing().filter(
        client__in=ids, program__state=ProgramState.RUNNING, on__range=(on - FORTNIGHT, sunday)
    )
    found: dict[int, _Asked] = defaultdict(_Asked)
    rows = planned.order_by("on").values_list("client_id", "program_id", "on", "phase__position")
    for pk, program, day, place in rows:
        asked = found[pk]
        asked.days.add(day)
        if day == on and place > asked.places.get(program, place):
            asked.is_new_phase = True
        if day < on:
            asked.places[program] = place
    return found


def _questions(ids: Collection[int], on: dt.date) -> dict[int, dt.date]:
    """Since when the questions of a week are open; those at either end of a program wait on the page."""
    due = due_by_client(ids, on=on)
    return {pk: each.since for pk, each in due.items() if each.occasion in OF_A_WEEK}


def _told(ids: Collection[int], on: dt.date) -> dict[int, _Told]:
    """From 60 days before until tomorrow: what was chosen for the night waits for the morning."""
    nudges = Nudge.objects.filter(client__in=ids, local_on__range=(on - REMEMBERED, on + DAY))
    found: dict[int, _Told] = defaultdict(_Told)
    rows = nudges.order_by("local_on").values_list("client_id", "kind", "local_on", "state", "answer", "answered_at")
    for pk, kind, day, state, answer, answered_at in rows:
        told = found[pk]
        if state != NudgeState.DROPPED:
            told.sent.append(Sent(kind, day))
        if answered_at is not None:
            told.answer, told.answered_at = answer, answered_at
    return found


def _visits(ids: Collection[int], on: dt.date) -> dict[int, dt.date]:
    agreed = CareRelationship.objects.live().filter(client__in=ids, next_visit_on=on + DAY)
    return dict(agreed.values_list("client_id", "next_visit_on"))


def _last_logged(ids: Collection[int]) -> dict[int, dt.date]:
    logs = Session.objects.standing().filter(client__in=ids).order_by()
    return dict(logs.values_list("client_id").annotate(Max("local_on")))
