"""What opens a case, who is told when, and when a reminder is kind."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.followup.rules import (
    LIVE,
    TRANSITIONS,
    URGENCIES,
    Amount,
    Calendar,
    CaseFacts,
    Clock,
    EscalationAct,
    EscalationState,
    Family,
    FlagYes,
    Log,
    NobodyAnswered,
    NotAllowed,
    Remind,
    Rule,
    Score,
    Tell,
    Unit,
    Urgency,
    Wait,
    after,
    fold,
    later,
    next_step,
    numbers_from,
    rank,
    target_at,
    tier_at,
    usual_of,
    working_days,
)
from plans.journal.rules import Moment, StopReason
from plans.library.rules import FlagUrgency
from tests.clock import at

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
    from plans.followup.rules.severe import DEFAULT_NUMBERS, severe_persistent

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
    assert rules_of([*days, worst]) == [rule.value for rule in Rule]


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


# Working time


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
