"""What a log means at once, and what the rules read of it later."""

import dataclasses
import datetime as dt
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.journal import rules
from plans.journal.rules import Lines, Moment, Scored, lines_from
from plans.library.rules import FlagUrgency, ProgramAction
from tests.clock import TODAY, at
from tests.journal.logs import BUTTOCK, check_in, read, session

PROGRAM, ITEM = uuid4(), uuid4()


# The answer at once


FLAGS = {
    flag.slug: flag
    for flag in (
        rules.Flag("ces", FlagUrgency.EMERGENCY_NOW, ProgramAction.STOP_AND_LOCK, "Call now."),
        rules.Flag("ces-2", FlagUrgency.EMERGENCY_NOW, ProgramAction.STOP_AND_LOCK, "Call now."),
        rules.Flag("dvt", FlagUrgency.SAME_DAY, ProgramAction.STOP_AND_LOCK, "Today."),
        rules.Flag("weight", FlagUrgency.WITHIN_DAYS, ProgramAction.PAUSE_UNTIL_CLEARED, "This week."),
        rules.Flag("slow", FlagUrgency.WITHIN_DAYS, ProgramAction.CONTINUE_GENTLE, "Gently."),
    )
}


def answer(body):
    return rules.answer_to(read(body), FLAGS)


def yes(*slugs):
    return [{"slug": slug, "answer": True, "version": 1} for slug in slugs]


def messages(body):
    return [message.text or message.id for message in answer(body).messages]


@pytest.mark.parametrize("score", range(9))
def test_pain_that_can_wait_is_only_saved(score):
    assert messages(check_in(score)) == ["saved"]
    assert answer(check_in(score)).effect is rules.Effect.NONE


@pytest.mark.parametrize("score", [9, 10])
def test_very_severe_pain_pauses_the_program(score):
    given_answer = answer(check_in(score))
    assert (given_answer.effect, given_answer.reason) == (rules.Effect.PAUSE, "very-severe-same-day")


def test_an_8_that_kept_the_client_awake_is_very_severe():
    assert answer(check_in(8, slept_badly=True)).level is rules.Level.VERY_SEVERE
    assert answer(check_in(7, slept_badly=True)).level is rules.Level.NOTED


@pytest.mark.parametrize("score", [7, 8])
def test_what_cannot_wait_hides_the_move_that_hurt(score):
    item = {"prescription": str(ITEM), "done": True}
    given_answer = answer(session(PROGRAM, 2, score, can_wait=False, items=[item]))
    assert given_answer.messages == (rules.Message("asked-for-help"),)
    assert given_answer.hidden == (ITEM,)


def test_who_answered_the_safety_questions_is_not_sent_to_look_for_them():
    asked = [{"slug": "ces", "answer": False, "version": 1}]
    assert messages(check_in(9, red_flags=asked)) == ["very-severe-answered"]
    assert messages(check_in(9)) == ["very-severe-same-day"]


def test_very_severe_pain_that_cannot_wait_is_answered_once_and_still_hides_the_move():
    item = {"prescription": str(ITEM), "done": True}
    given_answer = answer(session(PROGRAM, 2, 9, can_wait=False, items=[item]))
    assert [message.id for message in given_answer.messages] == ["very-severe-same-day"]
    assert (given_answer.hidden, given_answer.hidden_by) == ((ITEM,), "asked-for-help")


def test_below_7_cannot_wait_means_nothing():
    assert answer(check_in(6, can_wait=False)).level is rules.Level.NOTED


@pytest.mark.parametrize(
    ("slug", "effect"),
    [
        ("ces", rules.Effect.LOCK),
        ("dvt", rules.Effect.LOCK),
        ("weight", rules.Effect.PAUSE),
        ("slow", rules.Effect.NONE),
    ],
)
def test_a_red_flag_says_its_own_words_and_does_what_the_library_says(slug, effect):
    given_answer = answer(check_in(2, red_flags=yes(slug)))
    assert given_answer.effect is effect
    assert [m.text for m in given_answer.messages] == [FLAGS[slug].message]


