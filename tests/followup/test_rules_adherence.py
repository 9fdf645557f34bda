"""Silence, few sessions and no change are found on their day, and not the day before."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.followup.rules import Family, Finding, Reading, Urgency, working_days
from plans.followup.rules.adherence import (
    Adherence,
    Asked,
    Day,
    Running,
    adherence,
    no_improvement,
    non_adherence,
    silent_client,
)
from plans.followup.rules.hints import Hint
from plans.followup.rules.numbers import DEFAULT_NUMBERS
from plans.followup.rules.rulebook import Opens, Rule
from plans.journal.rules import OutcomeScore

N = DEFAULT_NUMBERS
FIRST = dt.date(2026, 1, 5)
PROGRAM = 7


def day(number: int) -> dt.date:
    """The program's first day is 1."""
    return FIRST + dt.timedelta(days=number - 1)


def asked(*, planned=(), logged=(), running=True) -> Asked:
    programs = (Running(PROGRAM, FIRST),) if running else ()
    return Asked(
        programs,
        frozenset(Day(PROGRAM, day(number)) for number in planned),
        frozenset(Day(PROGRAM, day(number)) for number in logged),
    )


def usual(*pairs: tuple[int, int]) -> list[Reading]:
    return [Reading(day(number), score, f"session:{number}") for number, score in pairs]


# Silent


SILENCE = [
    # last score, days since, what it opens
    (7, 7, Finding),
    (7, 6, None),
    (6, 7, None),
    (6, 14, Hint),
    (6, 13, None),
    (0, 14, Hint),
    (9, 30, Finding),
]


@pytest.mark.parametrize(("score", "days", "opens"), SILENCE)
def test_silence_is_a_case_after_severe_pain_and_a_review_after_any(score, days, opens):
    found = silent_client(usual((3, score)), day(3), asked(), N, today=day(3 + days))
    assert (type(found) if found else None) is opens


def test_silence_after_severe_pain_is_a_contact_case_within_two_working_days():
    found = silent_client(usual((3, 8)), day(3), asked(), N, today=day(10))
    assert (found.family, found.urgency, found.target) == (Family.CONTACT, Urgency.ROUTINE, working_days(2))
    assert (found.message, found.params) == ("silent-client", {"days": 7})
    assert found.readings == tuple(usual((3, 8)))


def test_one_silence_is_one_occasion_however_long():
    keys = {silent_client(usual((3, 8)), day(3), asked(), N, today=day(n)).key for n in range(10, 60)}
    assert len(keys) == 1


def test_a_program_that_was_never_logged_counts_from_its_start():
    assert silent_client([], None, asked(), N, today=day(14)) is None
    assert silent_client([], None, asked(), N, today=day(15)) is not None


def test_who_is_asked_for_nothing_is_not_silent():
    assert silent_client(usual((3, 4)), day(3), asked(running=False), N, today=day(40)) is None


def test_severe_pain_is_asked_after_though_no_program_runs():
    assert silent_client(usual((3, 7)), day(3), asked(running=False), N, today=day(10)) is not None


# Few sessions


TWICE_A_WEEK = (1, 4, 8, 11, 15, 18)
FEW = [
    # logged days, today, fires
    ((1,), 15, True),  # 1 of 4
    ((1, 4), 15, False),  # 2 of 4 is half
    ((1,), 14, False),  # the first 14 days are not over
    ((2,), 15, True),
    ((2, 3), 15, False),  # on other days than planned
    ((), 15, True),
    ((4, 8), 16, False),
]


@pytest.mark.parametrize(("logged", "today", "fires"), FEW)
def test_fewer_than_half_of_the_sessions_in_14_days_is_a_review(logged, today, fires):
    hint = non_adherence([], asked(planned=TWICE_A_WEEK, logged=logged), N, today=day(today))
    assert (hint is not None and hint.opens is Opens.REVIEW) is fires


@pytest.mark.parametrize(("score", "fires"), [(6, True), (7, False)])
def test_severe_pain_is_no_lack_of_will(score, fires):
    found = non_adherence(usual((1, score)), asked(planned=TWICE_A_WEEK, logged=(1,)), N, today=day(15))
    assert (found is not None) is fires


def test_few_sessions_are_one_occasion_in_14_days():
    facts = asked(planned=range(1, 60), logged=())
    keys = [non_adherence([], facts, N, today=day(n)).key for n in (15, 28, 29)]
    assert keys[0] == keys[1] != keys[2]


def test_where_nothing_was_planned_nothing_was_left_undone():
    assert non_adherence([], asked(), N, today=day(15)) is None


def test_today_may_still_come():
    facts = asked(planned=(2, 15), logged=(2,))
    assert non_adherence([], facts, N, today=day(15)) is None


