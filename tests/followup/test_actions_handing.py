"""A client goes to another bodyworker, by hand: the care, its dates, the cases, and the way back."""

import datetime as dt

import pytest

from accounts.people.actions import CannotCare, CareRelationshipOver, begin_care, end_co_treating
from accounts.people.models import AuditEvent, CareRelationship, Client
from accounts.post.models import Letter
from plans.followup.actions import acknowledge_escalation, give_client, sweep_escalations
from tests.clock import NOW, TODAY
from tests.factories.followup import EscalationFactory

HOUR = dt.timedelta(hours=1)


def give(cast, to, now=NOW):
    return give_client(client=cast.client, to=to, by=cast.owner.user, now=now)


def told(case):
    letters = Letter.objects.about("escalation", [case.pk]).filter(generation=case.generation).order_by("pk")
    return [str(letter.membership.user) if letter.membership else letter.kind for letter in letters]


def test_care_ends_and_begins_today_and_handing_back_undoes_it(cast):
    given = give(cast, cast.colleague)
    cast.care.refresh_from_db()
    assert (cast.care.ended_on, given.began_on, given.is_primary) == (TODAY, TODAY, True)
    assert cast.client not in Client.objects.visible_to(cast.bodyworker.user)
    assert cast.client in Client.objects.visible_to(cast.colleague.user)
    back = give(cast, cast.bodyworker)
    assert CareRelationship.objects.primary().get(client=cast.client) == back
    assert cast.client in Client.objects.visible_to(cast.bodyworker.user)
    events = AuditEvent.objects.filter(verb="client_handed_over", client=cast.client).order_by("pk")
    assert [event.details["to"] for event in events] == [cast.colleague.pk, cast.bodyworker.pk]
    assert not Letter.objects.filter(audience="client").exists()


@pytest.mark.parametrize(
    ("holder", "begins"), [("", ["Ana Ruiz"]), ("bodyworker", ["Ana Ruiz"]), ("owner", []), ("colleague", [])]
)
def test_a_case_follows_unless_somebody_else_has_it(cast, holder, begins):
    case = EscalationFactory(client=cast.client, urgency="routine", next_action_at=NOW)
    sweep_escalations(now=NOW)
    if holder:
        acknowledge_escalation(escalation=case, by=getattr(cast, holder).user, now=NOW)
    give(cast, cast.colleague, NOW + HOUR)
    sweep_escalations(now=NOW + HOUR)
    case.refresh_from_db()
    assert case.generation == (2 if begins else 1)
    if begins:
        assert told(case) == begins
        assert case.acked_by is None
    else:
        assert case.acked_by == getattr(cast, holder).user


def test_a_client_whom_nobody_cares_for_is_given_to_somebody(cast):
    CareRelationship.objects.filter(client=cast.client).delete()
    assert give(cast, cast.colleague).is_primary
    assert AuditEvent.objects.filter(verb="care_began").count() == 1


@pytest.mark.parametrize("who", ["bodyworker", "owner", "curator", "meadow_bodyworker", "gone"])
def test_only_another_bodyworker_of_the_clinic_takes_a_client(cast, who):
    if who == "gone":
        cast.colleague.ended_at = NOW
        cast.colleague.save()
    to = cast.colleague if who == "gone" else getattr(cast, who)
    with pytest.raises(CannotCare):
        give(cast, to)
    assert CareRelationship.objects.primary().get(client=cast.client).bodyworker == cast.bodyworker


def test_a_co_treater_sees_the_client_until_it_ends_and_may_take_over(cast):
    jo = cast.bodyworker.user
    beside = {"client": cast.client, "bodyworker": cast.colleague, "by": jo, "now": NOW}
    begin_care(**beside, is_primary=False)
    with pytest.raises(CannotCare):
        begin_care(**beside, is_primary=False)
    assert cast.client in Client.objects.visible_to(cast.colleague.user)
    end_co_treating(**beside)
    with pytest.raises(CareRelationshipOver):
        end_co_treating(**beside)
    assert cast.client not in Client.objects.visible_to(cast.colleague.user)
    begin_care(**beside, is_primary=False)
    assert give(cast, cast.colleague).is_primary
    assert list(AuditEvent.objects.filter(subject_kind="care").order_by("pk").values_list("verb", flat=True)) == [
        "co_treating_began",
        "co_treating_ended",
        "co_treating_began",
        "client_handed_over",
    ]
