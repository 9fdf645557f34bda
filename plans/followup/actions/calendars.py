"""The clinic's working time and its numbers, as plain data for the rules."""

import datetime as dt

from accounts.people.models import Clinic, ClinicClosure
from plans.followup.models import Escalation, FollowUpPolicy
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


def numbers_of_case(case: Escalation) -> Numbers:
    """The numbers that a case lives by: those it was opened under, or rose or re-opened under since.

    Not those in force: “answer by” was said to staff and client when the case began, and a version adopted
    since must not make every live case overdue at one stroke. A case that becomes more urgent begins anew, by
    the numbers of that moment.
    """
    if case.policy_version == DEFAULT_NUMBERS.version and case.override_id is None:
        return DEFAULT_NUMBERS
    policies = FollowUpPolicy.objects.filter(clinic=case.clinic_id, version=case.policy_version)
    policy = policies.values_list("numbers", flat=True).first() or {}
    own = case.override.numbers if case.override else {}
    return numbers_from({**policy, **own}, version=case.policy_version)
