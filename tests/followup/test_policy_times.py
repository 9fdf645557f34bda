"""A clinic's own times: shorter as it likes, never longer than safety allows, for the cases that open from then on."""

import datetime as dt
from html import unescape

import pytest
import time_machine
from django.test import Client as Browser

from plans.followup.actions import acknowledge_escalation, adopt_policy, rehearse_telling, sweep_escalations
from plans.followup.models import FollowUpPolicy
from plans.followup.rules import (
    BOUNDS,
    DEFAULT_NUMBERS,
    TOLD_BY,
    Amount,
    Calendar,
    Reached,
    Round,
    Urgency,
    problems_of,
    reached_in,
    target_of,
    urgencies_of,
    with_numbers,
)
from plans.followup.rules.urgency import Unit
from tests.clock import NOW, at
from tests.followup.speaking import case_of, flag, severe_days, tick, told

PAGE = "/clinic/rules/who-is-told/"
ALL = {name: getattr(DEFAULT_NUMBERS, name) for names in TOLD_BY.values() for name in names} | {"version": 1}
HOUR = dt.timedelta(hours=1)
WEEK = Calendar("Europe/London")
TIMES = [name for name in BOUNDS if name in ALL or "_answer_" in name]


@pytest.mark.parametrize("name", TIMES)
def test_a_time_may_be_shorter_and_what_is_urgent_never_longer(name):
    now, bound = getattr(DEFAULT_NUMBERS, name), BOUNDS[name]
    assert bound.lowest < now <= bound.highest <= now * 1.5
    if not name.startswith(("routine_", "medical_", "stays_", "worse_", "silent_")) or name == "routine_tier_3_pct":
        assert bound.highest == now
    assert problems_of({name: bound.highest + 1})


@pytest.mark.parametrize(
    ("hours_taken", "changed", "reached"),
    [
        (2, {}, Reached(1, 0)),
        (2.1, {}, Reached(2, 0)),
        (2, {"same_day_tier_2_minutes": 60}, Reached(2, 0)),
        (4.1, {}, Reached(3, 0)),
        (6.1, {}, Reached(3, 1)),
        (6.1, {"same_day_remind_minutes": 60}, Reached(3, 2)),
    ],
)
def test_how_far_a_case_is_told_on_is_counted_until_it_was_taken(hours_taken, changed, reached):
    numbers = with_numbers(DEFAULT_NUMBERS, changed)
    each = Round(NOW, NOW + hours_taken * HOUR, Amount(4, Unit.HOURS))
    assert reached_in(each, urgencies_of(numbers).of(Urgency.SAME_DAY), WEEK) == reached


def test_an_emergency_is_told_to_all_at_once_whatever_is_chosen():
    strict = with_numbers(DEFAULT_NUMBERS, {name: BOUNDS[name].lowest for name in TIMES})
    for numbers in (DEFAULT_NUMBERS, strict):
        assert reached_in(
            Round(NOW, NOW + HOUR / 60, target_of("red-flag-immediate", Urgency.EMERGENCY_NOW, numbers)),
            urgencies_of(numbers).of(Urgency.EMERGENCY_NOW),
            WEEK,
        ) == Reached(3, 0)


# What cases live by


def adopt(cast, expected=1, now=NOW, **changed):
    return adopt_policy(clinic=cast.harbour, changed=changed, expected_version=expected, by=cast.owner.user, now=now)


@pytest.mark.django_db
def test_a_case_is_told_and_looked_at_by_the_times_it_opened_under(cast):
    adopt(cast, same_day_tier_2_minutes=30, same_day_answer_hours=2, same_day_look_minutes=60)
    flag(cast.client, "same_day")
    tick()
    case = case_of(cast.client)
    assert (case.policy_version, case.target_at, case.next_action_at) == (2, NOW + 2 * HOUR, NOW + HOUR / 2)
    sweep_escalations(now=NOW + HOUR / 2)
    assert [name for name, _ in told(case)] == ["Jo Marsh", "Ana Ruiz"]
    case.refresh_from_db()
    taken = acknowledge_escalation(escalation=case, by=cast.bodyworker.user, now=NOW + HOUR)
    assert taken.follow_up_by == NOW + 2 * HOUR


