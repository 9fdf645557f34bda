"""All rules over one client: their order, what one hides from another, and the next day worth a look."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from plans.followup.rules import Finding, Log, Score
from plans.followup.rules.adherence import Asked, Day, Running
from plans.followup.rules.hints import Hint
from plans.followup.rules.judging import HORIZON_DAYS, Care, by_calendar, fold, next_day
from plans.followup.rules.numbers import DEFAULT_NUMBERS
from plans.followup.rules.rulebook import PRECEDENCE, Opens, Rule
from plans.followup.rules.severe import usual_of
from plans.followup.rules.soreness import Done
from plans.journal.rules import Moment

N = DEFAULT_NUMBERS
FIRST = dt.date(2026, 1, 5)
PROGRAM = 7


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number - 1)


def log(number: int, score: int, *, moment=Moment.CHECK_IN, hour: int = 9, **more) -> Log:
    at = dt.datetime.combine(day(number), dt.time(hour), dt.UTC)
    name = f"session:{number}{hour:02}"
    return Log(name, f"{name}:1", at, day(number), scores=(Score(moment, score),), **more)


def care(today: int, *, planned=(), logged=(), running=True, **more) -> Care:
    asked = Asked(
        (Running(PROGRAM, FIRST),) if running else (),
        frozenset(Day(PROGRAM, day(number)) for number in planned),
        frozenset(Day(PROGRAM, day(number)) for number in logged),
    )
    return Care(day(today), asked=asked, first_log_on=FIRST, **more)


def rules_of(found) -> list[str]:
    return [each.rule for each in found]


def test_the_first_seven_days_are_compared_with_nothing():
    facts = care(8, baseline=4)
    assert facts.baseline_on(day(7)) is None
    assert facts.baseline_on(day(8)) == 4


def test_getting_worse_is_found_on_its_second_day_and_each_day_after():
    logs = [log(n, 4) for n in range(1, 8)] + [log(n, 6) for n in range(8, 13)]
    found = [each for each in fold(logs, N, care(12, baseline=4, last_log_on=day(12))) if each.rule == Rule.WORSENING]
    assert [each.readings[-1].on for each in found] == [day(11), day(12)]
    assert {each.opens for each in found} == {Opens.REVIEW}


def test_what_was_worse_a_fortnight_ago_is_no_hint_today():
    logs = [log(n, 4) for n in range(1, 8)] + [log(n, 6) for n in range(8, 13)]
    facts = care(26, baseline=4, last_log_on=day(12), running=False)
    assert Rule.WORSENING not in rules_of(fold(logs, N, facts))


def test_a_day_sore_from_something_new_does_not_make_pain_stay_severe():
    logs = [log(1, 6, moment=Moment.BEFORE), log(2, 7), log(3, 7, hour=8), log(4, 7), log(5, 7)]
    new = (Done(logs[0].evidence, logs[0].performed_at, 1, 60),)
    assert Rule.SEVERE_PERSISTENT in rules_of(fold(logs[:4], N, care(4, running=False)))
    assert Rule.SEVERE_PERSISTENT not in rules_of(fold(logs, N, care(5, done=new, running=False)))
    assert rules_of(fold(logs, N, care(5, done=new, running=False))) == [Rule.SORENESS, Rule.SORENESS, Rule.SORENESS]


def test_findings_of_one_moment_stand_in_order_of_precedence():
    logs = [log(n, 4) for n in range(1, 8)] + [log(n, 9, can_wait=False, harm=("fall",)) for n in range(8, 15)]
    facts = care(14, baseline=4, last_log_on=day(14), contacts=(day(9), day(12)))
    last = [each for each in fold(logs, N, facts) if each.evidence == logs[-1].evidence]
    places = [PRECEDENCE.index(each.rule) for each in last]
    assert places == sorted(places)
    assert len(last) == 5


def test_who_is_silent_is_not_also_told_to_do_little():
    facts = care(16, planned=range(1, 40), last_log_on=day(2))
    assert rules_of(by_calendar(usual_of([log(2, 4)]), facts, N, today=day(16))) == [Rule.SILENT]
    assert rules_of(by_calendar(usual_of([log(2, 4)]), facts, N, today=day(15))) == [Rule.NON_ADHERENCE]


def test_without_care_only_the_logs_speak():
    assert rules_of(fold([log(n, 8) for n in (1, 2, 3)])) == [Rule.SEVERE_PERSISTENT]


NEXT = [
    # score of the only log on day 1, next day
    (7, 8),
    (6, 15),
]


def test_the_next_day_is_the_one_on_which_silence_would_be_found():
    for score, number in NEXT:
        facts = care(1, last_log_on=day(1))
        assert next_day([log(1, score)], facts) == day(number)


def test_a_day_that_was_found_is_not_looked_for_again():
    facts = care(8, last_log_on=day(1))
    assert by_calendar(usual_of([log(1, 7)]), facts, N, today=day(8))
    assert next_day([log(1, 7)], facts) is None


def test_who_is_asked_for_nothing_needs_no_look():
    assert next_day([log(1, 4)], care(1, last_log_on=day(1), running=False)) is None


def test_the_next_day_knows_of_few_sessions_before_they_are_few():
    planned = range(1, 40)
    facts = care(8, planned=planned, logged=range(1, 9), last_log_on=day(8))
    logs = [log(n, 4) for n in range(1, 9)]
    assert next_day(logs, facts) == day(17)  # of the 14 days before day 16 seven were logged, before day 17 six


logs_of_weeks = st.lists(
    st.builds(
        lambda number, hour, score, moment: log(number, score, hour=hour, moment=moment),
        st.integers(1, 30),
        st.integers(0, 23),
        st.integers(0, 10),
        st.sampled_from(list(Moment)),
    ),
    max_size=20,
    unique_by=lambda entry: entry.evidence,
)
facts_of_weeks = st.builds(
    lambda today, baseline, planned, logged, last, contacts: care(
        today,
        baseline=baseline,
        planned=planned,
        logged=logged,
        last_log_on=day(last) if last else None,
        contacts=tuple(day(number) for number in contacts),
    ),
    st.integers(1, 40),
    st.none() | st.integers(0, 10),
    st.sets(st.integers(1, 50)),
    st.sets(st.integers(1, 30)),
    st.integers(0, 30),
    st.lists(st.integers(1, 30), max_size=4),
)


@given(logs_of_weeks, facts_of_weeks, st.randoms())
def test_findings_do_not_depend_on_the_order_of_arrival(entries, facts, rng):
    shuffled = list(entries)
    rng.shuffle(shuffled)
    assert fold(shuffled, N, facts) == fold(entries, N, facts)


@given(logs_of_weeks, facts_of_weeks)
def test_no_occasion_is_found_twice_and_each_says_what_it_opens(entries, facts):
    found = fold(entries, N, facts)
    assert len({each.key for each in found}) == len(found)
    for each in found:
        assert isinstance(each, Finding) or (isinstance(each, Hint) and each.opens in Opens)


@given(logs_of_weeks, facts_of_weeks)
def test_nothing_new_is_found_by_the_calendar_before_the_next_day(entries, facts):
    usual = usual_of(entries)
    known = {each.key for each in by_calendar(usual, facts, N, today=facts.today)}
    found_on = next_day(entries, facts)
    until = (found_on - facts.today).days if found_on else HORIZON_DAYS + 1
    for n in range(1, until):
        later = by_calendar(usual, facts, N, today=facts.today + dt.timedelta(days=n))
        assert {each.key for each in later} <= known
