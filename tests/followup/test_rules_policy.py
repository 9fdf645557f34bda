"""A clinic chooses its numbers within bounds, and nothing it may choose makes a safety rule looser."""

import datetime as dt
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.followup.rules import (
    BOUNDS,
    DEFAULT_NUMBERS,
    PRECEDENCE,
    READ_BY,
    SAFETY_RULES,
    TOLD_BY,
    Change,
    Earlier,
    Log,
    NumberFault,
    NumberProblem,
    Numbers,
    Replaced,
    Score,
    Stricter,
    Urgency,
    changes_between,
    fold,
    own_numbers,
    problems_of,
    with_numbers,
)
from plans.journal.rules import Moment
from tests.clock import NOW

DAY = dt.timedelta(days=1)
SAFETY = {name: bound for name, bound in BOUNDS.items() if bound.is_safety}


def log(number, score, *, day=0, can_wait=None, slept_badly=None):
    at = NOW + day * DAY
    return Log(
        f"session:{number}",
        f"session:{number}:1",
        at,
        at.date(),
        scores=(Score(Moment.CHECK_IN, score),),
        can_wait=can_wait,
        slept_badly=slept_badly,
    )


def test_every_number_has_bounds_and_its_default_is_inside():
    assert set(BOUNDS) == {f.name for f in fields(Numbers)} - {"version", "override", "source"}
    assert [name for name, bound in BOUNDS.items() if not bound.holds(getattr(DEFAULT_NUMBERS, name))] == []


def test_every_rule_names_the_numbers_it_reads_and_every_number_is_read_but_the_span_of_hints():
    assert list(READ_BY) == PRECEDENCE
    read = [name for names in (*READ_BY.values(), *TOLD_BY.values()) for name in names]
    assert set(BOUNDS) - set(read) == {"judged_days"}
    assert list(TOLD_BY) == list(reversed(Urgency))


def test_a_safety_number_ends_at_its_default_on_the_looser_side():
    looser_end = {name: b.highest if b.stricter is Stricter.LOWER else b.lowest for name, b in SAFETY.items()}
    assert looser_end == {name: getattr(DEFAULT_NUMBERS, name) for name in SAFETY}


def test_every_number_that_a_safety_rule_reads_is_a_safety_number():
    assert [name for rule in SAFETY_RULES for name in READ_BY[rule] if not BOUNDS[name].is_safety] == []


@pytest.mark.parametrize(
    ("name", "number", "fault"),
    [
        ("severe_min", 8, NumberFault.OUTSIDE),
        ("very_severe_min", 10, NumberFault.OUTSIDE),
        ("sore_max_windows", 3, NumberFault.OUTSIDE),
        ("days_in_row", 1, NumberFault.OUTSIDE),
        ("days_in_row", 2.5, NumberFault.NOT_WHOLE),
        ("days_in_row", "2", NumberFault.NOT_WHOLE),
        ("days_in_row", True, NumberFault.NOT_WHOLE),
        ("version", 7, NumberFault.UNKNOWN),
        ("red_flags_off", 1, NumberFault.UNKNOWN),
    ],
)
def test_a_number_that_may_not_be_chosen_is_named(name, number, fault):
    assert problems_of({name: number}) == [NumberProblem(name, fault)]


def test_two_numbers_that_contradict_are_named():
    assert problems_of({"alt_days": 4, "alt_of_last": 3}) == [
        NumberProblem("alt_days", NumberFault.ABOVE, "alt_of_last")
    ]
    assert problems_of({"alt_days": 4}) == []


def test_a_policy_keeps_only_what_differs_and_says_which_way():
    chosen = with_numbers(DEFAULT_NUMBERS, {"severe_min": 6, "days_in_row": 4, "alt_days": 3})
    assert own_numbers(chosen) == {"severe_min": 6, "days_in_row": 4}
    changes = changes_between(DEFAULT_NUMBERS, chosen)
    assert changes == [Change("severe_min", 7, 6), Change("days_in_row", 3, 4)]
    assert [change.is_stricter for change in changes] == [True, False]


LOGS = st.lists(
    st.tuples(st.integers(0, 10), st.integers(0, 12), st.sampled_from([None, True, False]), st.booleans()), max_size=8
)
CHOSEN = st.fixed_dictionaries({name: st.integers(b.lowest, b.highest) for name, b in BOUNDS.items()})


@given(LOGS, CHOSEN)
def test_no_numbers_that_are_allowed_lose_a_finding_of_a_safety_rule(said, chosen):
    logs = [log(n, score, day=day, can_wait=wait, slept_badly=bad) for n, (score, day, wait, bad) in enumerate(said)]
    numbers = with_numbers(DEFAULT_NUMBERS, chosen)
    safety = {each.key for each in fold(logs) if each.rule in SAFETY_RULES}
    assert safety <= {each.key for each in fold(logs, numbers) if each.rule in SAFETY_RULES}


def test_a_report_keeps_the_numbers_it_was_read_by():
    strict = with_numbers(DEFAULT_NUMBERS, {"severe_min": 5})
    old = [log(n, 5, day=n) for n in range(4)]
    read_by = {each.trigger: DEFAULT_NUMBERS for each in old}
    assert fold(old, strict, earlier=Earlier(read_by)) == []
    new = log(9, 5, day=4)
    found = fold([*old, new], strict, earlier=Earlier(read_by))
    assert [each.key for each in found] == [f"severe-persistent:{new.on}"]


def test_what_looser_numbers_come_after_stays_found():
    old = [log(n, 8, day=n) for n in range(3)]
    loose = with_numbers(DEFAULT_NUMBERS, {"days_in_row": 5, "alt_days": 5})
    read_by = {each.trigger: DEFAULT_NUMBERS for each in old}
    assert len(fold(old, loose, earlier=Earlier(read_by))) == 1
    assert fold(old, loose) == []
    assert Replaced(loose, NOW.date()).numbers == loose
