"""A client says when and whether to be reminded, and on which days sessions fall."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.people.actions import mark_needs_look, record_audit
from accounts.people.models import Client, User
from accounts.post.actions import cancel_letters, own_preferences, resubscribe
from accounts.post.models import ContactPreferences
from accounts.post.rules import NUDGE
from plans.followup.rules import UNLESS_WANTED
from plans.programs.actions import current_version, local_day
from plans.programs.actions.planning import plan_sessions
from plans.programs.models import PlannedSession, Program
from plans.programs.rules import PlannedState


@dataclass(frozen=True)
class Reminders:
    """Times are the client's own wall clock; `days` are weekdays, 0 is Monday, none is the default.

    `kinds_on`: of the kinds that were offered, those that are wanted.
    """

    is_on: bool
    days: tuple[int, ...]
    time: dt.time
    paused_until_on: dt.date | None
    quiet_from: dt.time
    quiet_until: dt.time
    kinds_on: frozenset[str] = frozenset()
    kinds_offered: frozenset[str] = frozenset()


@transaction.atomic
def choose_reminders(*, client: Client, reminders: Reminders, by: User, now: dt.datetime) -> ContactPreferences:
    """Keep the choices; other days move the sessions still to come, and a reminder that waits is taken back."""
    if reminders.is_on:
        resubscribe(client=client, by=by, now=now)
    known = own_preferences(client)
    has_other_days = tuple(known.session_days) != reminders.days
    known.reminders_on = reminders.is_on
    known.session_days = list(reminders.days)
    known.reminder_time = reminders.time
    known.paused_until_on = reminders.paused_until_on
    known.quiet_from, known.quiet_until = reminders.quiet_from, reminders.quiet_until
    known.kinds_off = sorted(reminders.kinds_offered - reminders.kinds_on - UNLESS_WANTED)
    known.kinds_wanted = sorted(reminders.kinds_on & UNLESS_WANTED)
    known.chosen_at = now
    known.save()
    if has_other_days:
        move_sessions(client=client, now=now)
    if not reminders.is_on or reminders.paused_until_on or known.kinds_off:
        cancel_letters(subject_kind=NUDGE, subject_ids=[client.pk], reason="client's choice", now=now)
    record_audit(
        clinic=client.clinic,
        verb="reminders_chosen",
        subject_kind="client",
        subject_id=client.pk,
        by=by,
        now=now,
        client=client,
        details={"on": reminders.is_on},
    )
    mark_needs_look(client=client, now=now)
    return known


def move_sessions(*, client: Client, now: dt.datetime) -> None:
    """Plan the running programs anew from tomorrow on, on the client's own days; today stays as it is."""
    tomorrow = local_day(client=client, now=now) + dt.timedelta(days=1)
    for program in Program.objects.filter(client=client).running():
        PlannedSession.objects.standing().filter(program=program, on__gte=tomorrow).delete()
        version = current_version(program=program)
        plan_sessions(program=program, version=version, since=tomorrow, state=PlannedState.PLANNED)