def test_more_sessions_than_planned_do_not_count_twice():
    facts = asked(planned=(1, 4), logged=(1, 2, 3, 4))
    assert adherence(facts, PROGRAM, first=day(1), last=day(7)) == Adherence(2, 2)


def test_a_program_is_judged_by_its_own_sessions():
    facts = Asked(
        (Running(1, FIRST), Running(2, FIRST)),
        frozenset({Day(1, day(1)), Day(2, day(1)), Day(2, day(4)), Day(2, day(8))}),
        frozenset({Day(1, day(1)), Day(2, day(1))}),
    )
    assert non_adherence([], facts, N, today=day(15)).params == {"done": 1, "planned": 3, "days": 14}


# No change


def month(score: int, *, weeks: int = 4) -> list[Reading]:
    return usual((1, 6), (3, 6), (5, 6), *((n, score) for n in range(weeks * 7 - 6, weeks * 7 + 1, 2)))


HELD = tuple(range(1, 60))
CHANGE = [
    # weeks, score then, today, fires
    (4, 6, 29, Rule.NO_IMPROVEMENT_4),
    (4, 6, 28, None),
    (4, 5, 29, None),  # 1 point better
    (4, 6, 42, Rule.NO_IMPROVEMENT_4),
    (6, 5, 43, Rule.NO_IMPROVEMENT_6),  # 1 point, 17 percent
    (6, 5, 42, None),
    (6, 4, 43, None),  # 2 points
    (6, 6, 56, Rule.NO_IMPROVEMENT_6),
    (6, 6, 57, None),  # long past
]


@pytest.mark.parametrize(("weeks", "score", "today", "fires"), CHANGE)
def test_no_change_is_found_when_its_week_is_over(weeks, score, today, fires):
    facts = asked(planned=HELD, logged=HELD)
    hint = no_improvement(month(score, weeks=weeks), 6, facts, N, today=day(today))
    assert (hint.rule if hint else None) is fires


SAID = [
    # (day, global change) as answered, fires
    ((), True),
    (((42, 1),), True),
    (((42, 2),), False),
    (((36, 2),), False),  # the week that ends with week 6
    (((35, 2),), True),  # said at week 4 or 5
    (((37, 3), (42, 1)), True),  # the newest counts
    (((44, 2),), True),  # later than today
]


@pytest.mark.parametrize(("said", "fires"), SAID)
def test_week_six_asks_the_client_too(said, fires):
    facts = asked(planned=HELD, logged=HELD)
    change = tuple(OutcomeScore(day(on), score, {1: score}) for on, score in said)
    hint = no_improvement(month(5, weeks=6), 6, facts, N, today=day(43), change=change)
    assert (hint is not None) is fires


def test_week_four_goes_by_pain_alone():
    facts = asked(planned=HELD, logged=HELD)
    change = (OutcomeScore(day(28), 5, {1: 5}),)
    assert no_improvement(month(6), 6, facts, N, today=day(29), change=change) is not None


@pytest.mark.parametrize(("logged", "fires"), [(14, True), (13, False)])
def test_what_was_not_done_cannot_have_failed(logged, fires):
    facts = asked(planned=range(1, 29), logged=range(1, logged + 1))
    assert (no_improvement(month(6), 6, facts, N, today=day(29)) is not None) is fires


def test_week_four_is_asked_once_for_a_program():
    facts = asked(planned=HELD, logged=HELD)
    keys = {no_improvement(month(6), 6, facts, N, today=day(n)).key for n in range(29, 43)}
    assert keys == {"no-improvement-week4:7"}


def test_without_a_baseline_or_an_average_nothing_is_said_of_change():
    facts = asked(planned=HELD, logged=HELD)
    assert no_improvement(month(6), None, facts, N, today=day(29)) is None
    assert no_improvement(usual((1, 6), (3, 6), (5, 6), (28, 6)), 6, facts, N, today=day(29)) is None


@given(st.sets(st.integers(1, 28)), st.sets(st.integers(1, 28)), st.integers(15, 40))
def test_one_more_session_never_makes_a_review(planned, logged, today):
    fewer = non_adherence([], asked(planned=planned, logged=logged), N, today=day(today))
    more = non_adherence([], asked(planned=planned, logged=logged | {today - 1}), N, today=day(today))
    assert more is None or fewer is not None


@given(st.integers(0, 10), st.integers(0, 40))
def test_silence_never_grows_quieter(score, days):
    def rank(number):
        found = silent_client(usual((1, score)), day(1), asked(), N, today=day(1 + number))
        return 0 if found is None else 1

    assert rank(days) <= rank(days + 1)
