"""A reminder comes at the client's own time, rarely, and never at night."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.post.rules import quiet_ends, zone_of
from plans.followup.rules import Drop, Later, NudgeFacts, Send, nudge_step
from tests.clock import at

TUESDAY = dt.date(2026, 3, 10)


def facts(**changes) -> NudgeFacts:
    return NudgeFacts(**{"zone": "Europe/London", "local_on": TUESDAY, **changes})


STEPS = [
    ({}, at("2026-03-10", "18:29"), Later(at("2026-03-10", "18:30"))),
    ({}, at("2026-03-10", "18:30"), Send(at("2026-03-10", "18:30"), at("2026-03-10", "21:00"))),
    ({}, at("2026-03-10", "20:59"), Send(at("2026-03-10", "18:30"), at("2026-03-10", "21:00"))),
    ({}, at("2026-03-10", "21:00"), Drop("its time had passed")),
    ({"reminder_time": dt.time(7)}, at("2026-03-10", "07:30"), Later(at("2026-03-10", "08:00"))),
    (
        {"reminder_time": dt.time(7)},
        at("2026-03-10", "08:00"),
        Send(at("2026-03-10", "08:00"), at("2026-03-10", "21:00")),
    ),
    ({"reminder_time": dt.time(22)}, at("2026-03-10", "22:00"), Drop("the chosen time is in quiet hours")),
    ({"zone": "America/New_York"}, at("2026-03-10", "18:30"), Later(at("2026-03-10", "22:30"))),
    ({"sent_in_week": 3}, at("2026-03-10", "19:00"), Send(at("2026-03-10", "18:30"), at("2026-03-10", "21:00"))),
    ({"sent_in_week": 4}, at("2026-03-10", "19:00"), Drop("enough for this week")),
    (
        {"sent_in_week": 1, "ignored_in_row": 2},
        at("2026-03-10", "19:00"),
        Send(at("2026-03-10", "18:30"), at("2026-03-10", "21:00")),
    ),
    ({"sent_in_week": 2, "ignored_in_row": 2}, at("2026-03-10", "19:00"), Drop("enough for this week")),
    (
        {"sent_in_week": 2, "ignored_in_row": 1},
        at("2026-03-10", "19:00"),
        Send(at("2026-03-10", "18:30"), at("2026-03-10", "21:00")),
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
        assert quiet_ends(now, zone_of(zone), dt.time(21), dt.time(8)) is None
        assert step.due_at <= now < step.expires_at