@pytest.mark.django_db
def test_new_times_move_no_case_that_is_open(cast):
    flag(cast.client, "same_day")
    tick()
    adopt(cast, now=NOW + HOUR / 2, same_day_tier_2_minutes=15, same_day_tier_3_minutes=30)
    tick(NOW + HOUR)
    case = case_of(cast.client)
    assert (case.tier, case.next_action_at) == (1, NOW + 2 * HOUR)


@pytest.mark.django_db
def test_a_case_that_becomes_more_urgent_begins_anew_by_the_times_of_that_moment(cast):
    severe_days(cast.client)
    tick()
    assert case_of(cast.client).target_at == at("2026-03-11", "17:00")
    adopt(cast, now=NOW + HOUR, urgent_tier_2_minutes=60, very_severe_answer_hours=3)
    severe_days(cast.client, score=9, days=1, last=NOW + 2 * HOUR)
    tick(NOW + 2 * HOUR)
    case = case_of(cast.client)
    assert (case.policy_version, case.target_at, case.next_action_at) == (2, NOW + 5 * HOUR, NOW + 3 * HOUR)


@pytest.mark.django_db
def test_the_rehearsal_counts_the_clinics_own_cases_and_writes_nothing(cast):
    flag(cast.client, "same_day")
    tick()
    acknowledge_escalation(escalation=case_of(cast.client), by=cast.bodyworker.user, now=NOW + HOUR)
    chosen = with_numbers(DEFAULT_NUMBERS, {"same_day_tier_2_minutes": 30, "same_day_tier_3_minutes": 45})
    found = rehearse_telling(clinic=cast.harbour, numbers=DEFAULT_NUMBERS, chosen=chosen, days=30, now=NOW + 5 * HOUR)
    each = found.pop(Urgency.SAME_DAY)
    assert (each.cases, each.now["second"], each.then["second"], each.then["third"], found) == (1, 0, 1, 1, {})
    assert not FollowUpPolicy.objects.exists()


# The page


@pytest.fixture
def ruth(cast):
    browser = Browser()
    browser.force_login(cast.owner.user)
    with time_machine.travel(NOW, tick=False):
        yield browser


def words(answer):
    return " ".join(unescape(answer.content.decode()).split())


@pytest.mark.django_db
def test_the_times_are_on_the_rules_page_and_are_changed_on_their_own(cast, ruth):
    said = words(ruth.get("/clinic/rules/"))
    assert "<td>2 hours</td><td>4 hours</td><td>2 hours</td><td>4 hours</td>" in said
    assert "<td>50 % of the rule’s time</td>" in said
    assert "15 to 120 minutes, now 120. For safety it can only become stricter" in words(ruth.get(PAGE))
    answer = ruth.post(PAGE, ALL | {"same_day_tier_2_minutes": 60, "adopt": "yes", "reason": "Two of us"}, follow=True)
    said = words(answer)
    assert "Same day: tell the cover after minutes: 120 → 60" in said
    assert "<td>1 hour</td><td>4 hours</td>" in said


@pytest.mark.django_db
def test_trying_other_times_changes_nothing(cast, ruth):
    flag(cast.client, "same_day")
    tick(NOW)
    with time_machine.travel(NOW + HOUR, tick=False):
        said = words(ruth.post(PAGE, ALL | {"same_day_tier_2_minutes": 30, "try": "30"}))
    assert '<th scope="row">Same day</th><td class="num">1</td><td class="num">0 → 1</td>' in said
    assert not FollowUpPolicy.objects.exists()


@pytest.mark.django_db
def test_times_that_may_not_be_are_said_and_the_second_owner_sees_the_first(cast, ruth):
    assert ruth.post(PAGE, ALL | {"urgent_tier_2_minutes": 241, "adopt": "yes"}).status_code == 422
    contradict = ruth.post(PAGE, ALL | {"same_day_tier_3_minutes": 60, "adopt": "yes"})
    assert "is not above “Same day: tell the owner after minutes”" in words(contradict)
    assert ruth.post(PAGE, ALL | {"adopt": "yes"}).status_code == 422
    adopt(cast, days_in_row=2)
    answer = ruth.post(PAGE, ALL | {"urgent_tier_2_minutes": 60, "adopt": "yes"})
    assert (answer.status_code, FollowUpPolicy.objects.count()) == (409, 1)
    assert "Version 2, by Ruth Ekwall" in words(answer)
