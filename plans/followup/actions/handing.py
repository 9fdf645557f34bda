"""A client goes to another bodyworker, and what is open for them goes along."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from accounts.people.actions import CannotCare, begin_care, hand_over_client, may_care, record_audit
from accounts.people.models import CareRelationship, Client, Membership, User
from plans.followup.models import Escalation
from plans.followup.rules import EscalationAct

from .cases import SUBJECT, begin_again


@transaction.atomic
def give_client(*, client: Client, to: Membership, by: User, now: dt.datetime) -> CareRelationship:
    """From today on a colleague is the client's own bodyworker; giving the client back undoes it.

    A case that nobody has, or that the one before held, is told anew and to the colleague first, at once.
    What somebody else holds stays with them. No letter goes to the client.

    Raises:
        CannotCare: the colleague treats nobody here, or is the client's own bodyworker already.
    """
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)  # one handing over at a time
    care = CareRelationship.objects.primary().filter(client=client).select_related("clinic", "client", "bodyworker")
    before = care.first()
    if not may_care(to, client) or (before is not None and before.bodyworker_id == to.pk):
        raise CannotCare(to)
    if before is None:
        given = begin_care(client=client, bodyworker=to, is_primary=True, by=by, now=now)
    else:
        given = hand_over_client(care=before, heir=to, by=by, now=now)
    _give_cases(client, before, to, by, now)
    return given


def _give_cases(client: Client, before: CareRelationship | None, to: Membership, by: User, now: dt.datetime) -> None:
    live = Escalation.objects.filter(client=client).live().select_for_update(of=("self",))
    held = Q(acked_by=before.bodyworker.user_id) if before is not None else Q(pk__in=[])
    for case in live.filter(Q(acked_by__isnull=True) | held).select_related("clinic", "client").order_by("pk"):
        begin_again(case, EscalationAct.HAND_OVER, now, by=by, details={"to": to.pk})
        record_audit(
            clinic=case.clinic,
            verb="escalation_handed_over",
            subject_kind=SUBJECT,
            subject_id=case.pk,
            by=by,
            now=now,
            client=case.client,
            details={"generation": case.generation, "to": to.pk},
        )
