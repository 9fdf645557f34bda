"""Where pain is going is read from usual readings, and each rule is silent one step under its threshold."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.followup.rules import Family, Finding, Log, Reading, Score, Urgency, stop_of, working_days
from plans.followup.rules.course import (
    average_at,
    discharge,
    improvement,
    mornings_of,
    severe_in_care,
    stopped_again,
    worse_mornings,
    worsening,
)
from plans.followup.rules.hints import Hint, is_better
from plans.followup.rules.numbers import DEFAULT_NUMBERS, numbers_from
from plans.followup.rules.rulebook import Opens
from plans.followup.rules.soreness import Done, windows_of
from plans.journal.rules import Moment, OutcomeScore, StopReason

N = DEFAULT_NUMBERS
FIRST = dt.date(2026, 3, 1)


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number - 1)


def usual(*pairs: tuple[int, int]) -> list[Reading]:
    """Usual readings from (day, score) pairs, days counted from 1 March."""
    return [Reading(day(number), score, f"session:{number}") for number, score in pairs]


def run_of(scores, *, first: int = 1) -> list[Reading]:
    return usual(*enumerate(scores, first))


# Getting worse


WORSE = [
    # scores on days in a row, baseline, what it opens
    ([6, 6, 6, 6], 4, "review"),
    ([6, 6, 6], 4, None),  # one day only
    ([5, 6, 6, 6], 4, None),  # the mean of the day before is 5.67
    ([6, 6, 6, 5], 4, None),
    ([6, 6, 6, 6], 4.5, None),
    ([7, 7, 7, 6], 4, "review"),  # 6.67 is 2.67 above
    ([6, 7, 7, 7], 4, "case"),  # 3 above
    ([5, 6, 7, 7], 4, "case"),  # enters the severe band
    ([6, 6, 6, 6], 3, "case"),
    ([9, 9, 9, 9], 7, "review"),  # was in the severe band already
    ([4, 4, 4, 4], 4, None),
]


def opened(found) -> str | None:
    return {Hint: "review", Finding: "case", type(None): None}[type(found)]


@pytest.mark.parametrize(("scores", "baseline", "opens"), WORSE)
def test_two_points_above_baseline_two_days_running_is_worsening_and_one_step_less_is_not(scores, baseline, opens):
    assert opened(worsening(run_of(scores), baseline, N)) == opens


def test_logged_days_in_a_row_may_lie_apart():
    assert opened(worsening(usual((1, 6), (4, 6), (9, 6), (12, 6)), 4, N)) == "review"


def test_without_a_baseline_nothing_gets_worse():
    assert worsening(run_of([9, 9, 9, 9]), None, N) is None


def test_a_raised_worsening_is_a_case_of_the_severe_family_within_three_working_days():
    found = worsening(run_of([7, 7, 7, 7]), 4, N)
    assert (found.family, found.urgency, found.target) == (Family.SEVERE, Urgency.ROUTINE, working_days(3))
    assert (found.message, found.params) == ("worsening", {"from": 4, "to": 7, "by": "usual"})
    assert [reading.score for reading in found.readings] == [7, 7, 7, 7]


def test_days_of_expected_soreness_are_no_worsening():
    readings = run_of([6, 6, 6, 6])
    assert worsening(readings, 4, N, sore_days=frozenset({day(2)})) is None
    assert worsening(run_of([6, 6, 6, 6, 6]), 4, N, sore_days=frozenset({day(2)})) is not None


def test_a_sore_last_day_opens_nothing():
    assert worsening(run_of([6, 6, 6, 6, 6]), 4, N, sore_days=frozenset({day(5)})) is None


def test_a_policy_replaces_the_points():
    assert worsening(run_of([6, 6, 6, 6]), 4, numbers_from({"worse_points": 3}, version=2)) is None


def log(number: int, **scores: int) -> Log:
    at = dt.datetime.combine(day(number), dt.time(9), dt.UTC)
    said = tuple(Score(Moment(moment), score) for moment, score in scores.items())
    return Log(f"session:{number}", f"session:{number}:1", at, day(number), scores=said)


MORNINGS = [
    # (before, next morning) of two sessions, what it opens
    ((3, 5), (3, 5), "review"),
    ((3, 4), (3, 5), None),
    ((3, 5), (3, 4), None),
    ((3, 5), (3, 6), "case"),  # 3 above
    ((5, 7), (4, 6), "review"),
    ((4, 6), (5, 7), "case"),  # enters the severe band
]


@pytest.mark.parametrize(("one", "two", "opens"), MORNINGS)
def test_two_mornings_running_two_above_the_score_before_are_worsening(one, two, opens):
    logs = [log(1, before=one[0]), log(2, next_morning=one[1]), log(4, before=two[0]), log(5, next_morning=two[1])]
    assert opened(worse_mornings(mornings_of(logs, [], N), N)) == opens


def test_a_morning_two_days_later_follows_no_session():
    assert mornings_of([log(1, before=3), log(3, next_morning=9)], [], N) == []


def test_a_morning_said_after_the_next_session_still_follows_the_day_before():
    logs = [log(1, before=3), log(2, before=2), replace(log(2, next_morning=6), evidence="session:3")]
    [morning] = mornings_of(logs, [], N)
    assert (morning.ahead.on, morning.rise) == (day(1), 3)


def test_a_sessions_own_log_may_be_given_its_next_morning():
    [morning] = mornings_of([log(1, before=3, after=2, next_morning=6)], [], N)
    assert morning.rise == 3


def test_a_sore_morning_after_something_new_is_no_worsening():
    logs = [log(1, before=3), log(2, next_morning=5)]
    windows = windows_of(logs, [Done("session:1", logs[0].performed_at, 1, 60)], N)
    assert mornings_of(logs, windows, N) == []


# Severe in spite of care


EVERY_OTHER = [1, 3, 5, 7, 8, 10, 12, 14]
CARE = [
    # (day, score) pairs, days of contacts, fires
    ([(n, 7) for n in EVERY_OTHER], [3, 10], True),
    ([(n, 7) for n in EVERY_OTHER], [3], False),
    ([(n, 7) for n in EVERY_OTHER], [3, 15], False),
    ([(n, 6) for n in EVERY_OTHER], [3, 10], False),
    ([(n, 7 if n != 14 else 6) for n in EVERY_OTHER], [3, 10], False),  # the last one got better
    ([(n, 7 if n > 5 else 6) for n in EVERY_OTHER], [3, 10], False),  # a first week mostly below
    ([(n, 7 if n not in (3, 8) else 6) for n in EVERY_OTHER], [3, 10], True),  # most of each week
    ([(n, 7) for n in EVERY_OTHER if n > 7], [3, 10], False),  # one week only
]


@pytest.mark.parametrize(("days", "contacts", "fires"), CARE)
def test_severe_for_14_days_with_two_contacts_recommends_a_doctor(days, contacts, fires):
    found = severe_in_care(usual(*days), [day(number) for number in contacts], N)
    assert (found is not None) is fires
    if found:
        assert (found.family, found.urgency, found.target) == (Family.SEVERE, Urgency.ROUTINE, working_days(2))


def test_a_contact_before_the_14_days_is_not_counted():
    readings = usual(*((n + 1, 7) for n in EVERY_OTHER))
    assert severe_in_care(readings, [day(1), day(10)], N) is None
    assert severe_in_care(readings, [day(2), day(10)], N) is not None


# Stopped for pain, again


STOPPED = [
    # (day, reason) pairs, fires
    ([(1, "sharp"), (7, "too_painful")], True),
    ([(1, "sharp"), (8, "sharp")], False),
    ([(1, "sharp")], False),
    ([(1, "no_time"), (2, "sharp")], False),
    ([(1, "sharp"), (2, "no_time")], False),
    ([(1, "nerve"), (2, "sharp")], False),
]


@pytest.mark.parametrize(("stops", "fires"), STOPPED)
def test_a_stop_for_pain_twice_in_a_week_is_a_review(stops, fires):
    logs = [replace(log(number, before=3), stops=(StopReason(reason),)) for number, reason in stops]
    hint = stopped_again(logs, N)
    assert (hint is not None) is fires
    if hint:
        assert (hint.opens, hint.params) == (Opens.REVIEW, {"reasons": ["sharp", "too_painful"], "times": 2})


STOP = [
    # reason, peak, limit, eased, what the rules read
    (None, 4, 3, False, StopReason.TOO_PAINFUL),
    (None, 3, 3, False, None),
    (None, 4, 3, True, None),
    (None, 4, 3, None, None),
    (None, None, 3, False, None),
    (StopReason.TOO_PAINFUL, 9, 3, True, None),
    (StopReason.TOO_PAINFUL, None, 3, None, StopReason.TOO_PAINFUL),
    (StopReason.TOO_PAINFUL, 9, 3, False, StopReason.TOO_PAINFUL),
    (StopReason.NERVE, 1, 3, True, StopReason.NERVE),
    (StopReason.NO_TIME, None, 3, None, StopReason.NO_TIME),
]


@pytest.mark.parametrize(("reason", "peak", "limit", "eased", "stop"), STOP)
def test_pain_above_the_limit_that_does_not_ease_is_a_stop_and_one_that_eases_is_not(reason, peak, limit, eased, stop):
    assert stop_of(reason, peak=peak, limit=limit, eased=eased) is stop


# Better


BETTER = [
    # now, baseline, percent, points, better
    (4, 6, 30, 2, True),
    (4.3, 6, 30, 2, False),  # 28 percent
    (4.2, 6, 30, 2, True),  # 30 percent
    (2, 3, 30, 2, True),
    (2.2, 3, 30, 2, False),
    (0, 0, 30, 2, False),
    (5, 4, 30, 2, False),
    (7, 8, 15, 1, True),
]


@pytest.mark.parametrize(("now", "baseline", "pct", "points", "better"), BETTER)
def test_better_is_by_percent_or_by_points(now, baseline, pct, points, better):
    assert is_better(now, baseline, pct=pct, points=points) is better


def test_one_reading_is_no_average():
    assert average_at(run_of([4]), day(1), N) is None
    assert average_at(usual((1, 4), (7, 2)), day(7), N) == 3
    assert average_at(usual((1, 4), (8, 2)), day(8), N) is None


IMPROVED = [([4, 4, 4], True), ([4, 4, 5], False), ([5, 4, 3], True)]


@pytest.mark.parametrize(("scores", "fires"), IMPROVED)
def test_a_week_two_points_below_baseline_is_an_offer(scores, fires):
    hint = improvement(run_of(scores), [], 6, N, program=7)
    assert (hint is not None) is fires
    if hint:
        assert (hint.opens, hint.key) == (Opens.OFFER, "improvement:7")
        assert hint.params == {"from": 6, "to": 4, "improvement_pct": 33}


@pytest.mark.parametrize(("morning", "fires"), [(4, True), (5, False)])
def test_a_morning_above_its_usual_pain_holds_the_offer_back(morning, fires):
    logs = [log(1, before=4), log(2, next_morning=morning)]
    found = improvement(run_of([4, 4, 4]), mornings_of(logs, [], N), 6, N, program=7)
    assert (found is not None) is fires


def test_without_a_baseline_nothing_is_offered():
    assert improvement(run_of([1, 1, 1]), [], None, N, program=7) is None


def activities(*pairs: tuple[int, float], items: int = 3) -> tuple[OutcomeScore, ...]:
    """The client's own activities rated on these days, 0-10, higher is better."""
    return tuple(OutcomeScore(day(number), score, dict.fromkeys(range(1, items + 1), 0)) for number, score in pairs)


