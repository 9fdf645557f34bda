"""On which days a client does what."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.programs.rules import (
    DEFAULT_DAYS,
    Ask,
    Cadence,
    WeekSpan,
    moved_past_hold,
    plan_days,
    session_dates,
    spread,
)

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
TUESDAY_10_MARCH = dt.date(2026, 3, 10)

starts = st.dates(dt.date(2024, 1, 1), dt.date(2032, 12, 31))
counts = st.integers(1, 7)
weekdays = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))


@pytest.mark.parametrize(
    ("count", "days"),
    [
        (1, (MON,)),
        (2, (MON, THU)),
        (3, (MON, WED, FRI)),
        (4, (MON, TUE, THU, SAT)),
        (5, (MON, TUE, WED, FRI, SAT)),
        (6, (MON, TUE, WED, THU, FRI, SAT)),
        (7, (MON, TUE, WED, THU, FRI, SAT, SUN)),
    ],
)
def test_days_nobody_chose_are_those_of_the_table(count, days):
    assert Cadence(count).days == days


@pytest.mark.parametrize("count", range(1, 8))
def test_the_table_is_as_even_as_the_spread_of_a_whole_week(count):
    assert rests(spread(range(7), count)) == rests(DEFAULT_DAYS[count])


def rests(days):
    """Days from one session to the next round the week, shortest first."""
    return sorted((after - day) % 7 or 7 for day, after in zip(days, [*days[1:], days[0]], strict=True))


@pytest.mark.parametrize(
    ("days", "count", "chosen"),
    [
        ((MON, TUE, WED, FRI, SAT), 4, (MON, WED, FRI, SAT)),
        ((MON, TUE, WED, FRI, SAT), 3, (MON, WED, FRI)),
        ((MON, WED, FRI), 2, (MON, FRI)),
        ((SAT, SUN), 2, (SAT, SUN)),
        ((TUE,), 3, (TUE,)),
    ],
)
def test_fewer_sessions_are_spread_over_the_days(days, count, chosen):
    assert spread(days, count) == chosen


@given(starts, counts, st.integers(1, 12))
def test_every_week_has_the_asked_number_of_sessions(start, count, weeks):
    dates = session_dates(Cadence(count), start, start + dt.timedelta(weeks=weeks, days=-1))
    for week in range(weeks):
        first = start + dt.timedelta(weeks=week)
        assert sum(first <= day < first + dt.timedelta(weeks=1) for day in dates) == count


@given(starts, counts, weekdays, st.integers(0, 100))
def test_dates_are_sorted_and_unique_and_never_before_the_start(start, count, days, length):
    until = start + dt.timedelta(days=length)
    dates = session_dates(Cadence(count, days), start, until)
    assert dates == sorted(set(dates))
    assert all(start <= day <= until and day.weekday() in days for day in dates)


@given(starts, counts, weekdays)
def test_own_days_give_the_asked_count_or_all_of_the_days(start, count, days):
    week = session_dates(Cadence(count, days), start, start + dt.timedelta(days=6))
    assert len(week) == min(count, len(days))


def test_no_day_lies_between_a_start_and_an_earlier_end():
    assert session_dates(Cadence(7), TUESDAY_10_MARCH, TUESDAY_10_MARCH - dt.timedelta(days=1)) == []


@pytest.mark.parametrize("count", [0, 8, -1])
def test_a_week_has_one_to_seven_sessions(count):
    with pytest.raises(ValueError, match="1 to 7"):
        Cadence(count)


def test_a_weekday_is_zero_to_six():
    with pytest.raises(ValueError, match="weekdays"):
        Cadence(3, (0, 7))


def test_a_phase_asks_for_the_highest_count_among_its_required_items():
    assert WeekSpan(1, 1, 2, (Ask(1, 3), Ask(2, 4), Ask(3, 6, is_optional=True))).per_week == 4


def test_a_phase_of_optional_items_alone_asks_for_the_highest_of_them():
    assert WeekSpan(1, 1, 2, (Ask(1, 2, is_optional=True), Ask(2, 3, is_optional=True))).per_week == 3


def test_an_item_with_a_lower_count_goes_on_evenly_spread_days_of_the_phase():
    phase = WeekSpan(1, 1, 1, (Ask(10, 5), Ask(20, 3), Ask(30, 1)))
    plan = plan_days([phase], dt.date(2026, 3, 9))
    assert [(day.on.weekday(), day.asks) for day in plan] == [
        (MON, (10, 20, 30)),
        (TUE, (10,)),
        (WED, (10, 20)),
        (FRI, (10, 20)),
        (SAT, (10,)),
    ]


def test_a_phase_without_items_plans_nothing():
    assert plan_days([WeekSpan(1, 1, 2, ())], TUESDAY_10_MARCH) == []


def test_the_next_phase_begins_with_its_own_week():
    phases = [WeekSpan(1, 1, 2, (Ask(1, 7),)), WeekSpan(2, 3, 3, (Ask(2, 7),))]
    plan = plan_days(phases, TUESDAY_10_MARCH)
    assert [day.phase for day in plan] == [1] * 14 + [2] * 7
    assert plan[14].on == TUESDAY_10_MARCH + dt.timedelta(weeks=2)


def test_what_lies_before_a_day_can_be_left_out():
    plan = plan_days([WeekSpan(1, 1, 2, (Ask(1, 7),))], TUESDAY_10_MARCH, since=dt.date(2026, 3, 20))
    assert plan[0].on == dt.date(2026, 3, 20)


asks = st.lists(st.tuples(counts, st.booleans()), min_size=1, max_size=5)


@given(starts, asks, st.integers(1, 6))
def test_every_required_item_is_asked_its_own_number_of_times_a_week(start, lines, weeks):
    phase = WeekSpan(1, 1, weeks, tuple(Ask(key, count, optional) for key, (count, optional) in enumerate(lines)))
    plan = plan_days([phase], start)
    for ask in phase.asks:
        times = sum(ask.key in day.asks for day in plan)
        assert times == weeks * min(ask.per_week, phase.per_week)


@given(starts, counts, counts, st.integers(0, 41), st.integers(0, 60))
def test_a_pause_then_a_resume_keep_the_count(start, first, second, paused_after, pause):
    phases = [WeekSpan(1, 1, 3, (Ask(1, first),)), WeekSpan(2, 4, 6, (Ask(2, second),))]
    days = {1: Cadence(first).days, 2: Cadence(second).days}
    plan = plan_days(phases, start)
    paused_on = start + dt.timedelta(days=paused_after)
    held = [day for day in plan if day.on > paused_on]
    resumes_on = paused_on + dt.timedelta(days=pause + 1)
    moved = moved_past_hold([day.phase for day in held], days, resumes_on)
    assert len(moved) == len(held)
    assert moved == sorted(set(moved))
    assert all(day >= resumes_on for day in moved)
    assert all(day.weekday() in days[old.phase] for day, old in zip(moved, held, strict=True))
