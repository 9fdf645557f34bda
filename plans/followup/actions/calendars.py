"""The clinic's working time and its numbers, as plain data for the rules."""

import datetime as dt

from accounts.people.models import Clinic, ClinicClosure
from plans.followup.models import FollowUpPolicy
from plans.followup.rules import DEFAULT_NUMBERS, Calendar, Numbers, numbers_from


def calendar_of(clinic: Clinic) -> Calendar:
    closed = frozenset(ClinicClosure.objects.filter(clinic=clinic).values_list("on", flat=True))
    return Calendar(clinic.zone, clinic.opening_hours, closed)


def numbers_of(clinic_id: int, *, now: dt.datetime) -> Numbers:
    """The policy in force: the newest that has begun, else the defaults."""
    policies = FollowUpPolicy.objects.filter(clinic=clinic_id, from_at__lte=now)
    newest = policies.order_by("-version").values_list("version", "numbers").first()
    if newest is None:
        return DEFAULT_NUMBERS
    version, numbers = newest
    return numbers_from(numbers, version=version)