TWENTY = list(range(1, 21))
BACK = [
    # (day, mean of the activities), fires
    (((1, 4), (15, 6.3)), True),
    (((1, 4), (15, 6.2)), False),
    (((1, 4.0), (15, 19 / 3)), True),
    (((1, 4), (8, 7), (15, 6)), False),  # the newest counts
    (((1, 7),), False),  # rated once
    ((), False),
    (((1, 4), (21, 7)), False),  # after the day that is judged
]


@pytest.mark.parametrize(("rated", "fires"), BACK)
def test_doing_well_is_being_back_to_what_matters_and_not_only_without_pain(rated, fires):
    hint = discharge(usual(*((n, 2) for n in TWENTY)), N, program=7, psfs=activities(*rated))
    assert (hint is not None) is fires


def test_other_activities_than_at_first_are_no_rise():
    rated = (*activities((1, 4)), *activities((15, 9), items=4))
    assert discharge(usual(*((n, 2) for n in TWENTY)), N, program=7, psfs=rated) is None


WELL = [
    ([(n, 2) for n in TWENTY], True),
    ([(n, 2 if n != 14 else 3) for n in TWENTY], False),
    ([(n, 2) for n in TWENTY if n > 1], True),
    ([(n, 2) for n in TWENTY if n > 6], False),  # the first of the 14 averages has one reading
    ([(n, 2) for n in (1, 5, 9, 12, 16, 20)], False),  # a week with one reading
    ([(n, 2 if n % 2 else 1) for n in TWENTY], True),
]