def test_a_red_flag_speaks_alone_and_the_most_urgent_first():
    body = check_in(10, can_wait=False, harm=["fall"], red_flags=yes("weight", "dvt", "ces", "ces-2"))
    assert messages(body) == ["Call now.", "Today.", "This week."]


def test_a_no_to_a_safety_question_changes_nothing():
    assert messages(check_in(3, red_flags=[{"slug": "ces", "answer": False, "version": 1}])) == ["saved"]


def test_harm_and_a_stop_are_answered():
    assert messages(check_in(2, harm=["bruise"])) == ["adverse-event"]
    item = {"prescription": str(ITEM), "done": False, "stop_reason": "sharp"}
    assert messages(session(PROGRAM, 2, 4, items=[item])) == ["in-session-stop"]
    assert messages(session(PROGRAM, 2, 4, items=[item | {"stop_reason": "no_time"}])) == ["saved"]


def test_the_item_to_blame_is_the_stopped_one_then_the_worst_then_the_only_one():
    first, second = str(UUID(int=1)), str(UUID(int=2))

    def blamed(*items):
        return [item.int for item in rules.items_that_hurt(read(session(PROGRAM, items=list(items))))]

    stopped = {"prescription": first, "done": False, "stop_reason": "nerve"}
    assert blamed(stopped, {"prescription": second, "done": True, "peak": 9}) == [1]
    assert blamed(
        {"prescription": first, "done": True, "peak": 3}, {"prescription": second, "done": True, "peak": 9}
    ) == [2]
    assert blamed({"prescription": first, "done": True}, {"prescription": second, "done": True}) == []
    assert blamed({"prescription": first, "done": True}, {"prescription": second, "done": False}) == [1]


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        (check_in(6), False),
        (check_in(8), False),
        (check_in(9), True),
        (check_in(7, can_wait=False), True),
        (check_in(8, slept_badly=True), True),
        (check_in(1, harm=["faint"]), True),
    ],
)
def test_safety_questions_are_asked_at_9_at_cannot_wait_and_after_harm(body, asked):
    assert rules.asks_safety_questions(read(body)) is asked


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (check_in(8), False),
        (check_in(9), True),
        (check_in(7, can_wait=False), True),
        (check_in(2, harm=["fall"]), True),
        (check_in(2, red_flags=yes("slow")), True),
        (session(PROGRAM, items=[{"prescription": str(ITEM), "done": False, "stop_reason": "nerve"}]), True),
        (session(PROGRAM, items=[{"prescription": str(ITEM), "done": False, "stop_reason": "too_painful"}]), False),
    ],
)
def test_a_page_promises_that_somebody_is_told_only_when_a_case_opens(body, told):
    assert rules.tells_someone(read(body)) is told


scores = st.integers(0, 10)
bodies = st.builds(
    lambda before, after, can_wait, slept, harm, flags: session(
        PROGRAM, before, after, can_wait=can_wait, slept_badly=slept, harm=harm, red_flags=yes(*flags)
    ),
    scores,
    scores,
    st.booleans(),
    st.booleans(),
    st.lists(st.sampled_from(["bruise", "fall"]), unique=True),
    st.lists(st.sampled_from(sorted(FLAGS)), unique=True),
)


@given(bodies, scores)
def test_more_pain_is_never_answered_less_severely(body, worse):
    lower = read(body)
    raised = tuple(dataclasses.replace(r, score=max(r.score, worse)) for r in lower.reports)
    below, above = (rules.answer_to(one, FLAGS) for one in (lower, dataclasses.replace(lower, reports=raised)))
    assert above.level >= below.level
    assert above.effect >= below.effect
    assert set(below.hidden) <= set(above.hidden)


@given(bodies)
def test_every_log_gets_an_answer(body):
    assert answer(body).messages


@given(scores, scores)
def test_more_pain_is_never_a_lesser_severity(one, other):
    order = list(rules.Severity)
    assert (one <= other) <= (order.index(rules.severity_of(one)) <= order.index(rules.severity_of(other)))


@pytest.mark.parametrize("score", [-1, 11, 2.5, True, "7", None])
def test_no_word_for_what_is_not_a_score(score):
    with pytest.raises(ValueError, match="0 to 10"):
        rules.severity_of(score)


