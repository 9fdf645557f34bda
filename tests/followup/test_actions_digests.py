"""One letter a morning says how many clients are worth a look; a case never waits for it."""

import datetime as dt

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.post.models import Letter
from plans.followup.actions import digests, sweep_digests
from tests.clock import NOW, at
from tests.factories.followup import ReviewFactory
from tests.factories.people import AbsenceFactory, CareRelationshipFactory, ClientFactory, ClinicClosureFactory

pytestmark = pytest.mark.django_db
MORNING = at("2026-03-10", "09:05")
EARLIER = MORNING - dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def hint(cast):
    return ReviewFactory(client=cast.client, opened_at=EARLIER)


def test_each_bodyworker_is_told_once_how_many_of_theirs_are_worth_a_look(cast, hint):
    ReviewFactory(client=cast.client, rule="worsening", opened_at=EARLIER)
    second = ClientFactory(clinic=cast.harbour)
    CareRelationshipFactory(client=second, bodyworker=cast.bodyworker)
    ReviewFactory(client=second, opened_at=EARLIER)
    ReviewFactory(client=cast.meadow_client, opened_at=EARLIER)
    assert sweep_digests(now=MORNING) == 2
    assert sweep_digests(now=MORNING + MINUTE) == 0
    letter = Letter.objects.get(clinic=cast.harbour)
    assert (letter.membership, letter.kind, letter.params["words"]) == (cast.bodyworker, "reviews-digest", {"count": 2})
    assert letter.expires_at == at("2026-03-10", "12:00")


@pytest.mark.parametrize(
    ("when", "count"),
    [
        (at("2026-03-10", "09:04"), 0),
        (at("2026-03-10", "09:05"), 1),
        (at("2026-03-10", "11:59"), 1),
        (at("2026-03-10", "12:00"), 0),
        (at("2026-03-14", "09:05"), 0),
        (at("2026-03-15", "09:05"), 0),
        (at("2026-03-30", "08:04"), 0),
        (at("2026-03-30", "08:05"), 1),
    ],
    ids=["too early", "nine", "late", "noon", "Saturday", "Sunday", "summer, too early", "summer, nine"],
)
def test_it_comes_on_weekday_mornings_in_the_clinics_zone(hint, when, count):
    assert sweep_digests(now=when) == count


def test_an_empty_list_makes_no_letter(cast, hint):
    hint.closed_at, hint.closed_by = EARLIER, cast.bodyworker.user
    hint.save()
    assert sweep_digests(now=MORNING) == 0


def test_a_closed_clinic_gets_none(cast, hint):
    ClinicClosureFactory(clinic=cast.harbour, on=MORNING.date())
    assert sweep_digests(now=MORNING) == 0


def test_hints_that_come_together_go_together(hint):
    hint.opened_at = MORNING - MINUTE
    hint.save()
    assert sweep_digests(now=MORNING) == 0
    assert sweep_digests(now=MORNING + 4 * MINUTE) == 1


def test_hints_that_never_stop_coming_hold_it_back_until_half_past_eleven(hint):
    hint.opened_at = at("2026-03-10", "11:29")
    hint.save()
    assert sweep_digests(now=at("2026-03-10", "11:29")) == 0
    assert sweep_digests(now=at("2026-03-10", "11:30")) == 1


def test_whoever_covers_is_told_instead(cast, hint):
    AbsenceFactory(
        bodyworker=cast.bodyworker, cover=cast.colleague, from_at=EARLIER, until_at=NOW + dt.timedelta(days=3)
    )
    assert sweep_digests(now=MORNING) == 1
    assert Letter.objects.get().membership == cast.colleague


def test_it_can_be_switched_off_and_on_again(cast, hint, time_machine):
    time_machine.move_to(NOW, tick=False)
    jo = Browser()
    jo.force_login(cast.bodyworker.user)
    jo.post(reverse("desk:own-letters"))
    assert sweep_digests(now=MORNING) == 0
    assert " checked" not in jo.get(reverse("desk:own-letters")).content.decode()
    jo.post(reverse("desk:own-letters"), {"wants_digest": "on"})
    assert sweep_digests(now=MORNING) == 1


def test_it_leads_to_the_caseload():
    assert reverse("desk:caseload") == digests.CASELOAD_PAGE


def test_digests_cost_the_same_statements_however_many_hints(cast, hint, django_assert_num_queries):
    for _ in range(5):
        client = ClientFactory(clinic=cast.harbour)
        CareRelationshipFactory(client=client, bodyworker=cast.bodyworker)
        ReviewFactory(client=client, opened_at=EARLIER)
    sweep_digests(now=MORNING)
    with django_assert_num_queries(7):
        sweep_digests(now=MORNING + MINUTE)
