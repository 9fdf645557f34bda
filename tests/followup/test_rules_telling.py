"""How long a working day is, who is told when, and which step comes next."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.followup.rules import (
    URGENCIES,
    Amount,
    Calendar,
    CaseFacts,
    Clock,
    EscalationAct,
    EscalationState,
    NobodyAnswered,
    Remind,
    Tell,
    Unit,
    Urgency,
    Wait,
    later,
    next_step,
    target_at,
    tier_at,
    working_days,
)
from tests.architecture.tree import ROOT
from tests.clock import at

S, A = EscalationState, EscalationAct


WEEK = Calendar("Europe/London", {str(day): [["09:00", "17:00"]] for day in range(5)})
LATER = [
    # start (UTC), amount, clock -> instant. March 2026: the 10th is a Tuesday.
    ("2026-03-10", "09:00", working_days(0.5), "2026-03-10", "13:00"),
    ("2026-03-10", "09:00", working_days(1), "2026-03-10", "17:00"),
    ("2026-03-10", "13:00", working_days(1), "2026-03-11", "13:00"),
    ("2026-03-10", "07:58", working_days(0.5), "2026-03-10", "13:00"),
    ("2026-03-10", "17:00", working_days(1), "2026-03-11", "17:00"),
    ("2026-03-13", "15:00", working_days(1), "2026-03-16", "15:00"),  # over a weekend
    ("2026-03-14", "12:00", working_days(2), "2026-03-17", "17:00"),
    ("2026-03-27", "13:00", working_days(1), "2026-03-30", "12:00"),  # over the change to summer time
    ("2026-03-10", "16:00", Amount(2, Unit.HOURS), "2026-03-11", "10:00"),
    ("2026-03-13", "16:30", Amount(60, Unit.MINUTES), "2026-03-16", "09:30"),
]


@pytest.mark.parametrize(("day", "time", "amount", "then_day", "then_time"), LATER)
def test_working_time_counts_only_opening_hours(day, time, amount, then_day, then_time):
    assert later(at(day, time), amount, WEEK, Clock.WORKING) == at(then_day, then_time)


def test_wall_time_runs_through_the_night():
    assert later(at("2026-03-10", "23:00"), Amount(4, Unit.HOURS), WEEK, Clock.WALL) == at("2026-03-11", "03:00")


def test_working_time_stands_still_on_a_closed_day():
    closed = Calendar("Europe/London", WEEK.opening_hours, frozenset({dt.date(2026, 3, 11)}))
    assert later(at("2026-03-10", "13:00"), working_days(1), closed) == at("2026-03-12", "13:00")


def test_a_short_day_is_a_whole_working_day():
    short = Calendar("UTC", {"1": [["09:00", "11:00"]], "2": [["09:00", "17:00"]]})
    assert later(at("2026-03-10", "08:00"), working_days(1.5), short) == at("2026-03-11", "13:00")


def test_a_lunch_break_is_no_working_time():
    broken = Calendar("UTC", {"1": [["09:00", "12:00"], ["14:00", "17:00"]]})
    assert later(at("2026-03-10", "09:00"), working_days(0.75), broken) == at("2026-03-10", "15:30")


def test_a_clinic_without_hours_works_monday_to_friday():
    assert later(at("2026-03-10", "09:00"), working_days(1), Calendar("UTC", {})) == at("2026-03-10", "17:00")


def test_a_clinic_that_never_opens_still_gets_an_instant():
    shut = Calendar("UTC", {"0": [["12:00", "09:00"]]})
    assert later(at("2026-03-10"), working_days(2), shut) == at("2026-03-12")


@given(
    st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 1, 1)),
    st.floats(0.1, 5),
    st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_more_working_time_is_never_earlier(moment, amount, zone):
    start, calendar = moment.replace(tzinfo=dt.UTC), Calendar(zone, WEEK.opening_hours)
    less, more = (later(start, working_days(n), calendar) for n in (amount, amount + 0.5))
    assert start < less < more


TIERS = [
    # urgency, target, tier 2, tier 3, target at; begun on Tuesday 09:00
    (Urgency.EMERGENCY_NOW, Amount(0, Unit.HOURS), at("2026-03-10"), at("2026-03-10"), at("2026-03-10")),
    (
        Urgency.SAME_DAY,
        Amount(4, Unit.HOURS),
        at("2026-03-10", "11:00"),
        at("2026-03-10", "13:00"),
        at("2026-03-10", "13:00"),
    ),
    (
        Urgency.URGENT,
        Amount(8, Unit.HOURS),
        at("2026-03-10", "13:00"),
        at("2026-03-10", "17:00"),
        at("2026-03-10", "17:00"),
    ),
    (Urgency.ROUTINE, working_days(1), at("2026-03-10", "13:00"), at("2026-03-10", "17:00"), at("2026-03-10", "17:00")),
    (Urgency.ROUTINE, working_days(2), at("2026-03-10", "17:00"), at("2026-03-11", "17:00"), at("2026-03-11", "17:00")),
]


@pytest.mark.parametrize(("urgency", "target", "second", "third", "answered"), TIERS)
def test_each_urgency_tells_its_tiers_in_time(urgency, target, second, third, answered):
    began, times = at("2026-03-10"), URGENCIES.of(urgency)
    assert [tier_at(n, began, times, target, WEEK) for n in (1, 2, 3)] == [began, second, third]
    assert target_at(began, urgency, target, WEEK) == answered


# The next step


def facts(urgency=Urgency.SAME_DAY, **changes) -> CaseFacts:
    target = {Urgency.EMERGENCY_NOW: Amount(0, Unit.HOURS), Urgency.SAME_DAY: Amount(4, Unit.HOURS)}[urgency]
    fields = {
        "state": S.NOTIFIED,
        "urgency": urgency,
        "target": target,
        "target_at": target_at(at("2026-03-10"), urgency, target, WEEK),
        "began_at": at("2026-03-10"),
        "tier": 0,
        "reached": frozenset(),
        "told_at": None,
        "nobody_told": False,
    }
    return CaseFacts(**{**fields, **changes})


ALL = frozenset({1, 2, 3})
STEPS = [
    # what was told so far, now -> step
    ({"state": S.OPEN}, "09:00", Tell(1)),
    ({"tier": 1, "reached": frozenset({1})}, "09:01", Wait(at("2026-03-10", "11:00"))),
    ({"tier": 1, "reached": frozenset({1})}, "11:00", Tell(2)),
    ({"tier": 1, "reached": frozenset()}, "09:00", Tell(2)),  # nobody there: the next at once
    ({"tier": 2, "reached": frozenset({1})}, "11:00", Tell(3)),
    ({"tier": 2, "reached": frozenset({1, 2})}, "11:01", Wait(at("2026-03-10", "13:00"))),
    ({"tier": 3, "reached": ALL, "told_at": at("2026-03-10", "13:00")}, "13:00", NobodyAnswered()),
    (
        {"tier": 3, "reached": ALL, "told_at": at("2026-03-10", "13:00"), "nobody_told": True},
        "13:01",
        Wait(at("2026-03-10", "15:00")),
    ),
    ({"tier": 3, "reached": ALL, "told_at": at("2026-03-10", "13:00"), "nobody_told": True}, "15:00", Remind()),
    ({"tier": 3, "reached": frozenset(), "told_at": None}, "09:00", NobodyAnswered()),
]


@pytest.mark.parametrize(("told", "time", "step"), STEPS)
def test_a_case_takes_one_step_at_a_time(told, time, step):
    assert next_step(facts(**told), WEEK, now=at("2026-03-10", time)) == step


def test_an_emergency_tells_all_tiers_at_once_and_reminds_every_half_hour():
    now, told, steps = at("2026-03-10"), 0, []
    while isinstance(step := next_step(facts(Urgency.EMERGENCY_NOW, tier=told, reached=ALL), WEEK, now=now), Tell):
        told = step.tier
        steps.append(step.tier)
    assert steps == [1, 2, 3]
    assert step == Wait(at("2026-03-10", "09:30"))


@pytest.mark.parametrize("state", [S.ACKNOWLEDGED, S.RESOLVED])
def test_a_taken_case_has_no_step_of_its_own(state):
    with pytest.raises(ValueError, match="waits for a person"):
        next_step(facts(state=state), WEEK, now=at("2026-03-10"))


@given(st.integers(0, 3), st.integers(0, 60 * 24 * 3), st.sets(st.sampled_from([1, 2, 3])))
def test_a_wait_is_always_for_a_later_time(tier, minutes, reached):
    now = at("2026-03-10") + dt.timedelta(minutes=minutes)
    told = facts(tier=tier, reached=frozenset(n for n in reached if n <= tier), told_at=at("2026-03-10"))
    step = next_step(told, WEEK, now=now)
    assert not isinstance(step, Wait) or step.until > now


def test_the_times_are_the_librarys():
    """rules.json of the starter library is what a clinician reviews: the table may not drift from it."""
    reviewed = json.loads((ROOT / "plans/library/starter/rules.json").read_text())["urgencies"]
    assert list(reviewed) == [urgency.value for urgency in reversed(Urgency)]
    for urgency in Urgency:
        times, said = URGENCIES.of(urgency), reviewed[urgency]
        assert times.clock == said["clock"]
        for field in ("remind_every", "follow_up_after"):
            assert getattr(times, field) == Amount(said[field]["amount"], Unit(said[field]["unit"])), (urgency, field)
        if urgency is Urgency.ROUTINE:
            assert (said["tier_2_after"], times.tier_2_after.share) == ("half of the rule's target", 0.5)
            assert (said["tier_3_after"], times.tier_3_after.share) == ("all of the rule's target", 1.0)
        else:
            for field in ("tier_2_after", "tier_3_after"):
                assert getattr(times, field) == Amount(said[field]["amount"], Unit(said[field]["unit"]))