# Usual readings


def scored(moment, score, day="2026-03-10", time="09:00"):
    return Scored(dt.date.fromisoformat(day), at(day, time), Moment(moment), score)


def usual(*reports):
    return [(reading.on.day, reading.score) for reading in rules.usual_readings(reports)]


def test_a_usual_reading_is_the_highest_of_the_day_before_its_first_release():
    day = [scored("check_in", 6, time="07:00"), scored("before", 4, time="08:00"), scored("after", 9, time="08:00")]
    later = [scored("check_in", 8, time="20:00"), scored("before", 9, time="21:00")]
    assert usual(*day, *later) == [(10, 6)]


def test_a_day_without_a_session_counts_all_its_check_ins():
    assert usual(scored("check_in", 3, time="07:00"), scored("check_in", 5, time="20:00")) == [(10, 5)]


def test_next_morning_and_after_are_not_usual_pain():
    assert usual(scored("next_morning", 9), scored("after", 9)) == []


def test_usual_readings_come_oldest_first_whatever_the_order_of_arrival():
    reports = [scored("check_in", 3, "2026-03-12"), scored("check_in", 4, "2026-03-10")]
    assert usual(*reports) == usual(*reversed(reports)) == [(10, 4), (12, 3)]


def test_a_baseline_is_the_median_of_the_first_week_with_at_least_three():
    readings = rules.usual_readings(
        scored("check_in", s, f"2026-03-{d:02}") for d, s in [(1, 8), (3, 5), (7, 6), (8, 1)]
    )
    first = dt.date(2026, 3, 1)
    assert rules.baseline_of(readings, first_log_on=first) == 6
    assert rules.baseline_of(readings[:2], first_log_on=first) is None


def test_a_site_of_the_map_is_accepted():
    assert read(check_in(reports=[{"moment": "check_in", "score": 2, "sites": [BUTTOCK]}])).sites


# Trend


def trend(*scores):
    return rules.trend_of([(TODAY + dt.timedelta(days=7 * week), score) for week, score in enumerate(scores)])


def test_a_trend_compares_the_first_sessions_with_the_last():
    assert (trend(6, 6, 5, 4, 3, 3).start, trend(6, 6, 5, 4, 3, 3).now) == (6, 3)
    assert trend(6, 6, 5, 4, 3, 3).direction is rules.Direction.FALLEN
    assert trend(2, 5).direction is rules.Direction.RISEN
    assert trend(4, 4, 4).direction is rules.Direction.SAME


@pytest.mark.parametrize(("start", "now"), [(0, 1), (1, 0), (6, 5)])
def test_a_change_under_two_points_is_about_the_same(start, now):
    assert rules.direction_of(start, now) is rules.Direction.SAME


def test_one_session_is_no_trend():
    assert trend(5) is None


def test_what_a_page_did_not_ask_stays_as_it_was_said():
    stored = read(
        session(
            PROGRAM,
            items=[{"prescription": str(ITEM), "done": False, "stop_reason": "sharp", "peak": 6}],
            red_flags=yes("ces"),
            reports=[{"moment": m, "score": 2} for m in ("before", "after", "next_morning")],
        )
    )
    typed = read(session(uuid4(), 1, 1, items=[{"prescription": str(ITEM), "done": True}]))
    right = rules.put_right(stored, typed)
    assert [(r.moment, r.score) for r in right.reports] == [("before", 1), ("after", 1), ("next_morning", 2)]
    assert right.items == (rules.ItemLog(ITEM, True, 6, "sharp"),)
    assert (right.program, right.uuid, right.red_flags) == (PROGRAM, stored.uuid, stored.red_flags)


def test_a_clinics_lines_may_only_be_lower_and_nonsense_is_passed_over():
    assert lines_from({}, {}) == Lines(7, 9, 8)
    assert lines_from({"severe": 6, "very_severe": 8}, {"very_severe": 7}) == Lines(6, 7, 8)
    assert lines_from({"severe": 8, "very_severe": "4", "sleepless": True, "other": 1}) == Lines(7, 9, 8)
