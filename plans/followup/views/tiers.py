"""Who is told next, and when, if nobody takes the case?"""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext

from accounts.people.models import Clinic, Membership
from accounts.people.rules import Reach, reach_of
from accounts.post.models import Letter
from plans.followup.actions.calendars import calendar_of, numbers_of_case
from plans.followup.actions.recipients import people_of_tier
from plans.followup.models import Escalation
from plans.followup.rules import BEGINNINGS, LAST_TIER, Urgency, target_of, tier_at, urgencies_of

TIERS = (1, 2, 3)


@dataclass(frozen=True)
class NextStep:
    """One tier that has not been told: who they are as things stand now, and at what time."""

    tier: int
    names: str
    at: dt.datetime


def next_steps(case: Escalation, told: list[Letter], *, now: dt.datetime) -> list[NextStep]:
    """The tiers still to come, the backup contact with the last; an empty one is passed over, as the engine does."""
    began = case.events.filter(generation=case.generation, act__in=sorted(BEGINNINGS)).order_by("sequence").first()
    began_at = began.at if began else case.opened_at
    urgency, calendar, numbers = Urgency(case.urgency), calendar_of(case.clinic), numbers_of_case(case)
    times, target = urgencies_of(numbers).of(urgency), target_of(case.rule, urgency, numbers)
    known = {letter.membership_id for letter in told if letter.membership_id}
    steps = []
    for tier in TIERS:
        if tier <= case.tier:
            continue
        people = people_of_tier(case, tier, told=known, now=now)
        known |= {person.pk for person in people}
        at = tier_at(tier, began_at, times, target, calendar)
        names = [person.user.name for person in people]
        if tier == LAST_TIER and case.clinic.has_backup:
            names.append(case.clinic.backup_name or gettext("the backup contact"))
        if names:
            steps.append(NextStep(tier, ", ".join(names), max(at, began_at)))
    return steps


@dataclass(frozen=True)
class NoSecond:
    """The ladder ends after one person, who is named, or before the first. `waits` is the backup contact's name
    where only their confirming is missing; `owner` is who can change it."""

    reach: Reach
    only: Membership | None
    owner: Membership | None
    waits: str


def no_second(clinic: Clinic) -> NoSecond | None:
    """None where a second person would be told."""
    answering = list(Membership.objects.answering().filter(clinic=clinic).select_related("user")[:2])
    reach = reach_of(answering=len(answering), has_backup=clinic.has_backup)
    if reach is Reach.ENOUGH:
        return None
    owner = Membership.objects.owners().filter(clinic=clinic).select_related("user").order_by("pk").first()
    waits = "" if clinic.has_backup else clinic.backup_name or clinic.backup_email
    return NoSecond(reach, answering[0] if answering else None, owner, waits)
