"""The charts: what is plotted, what is left out, and that every chart can be read without seeing it."""

import datetime as dt
import itertools
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.journal.drawings import PHONE, WIDE, Change, Reading, pain_chart, sparkline, trend_chart
from plans.journal.drawings.axes import Axes
from plans.journal.rules import Bands
from tests.clock import TODAY

FIRST = TODAY - dt.timedelta(days=34)
SCORES = st.integers(min_value=0, max_value=10)


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


def drawn(readings: list[Reading], **given_: object) -> ElementTree.Element:
    words = {"first": FIRST, "last": TODAY, "title": "Pain", "summary": "It fell.", **given_}
    return ElementTree.fromstring(pain_chart(readings, **words))


def of_class(chart: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [part for part in chart.iter() if part.get("class") == name]


def texts(chart: ElementTree.Element) -> list[str]:
    return [part.text or "" for part in chart.iter("text")]


def test_before_is_hollow_and_after_is_solid_and_a_line_joins_them():
    chart = drawn([Reading(day(3), before=6, after=4)])
    before, after, drop = (of_class(chart, name)[0] for name in ("before", "after", "drop"))
    assert float(before.get("cy", 0)) < float(after.get("cy", 0))
    assert (drop.get("y1"), drop.get("y2")) == (before.get("cy"), after.get("cy"))


def test_a_severe_score_is_larger_and_said_in_words():
    chart = drawn([Reading(day(34), before=3, after=8)])
    assert len(of_class(chart, "flag")) == 1
    assert "8 after session" in texts(chart)


def test_an_old_severe_score_is_drawn_but_is_no_news():
    chart = drawn([Reading(day(0), before=7, after=8), *(Reading(day(n), before=4, after=3) for n in range(5, 15))])
    assert len(of_class(chart, "flag")) == 1
    assert "8 after session" not in texts(chart)


def test_words_beside_a_mark_cover_no_other_mark():
    alone = drawn([Reading(day(34), before=3, after=7)])
    crowded = drawn([Reading(day(32), check_in=7), Reading(day(34), before=3, after=7)])
    beside, above = (float(of_class(chart, "note")[0].get("y", 0)) for chart in (alone, crowded))
    assert above < beside


def test_the_line_breaks_where_more_than_a_week_is_missing():
    joined = drawn([Reading(day(n), before=5) for n in (0, 2, 9)])
    broken = drawn([Reading(day(n), before=5) for n in (0, 2, 10, 12)])
    assert len(of_class(joined, "avg")) == 1
    assert len(of_class(broken, "avg")) == 2


def test_the_line_is_the_average_of_the_last_five():
    chart = drawn([Reading(day(n), before=score) for n, score in enumerate([10, 2, 2, 2, 2, 2])])
    last = of_class(chart, "avg")[0].get("points", "").split()[-1]
    assert float(last.split(",")[1]) == pytest.approx(Axes(WIDE.without_headroom(), FIRST, TODAY).y(2), abs=0.1)


def test_what_came_before_the_first_day_only_shapes_the_average():
    chart = drawn(
        [Reading(FIRST - dt.timedelta(days=2), before=9), Reading(day(0), before=3), Reading(day(1), before=3)]
    )
    assert len(of_class(chart, "before")) == 2
    start = of_class(chart, "avg")[0].get("points", "").split()[0]
    assert float(start.split(",")[1]) == pytest.approx(Axes(WIDE.without_headroom(), FIRST, TODAY).y(6), abs=0.1)


def test_a_planned_day_without_a_log_is_not_no_pain():
    chart = drawn([Reading(day(1), before=4, after=3)], waiting=[day(1), day(2), TODAY + dt.timedelta(days=1)])
    assert len(of_class(chart, "did")) == 1
    assert len(of_class(chart, "missed")) == 1


def test_a_check_in_is_no_session():
    chart = drawn([Reading(day(1), check_in=5)])
    assert len(of_class(chart, "checkin")) == 1
    assert of_class(chart, "did") == []


def test_a_change_of_the_program_is_marked_on_its_day():
    chart = drawn([], changes=[Change(day(16), "Phase 2", "Ball release added")])
    assert {"Phase 2", "Ball release added"} <= set(texts(chart))


def test_words_of_changes_close_together_do_not_run_into_each_other():
    chart = drawn([], changes=[Change(day(16), "Phase 2"), Change(day(17), "Phase 3")])
    assert len(of_class(chart, "note-line")) == 2
    assert "Phase 3" not in texts(chart)


def test_the_bands_are_the_clinics_own():
    chart = drawn([Reading(day(34), before=3, after=7)], bands=Bands(mild=1, moderate=6, severe=8, version=2))
    assert {"8 to 10", "6 to 7", "1 to 5"} <= set(texts(chart))
    assert of_class(chart, "flag") == []


def test_the_limit_of_a_rule_is_a_line():
    assert len(of_class(drawn([], limit=7), "limit")) == 1


def test_the_chart_is_named_and_described():
    chart = drawn([], uid="x")
    assert chart.get("role") == "img"
    assert chart.get("aria-labelledby") == "x-t x-d"
    assert [part.text for part in chart][:2] == ["Pain", "It fell."]


@pytest.mark.parametrize("frame", [WIDE, PHONE])
def test_text_is_not_scaled_down_on_a_phone(frame):
    chart = drawn([], frame=frame, changes=[Change(day(3), "Phase 1")])
    assert chart.get("viewBox") == f"0 0 {frame.width} {frame.height}"


def test_a_chart_without_changes_keeps_no_room_for_their_words():
    assert drawn([]).get("viewBox") == "0 0 720 328"


def test_days_along_the_foot_are_evenly_apart_and_end_today():
    chart = drawn([], day_words=dt.date.isoformat)
    marked = [dt.date.fromisoformat(text) for text in texts(chart) if text.startswith("20")]
    assert marked[-1] == TODAY
    assert {later - earlier for earlier, later in itertools.pairwise(marked)} == {dt.timedelta(days=7)}


def test_words_of_people_are_escaped():
    chart = pain_chart([], first=FIRST, last=TODAY, title="<b>", summary='"', changes=[Change(day(1), "<script>")])
    assert "<script>" not in chart
    assert "<b>" not in chart


def test_one_day_is_a_chart_too():
    assert of_class(drawn([Reading(TODAY, before=5, after=5)], first=TODAY, last=TODAY), "before")


@given(st.lists(st.tuples(st.integers(0, 34), SCORES, SCORES), max_size=40))
def test_every_dot_lies_inside_the_picture(logs):
    chart = drawn([Reading(day(number), before=before, after=after) for number, before, after in logs])
    for part in chart.iter():
        if "cx" in part.attrib:
            assert 0 <= float(part.attrib["cx"]) <= WIDE.width
            assert 0 <= float(part.attrib["cy"]) <= WIDE.height


@given(st.lists(SCORES, max_size=9))
def test_a_sparkline_ends_in_the_severity_of_the_last_score(scores):
    chart = ElementTree.fromstring(sparkline(scores, label="Pain"))
    assert len(list(chart.iter("circle"))) == min(len(scores), 1)


def test_a_sparkline_says_its_scores():
    assert 'aria-label="Pain: 4, 8"' in sparkline([4, 8], label="Pain: 4, 8")


def test_a_trend_runs_from_an_open_to_a_full_dot():
    chart = ElementTree.fromstring(trend_chart([6, 5, 3], label="Down from 6 to 3"))
    assert [dot.get("class") for dot in chart.iter("circle")] == ["before", "did"]


def test_a_trend_without_scores_is_empty_bands():
    assert "<circle" not in trend_chart([], label="Nothing yet")
