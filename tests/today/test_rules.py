"""What the client's first page says, decided without a database."""

import datetime as dt
import json

import pytest

from plans.today.rules import (
    CaseSeen,
    Day,
    LetterSeen,
    Note,
    PartOfDay,
    Span,
    Step,
    Today,
    fate_of,
    is_unanswered,
    note_of,
    part_of_day,
    phase_at,
    stands_today,
    week_at,
    week_days,
)
from tests.architecture.tree import ROOT
from tests.clock import NOW, TODAY

HOUR = dt.timedelta(hours=1)


def seen(**more):
    facts = {
        "reported_at": NOW - HOUR,
        "is_live": True,
        "is_acknowledged": False,
        "acknowledged_at": None,
        "acknowledged_by": "",
        "answer_by": NOW + 3 * HOUR,
    }
    return CaseSeen(**{**facts, **more})


def steps(case, *letters, now=NOW):
    return [step.step for step in fate_of(case, letters, now=now)]


def test_nobody_is_said_to_be_told_while_the_letter_is_still_here():
    assert steps(seen(), LetterSeen("Jo Marsh", None)) == [Step.SENT, Step.BEING_TOLD, Step.NOT_SEEN]


def test_a_letter_that_left_tells_its_reader():
    told = fate_of(seen(), [LetterSeen("Jo Marsh", NOW - HOUR / 2)], now=NOW)[1]
    assert (told.step, told.name, told.at) == (Step.TOLD, "Jo Marsh", NOW - HOUR / 2)


def test_a_person_told_twice_is_named_once_with_the_first_time():
    letters = [LetterSeen("Jo Marsh", NOW - HOUR), LetterSeen("Jo Marsh", NOW)]
    told = [step for step in fate_of(seen(), letters, now=NOW) if step.step is Step.TOLD]
    assert [step.at for step in told] == [NOW - HOUR]


def test_an_acknowledged_report_says_who_has_seen_it():
    case = seen(is_acknowledged=True, acknowledged_at=NOW, acknowledged_by="Jo Marsh")
    assert steps(case, LetterSeen("Jo Marsh", NOW - HOUR)) == [Step.SENT, Step.TOLD, Step.SEEN]


def test_after_the_hour_of_the_answer_the_client_is_asked_to_call():
    fate = fate_of(seen(answer_by=NOW), [LetterSeen("Jo Marsh", NOW - HOUR)], now=NOW)
    assert is_unanswered(fate)


def test_one_minute_before_it_they_are_not():
    fate = fate_of(seen(answer_by=NOW + HOUR / 60), [LetterSeen("Jo Marsh", NOW - HOUR)], now=NOW)
    assert not is_unanswered(fate)


def test_nobody_answering_on_any_tier_asks_to_call_at_once():
    assert is_unanswered(fate_of(seen(nobody_at=NOW), [], now=NOW))


def test_a_closed_report_is_answered():
    case = seen(is_live=False, acknowledged_at=NOW, acknowledged_by="Jo Marsh", resolved_at=NOW)
    assert steps(case, LetterSeen("Jo Marsh", NOW - HOUR)) == [Step.SENT, Step.TOLD, Step.SEEN, Step.ANSWERED]


@pytest.mark.parametrize(
    ("state", "reason", "is_planned", "is_done", "expected"),
    [
        ("running", "", True, False, Today.PLANNED),
        ("running", "", True, True, Today.DONE),
        ("running", "", False, True, Today.DONE),
        ("running", "", False, False, Today.REST),
        ("locked", "saddle-numb", True, True, Today.LOCKED),
        ("paused", "client", True, False, Today.PAUSED),
        ("paused", "intake", True, False, Today.HELD_BY_INTAKE),
        ("offered", "", False, False, Today.OFFERED),
        ("finished", "", False, True, Today.FINISHED),
    ],
)
def test_a_program_stands_where_its_state_and_the_day_say(state, reason, is_planned, is_done, expected):
    stands = stands_today(
        state, reason, starts_on=TODAY, ends_on=TODAY, today=TODAY, is_planned=is_planned, is_done=is_done
    )
    assert stands is expected


def test_a_program_that_starts_tomorrow_is_not_yet():
    stands = stands_today(
        "running",
        "",
        starts_on=TODAY + dt.timedelta(days=1),
        ends_on=TODAY + dt.timedelta(days=28),
        today=TODAY,
        is_planned=False,
        is_done=False,
    )
    assert stands is Today.NOT_YET


@pytest.mark.parametrize(("days", "expected"), [(0, Today.REST), (1, Today.FINISHED)])
def test_a_program_is_over_the_day_after_its_last(days, expected):
    last = TODAY - dt.timedelta(days=days)
    began = last - dt.timedelta(days=27)
    stands = stands_today("running", "", starts_on=began, ends_on=last, today=TODAY, is_planned=False, is_done=False)
    assert stands is expected


def test_a_week_runs_from_monday_to_sunday_and_nothing_in_it_is_missed():
    monday = TODAY - dt.timedelta(days=TODAY.weekday())
    planned = frozenset({monday, TODAY, monday + dt.timedelta(days=4)})
    states = [state for _day, state in week_days(TODAY, planned=planned, done=frozenset())]
    assert states == [Day.WAITING, Day.TODAY, Day.REST, Day.REST, Day.TODO, Day.REST, Day.REST]


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, PartOfDay.MORNING), (11, PartOfDay.MORNING), (12, PartOfDay.AFTERNOON), (18, PartOfDay.EVENING)],
)
def test_the_greeting_follows_the_clock(hour, part):
    assert part_of_day(hour) is part


def test_weeks_are_counted_back_from_the_end_so_that_a_hold_costs_none():
    ends_on = TODAY + dt.timedelta(days=13)
    assert week_at(4, ends_on, today=TODAY) == 3
    assert week_at(4, ends_on + dt.timedelta(days=7), today=TODAY) == 2


@pytest.mark.parametrize(("week", "position"), [(1, 1), (2, 1), (3, 2), (9, 2)])
def test_the_phase_of_a_week_is_the_first_one_that_is_not_over(week, position):
    spans = [Span(1, 1, 2), Span(2, 3, 4)]
    assert phase_at(spans, week).position == position


NOTES = [
    ([], {}, None),
    (["worsening"], {}, Note.GO_LIGHTER),
    (["soreness-window"], {"is_sore": True}, Note.GO_LIGHTER),
    (["improvement", "non-adherence"], {"is_sore": True}, Note.SORE),
    (["improvement", "non-adherence"], {}, Note.SMALLER),
    (["improvement"], {}, Note.WIN),
    (["improvement", "non-adherence"], {"is_running": False}, None),
    (["worsening"], {"is_running": False}, Note.GO_LIGHTER),
    (["worsening"], {"is_cared_for": True}, None),
    (["no-improvement-week4", "silent-client", "stopped-nudging"], {}, None),
]


@pytest.mark.parametrize(("rules", "more", "note"), NOTES)
def test_one_note_is_said_the_most_pressing_first(rules, more, note):
    known = {"is_sore": False, "is_running": True, "is_cared_for": False} | more
    assert note_of(rules, **known) is note


def test_the_words_of_the_notes_are_the_librarys():
    messages = json.loads((ROOT / "plans/library/starter/messages.json").read_text())["records"]
    texts = {each["slug"]: each["text"] for each in messages}
    page = (ROOT / "templates/today/_note.html").read_text().replace("{{ improvement_pct }}", "{improvement_pct}")
    assert [note for note in Note if texts[note] not in page] == []
