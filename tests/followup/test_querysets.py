"""Who sees which case, and what is due."""

import datetime as dt

import pytest

from plans.followup.models import Escalation, Nudge, Review, Watch
from tests.clock import NOW, TODAY
from tests.factories.followup import EscalationFactory, NudgeFactory, ReviewFactory, WatchFactory
from tests.factories.people import AbsenceFactory
from tests.factories.post import LetterFactory

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
SEES = [
    ("owner", True),
    ("bodyworker", True),
    ("colleague", False),
    ("curator", False),
    ("meadow_owner", False),
    ("meadow_bodyworker", False),
    ("client", False),
]


@pytest.mark.parametrize(("who", "sees"), SEES)
def test_a_case_is_seen_by_the_clients_own_bodyworker_and_the_owner(cast, who, sees):
    EscalationFactory(client=cast.client)
    ReviewFactory(client=cast.client)
    user = getattr(cast, who).user
    assert Escalation.objects.visible_to(user).exists() is sees
    assert Review.objects.visible_to(user).exists() is sees


def asked(cast, member):
    case = EscalationFactory(client=cast.client)
    LetterFactory(
        audience="staff",
        client=None,
        clinic=cast.harbour,
        membership=member,
        subject_kind="escalation",
        subject_id=case.pk,
    )
    return case


def test_a_colleague_who_was_asked_sees_that_case_alone(cast):
    case = asked(cast, cast.colleague)
    EscalationFactory(client=cast.client, family="safety")
    assert list(Escalation.objects.visible_to(cast.colleague.user)) == [case]


def test_a_colleague_who_was_asked_and_left_sees_it_no_more(cast):
    asked(cast, cast.colleague)
    cast.colleague.ended_at = NOW
    cast.colleague.save()
    assert not Escalation.objects.visible_to(cast.colleague.user).exists()


def test_a_letter_about_something_else_with_the_same_number_shows_nothing(cast):
    case = EscalationFactory(client=cast.client)
    LetterFactory(
        audience="staff",
        client=None,
        clinic=cast.harbour,
        membership=cast.colleague,
        subject_kind="incident",
        subject_id=case.pk,
    )
    assert not Escalation.objects.visible_to(cast.colleague.user).exists()


def test_who_covers_for_the_bodyworker_sees_the_case(cast):
    from django.utils import timezone

    EscalationFactory(client=cast.client)
    now = timezone.now()
    AbsenceFactory(
        bodyworker=cast.bodyworker, clinic=cast.harbour, cover=cast.colleague, from_at=now - HOUR, until_at=now + HOUR
    )
    assert Escalation.objects.visible_to(cast.colleague.user).exists()


def test_nobody_signed_in_sees_nothing(cast):
    from django.contrib.auth.models import AnonymousUser

    EscalationFactory(client=cast.client)
    for user in (AnonymousUser(), inactive(cast.owner.user)):
        assert not Escalation.objects.visible_to(user).exists()
        assert not Review.objects.visible_to(user).exists()


def inactive(user):
    user.is_active = False
    return user


STEPS = [
    ({"next_action_at": NOW}, True),
    ({"next_action_at": NOW + HOUR}, False),
    ({"state": "notified", "next_action_at": NOW}, True),
    ({"state": "acknowledged", "next_action_at": None, "follow_up_by": NOW, "acked_at": NOW}, True),
    ({"state": "acknowledged", "next_action_at": None, "follow_up_by": NOW + HOUR, "acked_at": NOW}, False),
    ({"state": "resolved", "next_action_at": None, "resolved_at": NOW, "outcome": "seen"}, False),
]


@pytest.mark.parametrize(("fields", "due"), STEPS)
def test_a_case_needs_a_step_when_its_time_has_come(cast, fields, due):
    people = {"acked_at": "acked_by", "resolved_at": "resolved_by"}
    by = {people[name]: cast.owner.user for name in fields if name in people}
    EscalationFactory(client=cast.client, **fields, **by)
    assert Escalation.objects.needing_a_step(NOW).exists() is due


def test_live_unanswered_and_due_are_parts_of_each_other(cast):
    EscalationFactory(client=cast.client, next_action_at=NOW + HOUR)
    assert Escalation.objects.live().count() == Escalation.objects.unanswered().count() == 1
    assert not Escalation.objects.due(NOW).exists()


def test_watches_reviews_and_reminders_are_found(cast):
    WatchFactory(client=cast.client)
    ReviewFactory(client=cast.client)
    ReviewFactory(client=cast.client, closed_at=NOW, closed_by=cast.owner.user)
    NudgeFactory(client=cast.client)
    assert Watch.objects.due(NOW).count() == 1
    assert not Watch.objects.due(NOW - HOUR).exists()
    assert Review.objects.open().count() == 1
    assert Nudge.objects.of(cast.client).since(TODAY).count() == 1
    assert not Nudge.objects.since(TODAY + dt.timedelta(days=1)).exists()
