"""Rehearse other times of telling on the clinic's own cases: who would have been told on. Nothing is written."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Min, Q

from accounts.people.models import Clinic
from plans.followup.models import Escalation
from plans.followup.rules import EscalationAct, Numbers, Round, Urgency, reached_in, target_of, urgencies_of

from .calendars import calendar_of

TAKEN = Q(events__act__in=[EscalationAct.ACKNOWLEDGE, EscalationAct.RESOLVE])


@dataclass
class Telling:
    """Cases of one urgency: how many were told to a second and third tier, and all reminders of them.

    `now` is by the numbers in use, `then` by those that are tried.
    """

    cases: int = 0
    now: Counter[str] = field(default_factory=Counter)
    then: Counter[str] = field(default_factory=Counter)


def rehearse_telling(
    *, clinic: Clinic, numbers: Numbers, chosen: Numbers, days: int, now: dt.datetime
) -> dict[Urgency, Telling]:
    """The cases opened in the last `days` days, taken when they really were; the first round of each.

    A person told sooner may answer sooner: that much is not known, so the figures are the most there could be.
    """
    calendar = calendar_of(clinic)
    found = {urgency: Telling() for urgency in reversed(Urgency)}
    cases = Escalation.objects.filter(clinic=clinic, opened_at__gte=now - dt.timedelta(days=days))
    rows = cases.annotate(taken_at=Min("events__at", filter=TAKEN)).values_list(
        "rule", "urgency", "opened_at", "taken_at"
    )
    for rule, urgency, opened_at, taken_at in rows:
        telling = found[Urgency(urgency)]
        telling.cases += 1
        for counts, which in ((telling.now, numbers), (telling.then, chosen)):
            target = target_of(rule, Urgency(urgency), which)
            reached = reached_in(
                Round(opened_at, taken_at or now, target), urgencies_of(which).of(Urgency(urgency)), calendar
            )
            counts["second"] += reached.tier >= 2
            counts["third"] += reached.tier >= 3
            counts["reminders"] += reached.reminders
    return {urgency: telling for urgency, telling in found.items() if telling.cases}
