"""What a log may say, when it happened, and what it means at once."""

import dataclasses
import datetime as dt
import json
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.journal import rules
from plans.journal.rules import Fault, LogRefused, Moment, Scored, TimeTooFarAhead, TimeTooFarBack
from plans.library.rules import FlagUrgency, ProgramAction
from tests.clock import NOW, TODAY, at
from tests.journal.logs import BUTTOCK, check_in, read, session

PROGRAM, ITEM = uuid4(), uuid4()


def faults(body):
    with pytest.raises(LogRefused) as refused:
        read(body)
    return {(problem.field, problem.fault) for problem in refused.value.problems}


# The contract


def test_a_session_says_its_scores_and_sites():
    body = read(session(PROGRAM, 5, 3, items=[{"prescription": str(ITEM), "done": True, "peak": 4}], felt="too_easy"))
    assert body.program == PROGRAM
    assert [(r.moment, r.score) for r in body.reports] == [("before", 5), ("after", 3)]
    assert body.reports[1].sites == (rules.Site("back-buttock", "right"),)
    assert body.items == (rules.ItemLog(ITEM, True, 4),)


@pytest.mark.parametrize("score", [11, -1, "seven", "7", 3.5, True, [], {}, 10**30])
def test_a_score_is_a_whole_number_from_0_to_10(score):
    body = check_in(0, reports=[{"moment": "check_in", "score": score}])
    assert faults(body) == {("reports[0].score", Fault.NOT_A_SCORE)}


@pytest.mark.parametrize("score", range(11))
def test_every_score_of_the_scale_is_accepted(score):
    assert read(check_in(score)).highest == score


@pytest.mark.parametrize(
    "moments", [[], ["before"], ["after"], ["check_in"], ["before", "after", "check_in"], ["next_morning"]]
)
def test_a_session_needs_before_and_after(moments):
    body = session(PROGRAM, reports=[{"moment": moment, "score": 2} for moment in moments])
    assert faults(body) == {("reports", Fault.NEEDS_BEFORE_AND_AFTER)}


@pytest.mark.parametrize("moments", [[], ["before", "after"], ["check_in", "after"], ["before"]])
def test_a_check_in_stands_alone(moments):
    body = check_in(reports=[{"moment": moment, "score": 2} for moment in moments])
    assert faults(body) == {("reports", Fault.CHECK_IN_ALONE)}


def test_the_next_morning_may_be_told_alone_or_with_its_session():
    alone = read(check_in(reports=[{"moment": "next_morning", "score": 2}]))
    three = [{"moment": moment, "score": 2} for moment in ("before", "after", "next_morning")]
    both = read(check_in(reports=[{"moment": moment, "score": 2} for moment in ("check_in", "next_morning")]))
    assert alone.program is None
    assert len(both.reports) == 2
    assert len(read(session(PROGRAM, reports=three)).reports) == 3


def test_a_moment_is_told_once():
    twice = [{"moment": "check_in", "score": 2}, {"moment": "check_in", "score": 3}]
    assert ("reports", Fault.TWICE) in faults(check_in(reports=twice))


@pytest.mark.parametrize(
    "site",
    [
        {"region": "wing", "side": "left"},
        {"region": "back-buttock", "side": "none"},
        {"region": "back-buttock", "side": "both"},
        {"region": "front-face", "side": "left"},
        {"region": "back-buttock-right", "side": "none"},
        {"region": "back-buttock"},
        {},
    ],
)
def test_a_site_is_a_region_of_the_body_map_with_its_side(site):
    body = check_in(reports=[{"moment": "check_in", "score": 2, "sites": [site]}])
    assert faults(body) == {("reports[0].sites[0].region", Fault.UNKNOWN_SITE)}


@pytest.mark.parametrize("score", [7, 8, 9, 10])
def test_from_7_on_it_must_say_whether_it_can_wait(score):
    assert faults(check_in(score, can_wait=None)) == {("can_wait", Fault.CAN_WAIT_ASKED)}


@pytest.mark.parametrize("score", range(7))
def test_below_7_nobody_is_asked_whether_it_can_wait(score):
    assert read(check_in(score)).can_wait is None


def test_a_note_may_have_4000_characters_and_not_one_more():
    assert len(read(check_in(note="a" * 4000)).note) == 4000
    assert faults(check_in(note="a" * 4001)) == {("note", Fault.TOO_LONG)}


@pytest.mark.parametrize("note", [7, ["a"], "a\x00b", "a\ud800b"])
def test_a_note_is_text(note):
    assert faults(check_in(note=note)) == {("note", Fault.NOT_TEXT)}


def test_an_unknown_field_is_refused_by_its_name():
    body = check_in(mood="fine", reports=[{"moment": "check_in", "score": 2, "colour": "red"}])
    assert faults(body) == {("mood", Fault.UNKNOWN_FIELD), ("reports[0].colour", Fault.UNKNOWN_FIELD)}


def test_every_fault_is_told_at_once():
    body = check_in(performed_at="yesterday", felt="fine", harm=["bruise", "scare"], red_flags=[{"slug": "pe"}])
    assert faults(body) == {
        ("performed_at", Fault.NOT_A_TIME),
        ("felt", Fault.UNKNOWN_WORD),
        ("harm[1]", Fault.UNKNOWN_WORD),
        ("red_flags[0].answer", Fault.REQUIRED),
        ("red_flags[0].version", Fault.REQUIRED),
    }


