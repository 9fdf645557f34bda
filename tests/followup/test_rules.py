"""What opens a case, who is told when, and when a reminder is kind."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.followup.rules import (
    LIVE,
    TRANSITIONS,
    Amount,
    EscalationAct,
    EscalationState,
    Family,
    FlagYes,
    Log,
    NotAllowed,
    Rule,
    Score,
    Unit,
    Urgency,
    after,
    fold,
    numbers_from,
    rank,
    usual_of,
    working_days,
)
from plans.journal.rules import Moment, StopReason
from plans.library.rules import FlagUrgency

S, A = EscalationState, EscalationAct


def log(day: int, score: int | None, *, moment=Moment.CHECK_IN, hour: int = 9, **more) -> Log:
    """One log on a day counted from 1 March 2026."""
    performed = dt.datetime(2026, 3, 1, hour, tzinfo=dt.UTC) + dt.timedelta(days=day - 1)
    name = more.pop("name", f"session:{day}{hour:02}")
    scores = () if score is None else (Score(moment, score),)
    return Log(name, f"{name}:1", performed, performed.date(), scores=more.pop("scores", scores), **more)


def rules_of(logs) -> list[str]:
    return [finding.rule.value for finding in fold(logs)]


# The graph of a case


ALLOWED = {
    (S.OPEN, A.TELL): S.NOTIFIED,
    (S.OPEN, A.ACKNOWLEDGE): S.ACKNOWLEDGED,
    (S.OPEN, A.EVIDENCE): S.OPEN,
    (S.OPEN, A.RISE): S.OPEN,
    (S.NOTIFIED, A.TELL): S.NOTIFIED,
    (S.NOTIFIED, A.REMIND): S.NOTIFIED,
    (S.NOTIFIED, A.NOBODY): S.NOTIFIED,
    (S.NOTIFIED, A.ACKNOWLEDGE): S.ACKNOWLEDGED,
    (S.NOTIFIED, A.EVIDENCE): S.NOTIFIED,
    (S.NOTIFIED, A.RISE): S.OPEN,
    (S.ACKNOWLEDGED, A.RESOLVE): S.RESOLVED,
    (S.ACKNOWLEDGED, A.EVIDENCE): S.ACKNOWLEDGED,
    (S.ACKNOWLEDGED, A.RISE): S.OPEN,
    (S.ACKNOWLEDGED, A.SNOOZE): S.ACKNOWLEDGED,
    (S.ACKNOWLEDGED, A.SETTLED): S.ACKNOWLEDGED,
    (S.ACKNOWLEDGED, A.FOLLOW_UP): S.OPEN,
    (S.OPEN, A.HAND_OVER): S.OPEN,
    (S.NOTIFIED, A.HAND_OVER): S.OPEN,
    (S.ACKNOWLEDGED, A.HAND_OVER): S.OPEN,
    (S.RESOLVED, A.REOPEN): S.OPEN,
}


@pytest.mark.parametrize(("state", "act"), list(itertools.product(S, A)))
def test_every_cell_of_states_and_acts_is_decided(state, act):
    if (state, act) in ALLOWED:
        assert after(state, act) is ALLOWED[state, act]
    else:
        with pytest.raises(NotAllowed):
            after(state, act)


def test_only_a_taken_case_can_end():
    assert [cell for cell, to in TRANSITIONS.items() if to is S.RESOLVED] == [(S.ACKNOWLEDGED, A.RESOLVE)]
    assert S.RESOLVED not in LIVE


def test_a_red_flag_emergency_is_the_fastest():
    assert [rank(u) for u in (Urgency.ROUTINE, Urgency.URGENT, Urgency.SAME_DAY, Urgency.EMERGENCY_NOW)] == [0, 1, 2, 3]


# Severe pain that stays


STAYS = [
    # (day, score) pairs, fires
    ([(1, 7), (2, 7), (3, 7)], True),
    ([(1, 7), (2, 7)], False),
    ([(1, 7), (2, 6), (3, 7)], False),
    ([(1, 6), (2, 7), (3, 7)], False),
    ([(1, 7), (4, 8), (9, 7)], True),  # logged days in a row, with days without a log between
    ([(1, 7), (2, 3), (3, 7), (4, 3), (5, 7)], True),  # 3 of the last 5 within 7 days
    ([(1, 7), (2, 3), (3, 7), (4, 3), (5, 3), (6, 7)], False),  # 2 of the last 5
    ([(1, 7), (3, 3), (4, 7), (6, 3), (7, 7)], True),  # exactly 7 days
    ([(1, 7), (3, 3), (4, 7), (6, 3), (8, 7)], False),  # 8 days
    ([(1, 7), (2, 7), (3, 3)], False),
]


@pytest.mark.parametrize(("days", "fires"), STAYS)
def test_severe_pain_that_stays_is_found_and_one_step_less_is_not(days, fires):
    found = rules_of(log(day, score) for day, score in days)
    assert (Rule.SEVERE_PERSISTENT in found) is fires


def test_severe_pain_that_stays_names_the_readings_that_prove_it():
    [finding] = fold([log(1, 7), log(2, 8), log(3, 7)])
    assert [(reading.on.day, reading.score) for reading in finding.readings] == [(1, 7), (2, 8), (3, 7)]
    assert (finding.family, finding.urgency, finding.target) == (Family.SEVERE, Urgency.ROUTINE, working_days(2))
    assert finding.message == "severe-persistent"


def test_scores_after_a_session_are_no_usual_reading():
    assert rules_of(log(day, 8, moment=Moment.AFTER) for day in (1, 2, 3)) == []


def test_next_morning_scores_are_no_usual_reading():
    assert rules_of(log(day, 8, moment=Moment.NEXT_MORNING) for day in (1, 2, 3)) == []


def test_the_highest_of_a_day_ahead_of_its_first_release_is_its_usual_reading():
    morning = log(1, 4, hour=8)
    release = log(1, 6, moment=Moment.BEFORE, hour=12)
    evening = log(1, 8, hour=20)
    assert [(r.score, r.evidence) for r in usual_of([evening, release, morning])] == [(6, "session:112")]


def test_a_day_sore_from_new_effort_does_not_count():
    from plans.followup.rules import DEFAULT_NUMBERS
    from plans.followup.rules.severe import severe_persistent

    usual = usual_of([log(1, 7), log(2, 7), log(3, 7)])
    assert severe_persistent(usual, DEFAULT_NUMBERS, sore_days=frozenset({usual[1].on})) is None


def test_two_logs_on_the_third_day_are_one_finding():
    found = rules_of([log(1, 7), log(2, 7), log(3, 7, hour=8), log(3, 8, hour=10)])
    assert found == [Rule.SEVERE_PERSISTENT]


def test_each_further_severe_day_is_a_finding_of_its_own():
    assert rules_of(log(day, 7) for day in range(1, 6)) == [Rule.SEVERE_PERSISTENT] * 3


# The other rules that open a case


@pytest.mark.parametrize(
    ("scores", "slept_badly", "fires"),
    [((9,), None, True), ((10,), None, True), ((8,), None, False), ((8,), True, True), ((7,), True, False)],
)
def test_very_severe_is_nine_or_sleepless_with_eight(scores, slept_badly, fires):
    found = fold([log(1, scores[0], slept_badly=slept_badly)])
    assert [(f.rule, f.urgency) for f in found] == ([(Rule.VERY_SEVERE, Urgency.URGENT)] if fires else [])


@pytest.mark.parametrize("moment", list(Moment))
def test_very_severe_is_read_at_every_moment(moment):
    assert rules_of([log(1, 9, moment=moment)]) == [Rule.VERY_SEVERE]


@pytest.mark.parametrize(
    ("score", "can_wait", "fires"), [(7, False, True), (7, True, False), (7, None, False), (6, False, False)]
)
def test_cannot_wait_needs_seven_and_a_no(score, can_wait, fires):
    assert rules_of([log(1, score, can_wait=can_wait)]) == ([Rule.ASKED_FOR_HELP] if fires else [])


FLAGS = [
    (FlagUrgency.EMERGENCY_NOW, Urgency.EMERGENCY_NOW, Amount(0, Unit.HOURS)),
    (FlagUrgency.SAME_DAY, Urgency.SAME_DAY, Amount(4, Unit.HOURS)),
    (FlagUrgency.WITHIN_DAYS, Urgency.ROUTINE, working_days(1)),
]


@pytest.mark.parametrize(("flag", "urgency", "target"), FLAGS)
def test_a_red_flag_opens_a_safety_case_at_its_own_urgency(flag, urgency, target):
    [finding] = fold([log(1, 2, flags=(FlagYes("ces-saddle", flag),))])
    assert (finding.family, finding.urgency, finding.target) == (Family.SAFETY, urgency, target)


def test_of_several_flags_the_most_urgent_leads():
    flags = (FlagYes("a", FlagUrgency.WITHIN_DAYS), FlagYes("b", FlagUrgency.SAME_DAY))
    [finding] = fold([log(1, None, flags=flags)])
    assert (finding.urgency, finding.params) == (Urgency.SAME_DAY, {"flags": ["a", "b"]})


def test_harm_from_a_session_opens_a_safety_case():
    assert rules_of([log(1, 2, harm=("bruise",))]) == [Rule.ADVERSE_EVENT]
    assert rules_of([log(1, 2, harm=())]) == []


@pytest.mark.parametrize("reason", list(StopReason))
def test_only_nerve_dizzy_and_circulation_stops_open_a_case(reason):
    fires = reason in {StopReason.NERVE, StopReason.DIZZY, StopReason.CIRCULATION}
    assert rules_of([log(1, 3, stops=(reason,))]) == ([Rule.IN_SESSION_STOP] if fires else [])


def test_findings_of_one_moment_stand_in_order_of_precedence():
    days = [log(1, 7), log(2, 7)]
    worst = log(
        3,
        9,
        can_wait=False,
        harm=("fall",),
        stops=(StopReason.NERVE,),
        flags=(FlagYes("ces-saddle", FlagUrgency.EMERGENCY_NOW),),
    )
    opens_cases = [rule for rule in Rule if rule in rules_of([*days, worst])]
    assert rules_of([*days, worst]) == opens_cases
    assert len(opens_cases) == 6


def test_a_policy_replaces_numbers_and_keeps_the_rest():
    numbers = numbers_from({"severe_min": 8, "nonsense": 3, "days_in_row": "x"}, version=4)
    assert (numbers.severe_min, numbers.days_in_row, numbers.version) == (8, 3, 4)
    assert fold([log(1, 7), log(2, 7), log(3, 7)], numbers) == []


logs = st.lists(
    st.builds(
        lambda day, hour, score, moment, wait: log(day, score, hour=hour, moment=moment, can_wait=wait),
        st.integers(1, 20),
        st.integers(0, 23),
        st.integers(0, 10),
        st.sampled_from(list(Moment)),
        st.sampled_from([None, True, False]),
    ),
    max_size=14,
    unique_by=lambda entry: entry.evidence,
)


@given(logs, st.randoms())
def test_findings_do_not_depend_on_the_order_of_arrival(entries, rng):
    shuffled = list(entries)
    rng.shuffle(shuffled)
    assert fold(shuffled) == fold(entries)


@given(logs)
def test_no_occasion_is_found_twice(entries):
    keys = [finding.key for finding in fold(entries)]
    assert len(keys) == len(set(keys))


@given(st.lists(st.integers(0, 10), min_size=1, max_size=8), st.data())
def test_more_pain_never_finds_less(scores, data):
    more = [data.draw(st.integers(score, 10)) for score in scores]
    found = {f.key for f in fold(log(day, score) for day, score in enumerate(scores, 1))}
    with_more = {f.key for f in fold(log(day, score) for day, score in enumerate(more, 1))}
    assert found <= with_more
