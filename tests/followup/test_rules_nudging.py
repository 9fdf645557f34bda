"""A reminder comes at the client's own time, rarely, and never at night."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.post.rules import quiet_ends, zone_of
from plans.followup.rules import Drop, Later, NudgeFacts, Send, nudge_step
from tests.clock import at

TUESDAY, WEDNESDAY = dt.date(2026, 3, 10), dt.date(2026, 3, 11)
DAY = "one a day is enough"


def facts(**changes) -> NudgeFacts:
    return NudgeFacts(**{"zone": "Europe/London", "local_on": TUESDAY, **changes})


STEPS = [
    ({}, at("2026-03-10", "18:29"), Later(at("2026-03-10", "18:30"))),
    ({}, at("2026-03-10", "18:30"), Send(at("2026-03-10", "18:30"), at("2026-03-10", "21:00"), TUESDAY)),
    ({}, at("2026-03-10", "20:59"), Send(at("2026-03-10", "18:30"), at("2026-03-10", "21:00"), TUESDAY)),
    ({}, at("2026-03-10", "21:00"), Drop("its time had passed")),
    ({"reminder_time": dt.time(7)}, at("2026-03-10", "07:30"), Later(at("2026-03-10", "08:00"))),
    (
        {"reminder_time": dt.time(7)},
        at("2026-03-10", "08:00"),
        Send(at("2026-03-10", "08:00"), at("2026-03-10", "21:00"), TUESDAY),
    ),
    (
        {"reminder_time": dt.time(22)},
        at("2026-03-10", "22:00"),
        Send(at("2026-03-11", "08:00"), at("2026-03-11", "21:00"), WEDNESDAY),
    ),
    ({"reminder_time": dt.time(22), "taken": frozenset({WEDNESDAY})}, at("2026-03-10", "22:00"), Drop(DAY)),
    ({"taken": frozenset({TUESDAY})}, at("2026-03-10", "18:30"), Drop(DAY)),
    ({"is_of_morning": True}, at("2026-03-10", "07:59"), Later(at("2026-03-10", "08:00"))),
    (
        {"is_of_morning": True},
        at("2026-03-10", "08:00"),
        Send(at("2026-03-10", "08:00"), at("2026-03-10", "12:00"), TUESDAY),
    ),
    ({"is_of_morning": True}, at("2026-03-10", "12:00"), Drop("its time had passed")),
    (
        {"sent_in_week": 3, "ignored_in_row": 3, "is_halved": False},
        at("2026-03-10", "19:00"),
        Send(at("2026-03-10", "18:30"), at("2026-03-10", "21:00"), TUESDAY),
    ),
    ({"sent_in_week": 4, "is_halved": False}, at("2026-03-10", "19:00"), Drop("enough for this week")),
    (
        {"ignored_in_row": 4, "is_halved": False, "is_stopped": False},
        at("2026-03-10", "19:00"),
        Send(at("2026-03-10", "18:30"), at("2026-03-10", "21:00"), TUESDAY),
    ),
    ({"zone": "America/New_York"}, at("2026-03-10", "18:30"), Later(at("2026-03-10", "22:30"))),
    (
        {"sent_in_week": 3},
        at("2026-03-10", "19:00"),
        Send(at("2026-03-10", "18:30"), at("2026-03-10", "21:00"), TUESDAY),
    ),
    ({"sent_in_week": 4}, at("2026-03-10", "19:00"), Drop("enough for this week")),
    (
        {"sent_in_week": 1, "ignored_in_row": 2},
        at("2026-03-10", "19:00"),
        Send(at("2026-03-10", "18:30"), at("2026-03-10", "21:00"), TUESDAY),
    ),
    ({"sent_in_week": 2, "ignored_in_row": 2}, at("2026-03-10", "19:00"), Drop("enough for this week")),
    (
        {"sent_in_week": 2, "ignored_in_row": 1},
        at("2026-03-10", "19:00"),
        Send(at("2026-03-10", "18:30"), at("2026-03-10", "21:00"), TUESDAY),
    ),
    ({"ignored_in_row": 4}, at("2026-03-10", "19:00"), Drop("four were left unanswered")),
    ({"quiet_from": dt.time(19), "quiet_until": dt.time(9)}, at("2026-03-10", "19:00"), Drop("its time had passed")),
]


@pytest.mark.parametrize(("changes", "now", "step"), STEPS)
def test_a_reminder_is_sent_later_or_dropped(changes, now, step):
    assert nudge_step(facts(**changes), now=now) == step


HARD_DAYS = [
    # zone, day, own time, the instant it is due
    ("Europe/London", "2026-03-29", "18:30", "2026-03-29T17:30"),
    ("Europe/London", "2026-10-25", "18:30", "2026-10-25T18:30"),
    ("America/New_York", "2026-03-08", "18:30", "2026-03-08T22:30"),
    ("Australia/Lord_Howe", "2026-10-04", "18:30", "2026-10-04T07:30"),
    ("Australia/Lord_Howe", "2026-04-05", "18:30", "2026-04-05T08:00"),
    ("Pacific/Apia", "2011-12-31", "18:30", "2011-12-31T04:30"),
    ("UTC", "2028-02-29", "18:30", "2028-02-29T18:30"),
]


@pytest.mark.parametrize(("zone", "day", "time", "instant"), HARD_DAYS)
def test_a_reminder_is_due_at_the_clients_own_time_on_hard_days(zone, day, time, instant):
    own = facts(zone=zone, local_on=dt.date.fromisoformat(day), reminder_time=dt.time.fromisoformat(time))
    due = dt.datetime.fromisoformat(instant).replace(tzinfo=dt.UTC)
    step = nudge_step(own, now=due)
    assert isinstance(step, Send)
    assert step.due_at == due
    assert nudge_step(own, now=due - dt.timedelta(seconds=1)) == Later(due)


@given(
    st.times(),
    st.integers(0, 48 * 60),
    st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_nothing_is_ever_sent_in_quiet_hours(reminder, minutes, zone):
    now = at("2026-03-09", "12:00") + dt.timedelta(minutes=minutes)
    step = nudge_step(facts(zone=zone, reminder_time=reminder), now=now)
    if isinstance(step, Send):
        leaves = max(now, step.due_at)
        assert quiet_ends(leaves, zone_of(zone), dt.time(21), dt.time(8)) is None
        assert leaves < step.expires_at
        assert leaves.astimezone(zone_of(zone)).date() == step.on
