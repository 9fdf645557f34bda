"""A replay finds what a fold finds, only in its own time."""

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from plans.followup.rules import DEFAULT_NUMBERS, Finding, History, Log, Score, Told, fold, replay, with_numbers
from plans.followup.rules.rehearsal import Desk
from plans.journal.rules import Moment, OutcomeScore
from tests.clock import NOW

DAY = dt.timedelta(days=1)
SAID = st.lists(
    st.tuples(st.integers(0, 10), st.integers(0, 9), st.sampled_from(["check_in", "before"]), st.integers(0, 6)),
    max_size=10,
)


def log(number, score, day, moment):
    at = NOW + day * DAY + dt.timedelta(minutes=number)
    return Log(f"session:{number}", f"session:{number}:1", at, at.date(), scores=(Score(Moment(moment), score),))


def keys(found):
    return {each.key for each in found if isinstance(each, Finding)}


@given(SAID, st.booleans())
def test_however_late_the_logs_come_the_end_knows_what_a_fold_knows(said, is_strict):
    numbers = with_numbers(DEFAULT_NUMBERS, {"severe_min": 5}) if is_strict else DEFAULT_NUMBERS
    logs = [log(number, score, day, moment) for number, (score, day, moment, _) in enumerate(said)]
    told = tuple(Told(each, each.performed_at + late * DAY) for each, (*_, late) in zip(logs, said, strict=True))
    hits = replay(History(told=told), numbers, since=NOW - DAY, mornings=(), today=lambda at: at.date())
    assert keys(fold(logs, numbers)) <= keys(hit.found for hit in hits)
    in_order = all(a.from_at <= b.from_at for a, b in pairwise(told))
    if in_order and sorted(logs, key=lambda each: each.performed_at) == logs:
        severe = {key for key in keys(hit.found for hit in hits) if not key.startswith("worsening")}
        assert severe == {key for key in keys(fold(logs, numbers)) if not key.startswith("worsening")}


def test_an_answer_to_a_measure_counts_from_its_own_day():
    given = OutcomeScore(NOW.date(), 3, {1: 3})
    desk = Desk(History(change=(given,), psfs=(given,)), lambda at: at.date())
    assert (desk.care(NOW - DAY).change, desk.care(NOW - DAY).psfs) == ((), ())
    assert (desk.care(NOW).change, desk.care(NOW).psfs) == ((given,), (given,))