@pytest.mark.parametrize("when", ["2026-03-10T08:30:00", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00", 7])
def test_a_time_has_an_offset_and_a_year_of_ours(when):
    assert {field for field, _ in faults(check_in(performed_at=when))} == {"performed_at"}


def test_items_belong_to_a_program():
    item = {"prescription": str(ITEM), "done": True}
    assert faults(check_in(items=[item])) == {("items", Fault.ITEMS_NEED_PROGRAM)}
    assert ("items", Fault.TWICE) in faults(session(PROGRAM, items=[item, item]))


def test_a_list_has_an_end():
    assert faults(check_in(harm=["bruise"] * 61)) == {("harm", Fault.TOO_MANY)}


@pytest.mark.parametrize("body", [[], "text", None, 7])
def test_a_log_is_an_object(body):
    assert ("", Fault.NOT_AN_OBJECT) in faults(body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from([*session(PROGRAM), "items", "red_flags", "harm", "felt", "note", "can_wait", "sent_at"])


@given(st.dictionaries(fields, json_values, max_size=4))
def test_any_json_is_read_or_refused_and_never_breaks(parts):
    try:
        highest = read(session(PROGRAM) | parts).highest
    except LogRefused as refused:
        highest = len(refused.problems) and 0
    assert 0 <= highest <= 10


# The digest


def test_the_same_log_sent_later_has_the_same_digest():
    uuid = uuid4()
    first, again = (read(check_in(sent_at=f"2026-03-10T08:3{n}:00+00:00"), uuid) for n in (1, 5))
    assert rules.digest_of(first) == rules.digest_of(again)


def test_the_same_instant_in_another_zone_is_the_same_log():
    here, there = read(check_in()), read(check_in(performed_at="2026-03-10T09:30:00+01:00"))
    assert rules.digest_of(here) == rules.digest_of(there)


@pytest.mark.parametrize(
    "other", [{"note": "more"}, {"felt": "too_hard"}, {"performed_at": "2026-03-10T08:31:00+00:00"}, {"harm": ["fall"]}]
)
def test_any_other_word_is_another_digest(other):
    assert rules.digest_of(read(check_in())) != rules.digest_of(read(check_in(**other)))


def test_a_log_in_the_contract_s_words_reads_back_the_same():
    body = read(session(PROGRAM, 8, 7, sent_at="2026-03-10T08:40:00+00:00", harm=["fall"], note="stiff"))
    assert read(json.loads(json.dumps(rules.as_contract(body))), body.uuid) == body


# The clock


def settle(performed_at, sent_at=None, zone="Europe/London"):
    return rules.settle_time(performed_at, sent_at=sent_at, received_at=NOW, zone=zone)


def test_a_fast_clock_is_corrected_by_what_it_said_when_sending():
    fast = dt.timedelta(hours=3)
    settled = settle(NOW - dt.timedelta(hours=2) + fast, NOW + fast)
    assert settled.performed_at == NOW - dt.timedelta(hours=2)
    assert not settled.is_suspect


def test_a_few_seconds_between_sending_and_receiving_are_the_network():
    performed = NOW - dt.timedelta(hours=2)
    assert settle(performed, NOW - dt.timedelta(seconds=20)).performed_at == performed


@pytest.mark.parametrize(("minutes", "suspect"), [(1, False), (10, False), (11, True), (60 * 23, True)])
def test_ahead_is_set_back_to_now_and_suspect_past_ten_minutes(minutes, suspect):
    settled = settle(NOW + dt.timedelta(minutes=minutes))
    assert (settled.performed_at, settled.is_suspect) == (NOW, suspect)


@pytest.mark.parametrize("ahead", [dt.timedelta(hours=24, seconds=1), dt.timedelta(days=365)])
def test_more_than_a_day_ahead_is_refused(ahead):
    with pytest.raises(TimeTooFarAhead):
        settle(NOW + ahead)


def test_a_clock_a_year_wrong_is_corrected_but_suspect():
    wrong = dt.timedelta(days=365)
    settled = settle(NOW + wrong, NOW + wrong)
    assert (settled.performed_at, settled.is_suspect) == (NOW, True)


@pytest.mark.parametrize(("sent_at", "days"), [(None, 30), (NOW, 60)])
def test_typed_in_reaches_back_30_days_and_queued_on_a_phone_60(sent_at, days):
    assert settle(NOW - dt.timedelta(days=days), sent_at).performed_at == NOW - dt.timedelta(days=days)
    with pytest.raises(TimeTooFarBack) as refused:
        settle(NOW - dt.timedelta(days=days, seconds=1), sent_at)
    assert refused.value.days == days


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Pacific/Apia", "2026-03-10"), ("America/New_York", "2026-03-10"), ("Pacific/Honolulu", "2026-03-09")],
)
def test_the_day_is_the_client_s_own(zone, day):
    assert settle(None, zone=zone).local_on == dt.date.fromisoformat(day)


def test_just_now_is_the_time_of_receiving():
    assert settle(None) == rules.Settled(NOW, TODAY, False)


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
