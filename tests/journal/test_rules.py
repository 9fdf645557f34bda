"""What a log may say, when it happened, and what it means at once."""

import datetime as dt
import json
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.journal import rules
from plans.journal.rules import Fault, LogRefused, TimeTooFarAhead, TimeTooFarBack
from tests.clock import NOW, TODAY
from tests.journal.logs import check_in, read, session

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


def test_a_warning_sign_is_not_turned_away_because_can_wait_is_open():
    flags = [{"slug": "pe", "answer": True, "version": 1}]
    assert read(check_in(10, can_wait=None, red_flags=flags)).can_wait is None


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


@settings(max_examples=40)  # a tree of values costs a hundred times a number
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