@pytest.mark.parametrize(("days", "fires"), WELL)
def test_two_or_less_on_average_for_14_days_is_an_offer_to_close(days, fires):
    hint = discharge(usual(*days), N, program=7, psfs=activities((1, 4), (15, 7)))
    assert (hint is not None and hint.opens is Opens.OFFER) is fires


scores = st.lists(st.integers(0, 10), min_size=1, max_size=24)


@given(scores, st.data())
def test_more_pain_never_worsens_less(before, data):
    more = [data.draw(st.integers(score, 10)) for score in before]
    steps = [None, Hint, Finding]
    rank = [steps.index(type(f) if (f := worsening(run_of(each), 4, N)) else None) for each in (before, more)]
    assert rank[0] <= rank[1]


BETTER = activities((1, 4), (2, 9))


@given(scores, st.data())
def test_more_pain_is_never_offered_more(before, data):
    more = [data.draw(st.integers(score, 10)) for score in before]
    for rule in (lambda r: improvement(r, [], 6, N, program=1), lambda r: discharge(r, N, program=1, psfs=BETTER)):
        assert rule(run_of(more)) is None or rule(run_of(before)) is not None


@given(scores)
def test_nobody_is_offered_more_while_getting_worse(given_scores):
    readings = run_of(given_scores)
    assert not (worsening(readings, 4, N) and improvement(readings[-7:], [], 4, N, program=1))
