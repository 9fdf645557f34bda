"""Who is told of a case, tier by tier, and can they be reached at all?"""

import datetime as dt

from accounts.people.models import Absence, CareRelationship, Membership
from plans.followup.models import Escalation
from plans.followup.rules import EscalationAct


def people_of_tier(case: Escalation, tier: int, *, told: set[int], now: dt.datetime) -> list[Membership]:
    """Whom this tier has that can be reached now and was not told in this round: empty hands on at once.

    1: the person this round was handed to, else the client's own bodyworker, or who covers for them while
    they are away. 2: those who co-treat
    the client, else one colleague, an owner who treats people last of all. 3: the owners. Without a
    bodyworker there is no colleague to stand in, so the owners are asked at once.
    """
    primary = _primary(case)
    if tier == 1:
        found = _handed_to(case, now) or _own_bodyworker(primary, now)
    elif tier == 2:
        found = _cover(case, primary, told, now)
    else:
        found = [
            owner for owner in Membership.objects.owners().filter(clinic=case.clinic_id) if owner.email_verified_at
        ]
    return [member for member in found if member.pk not in told]


def has_anyone(case: Escalation, tier: int, *, now: dt.datetime) -> bool:
    """Does this tier have anybody at all, told before or not?"""
    return bool(people_of_tier(case, tier, told=set(), now=now))


def _primary(case: Escalation) -> Membership | None:
    care = CareRelationship.objects.primary().filter(client=case.client_id).select_related("bodyworker__user").first()
    return care.bodyworker if care is not None else None


def _handed_to(case: Escalation, now: dt.datetime) -> list[Membership]:
    handed = case.events.filter(generation=case.generation, act=EscalationAct.HAND_OVER).order_by("sequence").last()
    if handed is None:
        return []
    chosen = Membership.objects.live().filter(clinic=case.clinic_id, pk=handed.details["to"])
    return [member for member in chosen if can_answer(member, now)]


def _own_bodyworker(primary: Membership | None, now: dt.datetime) -> list[Membership]:
    if primary is None:
        return []
    if not is_away(primary, now):
        return [primary] if _is_reachable(primary) else []
    covers = Absence.objects.at(now).filter(bodyworker=primary, cover__isnull=False).select_related("cover__user")
    return [a.cover for a in covers if a.cover and can_answer(a.cover, now)][:1]


def _cover(case: Escalation, primary: Membership | None, told: set[int], now: dt.datetime) -> list[Membership]:
    co_treating = Membership.objects.bodyworkers().filter(
        care__client=case.client_id, care__is_primary=False, care__ended_on__isnull=True
    )
    found = [member for member in co_treating.order_by("pk") if can_answer(member, now)]
    if found or primary is None:
        return found
    colleagues = Membership.objects.bodyworkers().filter(clinic=case.clinic_id)
    others = colleagues.exclude(pk__in=told | {primary.pk}).order_by("is_owner", "pk")
    return [member for member in others if can_answer(member, now)][:1]


def can_answer(member: Membership, now: dt.datetime) -> bool:
    """Is this person on the staff, reachable and here?"""
    return _is_reachable(member) and not is_away(member, now)


def _is_reachable(member: Membership) -> bool:
    """On the staff, able to sign in, and with an address that was verified."""
    return member.ended_at is None and member.user.is_active and member.email_verified_at is not None


def is_away(member: Membership, now: dt.datetime) -> bool:
    return Absence.objects.at(now).filter(bodyworker=member).exists()
