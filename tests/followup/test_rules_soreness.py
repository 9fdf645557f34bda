"""A little soreness after something new is expected, and never hides severe pain."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.followup.rules import FlagYes, Log, Score, usual_of
from plans.followup.rules.numbers import DEFAULT_NUMBERS
from plans.followup.rules.rulebook import Opens
from plans.followup.rules.soreness import Done, efforts_of, expected_soreness, sore_days_of, still_sore, windows_of
from plans.journal.rules import Moment
from plans.library.rules import FlagUrgency

N = DEFAULT_NUMBERS
START = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)


def log(hours: float, *scores: tuple[Moment, int], **more) -> Log:
    """A log so many hours after nine on 1 March; a plain number is a check-in."""
    at = START + dt.timedelta(hours=hours)
    said = tuple(Score(*pair) if isinstance(pair, tuple) else Score(Moment.CHECK_IN, pair) for pair in scores)
    name = f"session:{int(hours * 10)}"
    return Log(name, f"{name}:1", at, at.date(), scores=said, **more)


def release(hours: float, before: int, after: int) -> Log:
    return log(hours, (Moment.BEFORE, before), (Moment.AFTER, after))


def done(entry: Log, technique: int = 1, seconds: int = 60) -> Done:
    return Done(entry.evidence, entry.performed_at, technique, seconds)


def sore_days(logs, new) -> list[int]:
    windows = windows_of(logs, [done(entry) for entry in new], N)
    return sorted(day.day for day in sore_days_of(logs, windows, N))


FIRST = release(0, 4, 4)

AFTER_A_FIRST_ITEM = [
    # hours after it, score, is it soreness
    (24, 5, True),
    (24, 7, True),  # 3 above usual
    (24, 8, False),  # 4 above
    (24, 4, False),  # no more than usual
    (48, 6, True),
    (48.1, 6, False),
]


@pytest.mark.parametrize(("hours", "score", "sore"), AFTER_A_FIRST_ITEM)
def test_a_little_more_than_usual_within_48_hours_is_soreness_and_one_step_more_is_not(hours, score, sore):
    later = log(hours, score)
    assert bool(sore_days([FIRST, later], [FIRST])) is sore


@pytest.mark.parametrize(("usual", "opens"), [(6, True), (7, False), (8, False)])
def test_it_is_never_used_where_usual_pain_was_severe_already(usual, opens):
    first = release(0, usual, usual)
    assert bool(windows_of([first], [done(first)], N)) is opens


def test_nine_is_never_soreness():
    first = release(0, 6, 6)
    assert sore_days([first, log(24, 9)], [first]) == []
    assert sore_days([first, log(24, 8)], [first]) == [2]


def test_a_red_flag_is_never_soreness():
    flagged = log(24, 5, flags=(FlagYes("ces-saddle", FlagUrgency.SAME_DAY),))
    assert sore_days([FIRST, flagged], [FIRST]) == []


def test_what_was_felt_before_the_effort_is_no_soreness_from_it():
    calm, first = log(-24, 2), release(0, 4, 3)
    assert sore_days([calm, first], [first]) == []


def test_at_most_two_windows_open_in_14_days():
    efforts = [release(24 * day, 3, 3) for day in (0, 5, 13, 14)]
    new = [done(entry, technique=number) for number, entry in enumerate(efforts)]
    assert [window.effort.evidence for window in windows_of(efforts, new, N)] == [
        efforts[0].evidence,
        efforts[1].evidence,
        efforts[3].evidence,
    ]


def test_first_new_and_increased_items_are_efforts_and_repeated_or_lighter_ones_are_not():
    days = [release(24 * day, 3, 3) for day in range(5)]
    rows = [
        done(days[0], 1, 60),
        done(days[1], 1, 60),
        done(days[2], 1, 90),
        done(days[3], 1, 60),
        done(days[4], 1, 90),
        done(days[4], 2, 30),
    ]
    assert [effort.evidence for effort in efforts_of(rows)] == [days[n].evidence for n in (0, 2, 4)]


def test_no_window_opens_where_nobody_knows_the_usual_pain():
    first = log(0, (Moment.AFTER, 3))
    assert windows_of([first], [done(first)], N) == []


# The mark


def test_a_sore_log_is_marked_and_opens_nothing():
    morning = log(24, 6)
    hint = expected_soreness(morning, windows_of([FIRST, morning], [done(FIRST)], N), N)
    assert hint is not None
    assert (hint.opens, hint.message, hint.params) == (Opens.MARK, "soreness-window", {"score": 6, "usual": 4})
    assert [reading.score for reading in hint.readings] == [4, 6]


def test_the_score_after_the_very_session_may_be_soreness():
    first = release(0, 4, 6)
    assert expected_soreness(first, windows_of([first], [done(first)], N), N)


def test_one_score_above_the_limit_unmarks_the_whole_log():
    both = log(24, (Moment.CHECK_IN, 6), (Moment.NEXT_MORNING, 8))
    assert expected_soreness(both, windows_of([FIRST, both], [done(FIRST)], N), N) is None


# Still sore


STILL = [
    # (hours, score) after the effort, review
    ([(24, 6), (72, 5)], True),
    ([(24, 6), (71, 5)], False),
    ([(24, 6), (72, 4)], False),  # back to usual
    ([(24, 6), (50, 4), (72, 5)], False),  # was back in between
    ([(24, 4), (72, 5)], False),  # never sore
    ([(72, 5)], False),
    ([(24, 6), (72, 5), (96, 5)], False),  # said once, at the first word past 72 hours
    ([(24, 6), (168, 5)], True),
    ([(24, 6), (169, 5)], False),
]


@pytest.mark.parametrize(("said", "fires"), STILL)
def test_soreness_that_72_hours_have_not_ended_is_a_review(said, fires):
    logs = [FIRST, *(log(hours, score) for hours, score in said)]
    windows = windows_of(logs, [done(FIRST)], N)
    hint = still_sore(usual_of(logs), windows, {entry.evidence: entry for entry in logs}, N)
    assert (hint is not None and hint.opens is Opens.REVIEW) is fires


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 10), st.integers(1, 4)), max_size=12))
def test_no_day_of_nine_or_of_four_above_usual_is_ever_called_sore(said):
    logs = [release(hours, score, score) for hours, score, _ in {each[0]: each for each in said}.values()]
    logs.sort(key=lambda entry: entry.performed_at)
    techniques = {hours: technique for hours, _, technique in said}
    new = [done(entry, techniques[int(entry.evidence[8:]) // 10]) for entry in logs]
    windows = windows_of(logs, new, N)
    sore = sore_days_of(logs, windows, N)
    for reading in usual_of(logs):
        if reading.on in sore:
            assert reading.score < 9
            assert any(0 < reading.score - w.usual.score <= 3 and w.usual.score < 7 for w in windows)
    for window in windows:
        near = [w for w in windows if dt.timedelta(0) <= window.effort.at - w.effort.at < dt.timedelta(days=14)]
        assert len(near) <= 2
