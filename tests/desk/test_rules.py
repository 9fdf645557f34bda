"""Where a client stands on the caseload, decided without a database."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.desk.rules import (
    Case,
    Facts,
    Hint,
    Sign,
    Span,
    Standing,
    last_day_of,
    list_order,
    phase_at,
    reason_of,
    week_at,
)
from tests.clock import NOW, TODAY

DAY = dt.timedelta(days=1)


def case(place=3, opened_at=NOW, is_open=True, nobody_at=None):
    return Case("uuid", "severe-persistent", {}, is_open, place, opened_at, NOW, "Jo Marsh", nobody_at)


def running(**more):
    facts = {
        "program": "Hip release",
        "program_state": "running",
        "ends_on": TODAY + 30 * DAY,
        "began_on": TODAY - 30 * DAY,
        "last_on": TODAY - DAY,
    }
    return Facts(**{**facts, **more})


def sign(facts):
    return reason_of(facts, today=TODAY).sign


def test_an_open_case_needs_you_whatever_else_is_true():
    facts = running(cases=(case(),), hints=(Hint("non-adherence", {}),), program_state="locked")
    assert reason_of(facts, today=TODAY).standing is Standing.NEEDS_YOU


def test_a_case_that_nobody_answered_stands_above_every_other():
    silent, urgent = case(place=3, nobody_at=NOW), case(place=0, opened_at=NOW - DAY)
    assert sign(running(cases=(urgent, silent))) is Sign.CASE_UNANSWERED
    reasons = [reason_of(running(cases=(each,)), today=TODAY) for each in (urgent, silent)]
    assert min(reasons, key=lambda reason: list_order(reason, "Maya")).case is silent
    assert sign(running(cases=(case(is_open=False, nobody_at=NOW),))) is Sign.CASE_HELD


def test_a_case_that_somebody_has_is_only_watched():
    assert sign(running(cases=(case(is_open=False),))) is Sign.CASE_HELD


def test_of_several_cases_the_open_then_the_most_urgent_then_the_oldest_is_named():
    held = case(place=0, is_open=False)
    older = case(place=2, opened_at=NOW - DAY)
    newer = case(place=2)
    assert reason_of(running(cases=(held, newer, older)), today=TODAY).case is older


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (running(), Sign.NOTHING),
        (running(program_state="locked"), Sign.LOCKED),
        (running(program_state="paused", program_reason="intake"), Sign.INTAKE),
        (running(program_state="paused", program_reason="client"), Sign.PAUSED),
        (running(program_state="offered"), Sign.WAITING),
        (Facts(), Sign.NO_PROGRAM),
        (running(hints=(Hint("non-adherence", {}),)), Sign.REVIEW),
        (running(ends_on=TODAY + 4 * DAY), Sign.NOTHING),
        (running(ends_on=TODAY + 3 * DAY), Sign.ENDING),
        (running(ends_on=TODAY), Sign.ENDING),
        (running(ends_on=TODAY - DAY), Sign.ENDED),
        (running(ends_on=TODAY - DAY, program_state="finished"), Sign.ENDED),
        (running(last_on=TODAY - 3 * DAY, planned_since=2), Sign.SILENT),
        (running(last_on=TODAY - 2 * DAY, planned_since=2), Sign.NOTHING),
        (running(last_on=TODAY - 9 * DAY, planned_since=1), Sign.NOTHING),
        (running(last_on=None, planned_since=2), Sign.SILENT),
        (running(last_on=TODAY - 9 * DAY, planned_since=4, program_state="paused"), Sign.PAUSED),
    ],
)
def test_each_sign_needs_its_own_facts(facts, expected):
    assert sign(facts) is expected


def test_silence_is_told_in_days_and_planned_sessions():
    reason = reason_of(running(last_on=TODAY - 6 * DAY, planned_since=4), today=TODAY)
    assert reason.params == {"days": 6, "planned": 4}


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 500)), min_size=1, max_size=8))
def test_the_list_puts_urgency_before_age_and_age_before_names(cases):
    reasons = [
        (reason_of(running(cases=(case(place, NOW - hours * dt.timedelta(hours=1)),)), today=TODAY), str(place))
        for place, hours in cases
    ]
    listed = sorted(reasons, key=lambda one: list_order(*one))
    keys = [(reason.case.place, reason.case.opened_at) for reason, _name in listed]
    assert keys == sorted(keys)


def test_a_program_that_an_answer_holds_back_needs_somebody_after_every_open_case():
    held = reason_of(running(program_state="paused", program_reason="intake"), today=TODAY)
    least = reason_of(running(cases=(case(3),)), today=TODAY)
    assert held.standing is Standing.NEEDS_YOU
    assert list_order(least, "Zoe") < list_order(held, "Aiko")


def test_those_who_are_fine_come_by_name():
    fine = reason_of(running(), today=TODAY)
    assert list_order(fine, "Aiko") < list_order(fine, "Dele")


def test_a_phase_ends_as_many_weeks_before_the_end_as_follow_it():
    spans = [Span(1, 2), Span(2, 6)]
    assert last_day_of(spans[0], spans, TODAY + 28 * DAY) == TODAY


@pytest.mark.parametrize(("ahead", "position"), [(29, 1), (28, 1), (27, 2), (-5, 2)])
def test_the_phase_of_a_day_is_the_first_that_is_not_over(ahead, position):
    spans = [Span(1, 2), Span(2, 6)]
    assert phase_at(spans, TODAY + ahead * DAY, today=TODAY).position == position


def test_a_program_without_phases_has_none():
    assert phase_at([], TODAY, today=TODAY) is None


@pytest.mark.parametrize(("ahead", "week"), [(27, 1), (21, 1), (20, 2), (0, 4), (-9, 4)])
def test_weeks_are_counted_back_from_the_end(ahead, week):
    assert week_at(4, TODAY + ahead * DAY, today=TODAY) == week
