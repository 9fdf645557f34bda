"""When a letter is tried again, what an answer means, and which instant a wall clock shows."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.post.rules import (
    ENDED_STATES,
    TRANSITIONS,
    AttemptEnd,
    Clock,
    LetterState,
    Policy,
    end_of_code,
    is_quiet,
    message_id,
    policy_of,
    quiet_ends,
    resolve,
    verdict,
    wait_seconds,
    zone_of,
)

ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "Africa/Cairo"]

HARD_DAYS = [
    # zone, local day, wall time, the instant in UTC
    ("Europe/London", "2026-03-29", "01:30", "2026-03-29T01:00"),
    ("Europe/London", "2026-03-29", "02:00", "2026-03-29T01:00"),
    ("Europe/London", "2026-10-25", "01:30", "2026-10-25T00:30"),
    ("Europe/London", "2026-10-25", "18:30", "2026-10-25T18:30"),
    ("America/New_York", "2026-03-08", "02:30", "2026-03-08T07:00"),
    ("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30"),
    ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30"),
    ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45"),
    ("Pacific/Apia", "2011-12-30", "10:00", "2011-12-30T10:00"),
    ("Africa/Cairo", "2026-04-24", "00:00", "2026-04-23T22:00"),
    ("UTC", "2028-02-29", "00:00", "2028-02-29T00:00"),
]


@pytest.mark.parametrize(("zone", "day", "time", "instant"), HARD_DAYS)
def test_a_wall_clock_time_on_a_hard_day_is_one_instant(zone, day, time, instant):
    found = resolve(dt.date.fromisoformat(day), dt.time.fromisoformat(time), ZoneInfo(zone))
    assert found == dt.datetime.fromisoformat(instant).replace(tzinfo=dt.UTC)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2035, 1, 1)), st.times(), st.sampled_from(ZONES))
def test_a_later_time_of_day_is_never_an_earlier_instant(day, time, zone):
    later = dt.time(23, 59, 59)
    assert resolve(day, time, ZoneInfo(zone)) <= resolve(day, max(time, later), ZoneInfo(zone))


@pytest.mark.parametrize(
    ("time", "quiet"),
    [("20:59", False), ("21:00", True), ("23:59", True), ("00:00", True), ("07:59", True), ("08:00", False)],
)
def test_the_night_is_quiet_from_nine_to_eight(time, quiet):
    assert is_quiet(dt.time.fromisoformat(time), dt.time(21), dt.time(8)) is quiet


def test_quiet_hours_within_a_day_do_not_wrap():
    assert is_quiet(dt.time(14), dt.time(13), dt.time(15))
    assert not is_quiet(dt.time(3), dt.time(13), dt.time(15))


def test_no_quiet_hours_at_all_when_both_ends_are_the_same():
    assert not is_quiet(dt.time(3), dt.time(0), dt.time(0))


@given(st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 1, 1)), st.sampled_from(ZONES))
def test_after_quiet_ends_it_is_not_quiet(moment, zone):
    now = moment.replace(tzinfo=dt.UTC)
    ends = quiet_ends(now, ZoneInfo(zone), dt.time(21), dt.time(8))
    if ends is None:
        return
    assert ends > now
    assert quiet_ends(ends, ZoneInfo(zone), dt.time(21), dt.time(8)) is None


def test_a_zone_that_no_longer_exists_falls_back_to_the_clinics():
    assert zone_of("Mars/Olympus", "Europe/London") == ZoneInfo("Europe/London")
    assert zone_of("", "nor/this") == ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("code", "end"), [(250, "accepted"), (421, "postponed"), (451, "postponed"), (550, "refused"), (554, "refused")]
)
def test_a_code_says_how_an_attempt_ended(code, end):
    assert end_of_code(code) == end


def test_a_code_that_ends_nothing_is_refused():
    with pytest.raises(ValueError, match="354"):
        end_of_code(354)


VERDICTS = [
    # end, attempts, policy, was ambiguous before -> state
    (AttemptEnd.ACCEPTED, 1, Policy.RESEND, False, LetterState.SENT),
    (AttemptEnd.ACCEPTED, 12, Policy.HOLD, True, LetterState.SENT),
    (AttemptEnd.POSTPONED, 1, Policy.RESEND, False, LetterState.RETRY),
    (AttemptEnd.POSTPONED, 11, Policy.HOLD, False, LetterState.RETRY),
    (AttemptEnd.POSTPONED, 12, Policy.RESEND, False, LetterState.DEAD),
    (AttemptEnd.POSTPONED, 12, Policy.RESEND, True, LetterState.UNCERTAIN),
    (AttemptEnd.REFUSED, 1, Policy.RESEND, False, LetterState.DEAD),
    (AttemptEnd.REFUSED, 2, Policy.RESEND, True, LetterState.UNCERTAIN),
    (AttemptEnd.UNANSWERED, 1, Policy.RESEND, False, LetterState.RETRY),
    (AttemptEnd.UNANSWERED, 1, Policy.HOLD, False, LetterState.UNCERTAIN),
    (AttemptEnd.UNANSWERED, 12, Policy.RESEND, False, LetterState.UNCERTAIN),
]


@pytest.mark.parametrize(("end", "attempts", "policy", "was_ambiguous", "state"), VERDICTS)
def test_an_answer_leads_somewhere(end, attempts, policy, was_ambiguous, state):
    assert verdict(end, attempts=attempts, policy=policy, was_ambiguous=was_ambiguous).state is state


def test_an_ambiguous_nudge_is_held_and_an_ambiguous_case_is_sent_again():
    assert policy_of("nudge") is Policy.HOLD
    assert policy_of("escalation") is Policy.RESEND


@given(st.integers(0, 40), st.floats(0, 1))
def test_no_wait_is_longer_than_an_hour_or_shorter_than_a_second(attempts, roll):
    assert 1 <= wait_seconds(attempts, roll=roll) <= 3600


def test_waits_double():
    assert [wait_seconds(n, roll=1) for n in (1, 2, 3, 4)] == [30, 60, 120, 240]


@given(st.text(max_size=60), st.text(max_size=60))
def test_each_key_has_its_own_message_id_for_ever(one, other):
    ids = [message_id(key, secret="s", domain="d") for key in (one, other)]
    assert (ids[0] == ids[1]) is (one == other)
    assert ids[0] == message_id(one, secret="s", domain="d")


def test_an_ended_letter_stays_ended():
    assert {state for state, ways in TRANSITIONS.items() if not ways} == ENDED_STATES
    assert set(TRANSITIONS) == set(LetterState)


@pytest.mark.parametrize("leap", [7200.0, 400 * 86400.0, -7200.0])
def test_a_clock_that_leaps_is_doubted_until_it_is_back(leap):
    clock = Clock()
    assert clock.is_right(says=1000.0, stopwatch=0.0)
    assert not clock.is_right(says=1010.0 + leap, stopwatch=10.0)
    assert not clock.is_right(says=1400.0 + leap, stopwatch=400.0)
    assert clock.is_right(says=1410.0, stopwatch=410.0)
    assert not clock.is_right(says=1420.0 + leap, stopwatch=420.0), "it is doubted anew"


def test_a_new_time_that_stands_for_ten_minutes_is_believed():
    clock = Clock()
    clock.is_right(says=1000.0, stopwatch=0.0)
    assert not clock.is_right(says=9000.0, stopwatch=10.0)
    assert not clock.is_right(says=9599.0, stopwatch=609.0)
    assert clock.is_right(says=9600.0, stopwatch=610.0)
    assert clock.is_right(says=9610.0, stopwatch=620.0)


@given(steps=st.lists(st.floats(-290, 290), max_size=50))
def test_a_clock_that_strays_a_little_is_followed(steps):
    clock, ahead = Clock(), 0.0
    for n, step in enumerate([0.0, *steps]):
        ahead += step
        assert clock.is_right(says=1e9 + 10 * n + ahead, stopwatch=10.0 * n)
