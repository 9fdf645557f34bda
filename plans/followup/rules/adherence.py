"""Is what we ask being done, is it helping, and are we still hearing from this client? Judged by the calendar.

Weeks count from the program's start; days are the client's own. Self-report overcounts: these are logged
sessions, and nobody is told off by them.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from plans.journal.rules import OutcomeScore

from .course import average_at, readings_between
from .hints import Hint, is_better, is_severe, whole
from .numbers import Numbers
from .rulebook import Opens, Rule
from .severe import Finding, Reading
from .states import Family, Urgency
from .times import target_of

WEEK = 7
# The second milestone also asks for the client's own word.
LAST_WEEKS = 6


@dataclass(frozen=True)
class Running:
    """A program that is running now, and the first of the client's days it counts from."""

    id: int
    starts_on: dt.date


@dataclass(frozen=True)
class Day:
    """One session of one program, planned for a day or logged on it."""

    program: int
    on: dt.date


@dataclass(frozen=True)
class Asked:
    """What is asked of a client and what was logged of it; `planned` may lie ahead."""

    programs: tuple[Running, ...] = ()
    planned: frozenset[Day] = frozenset()
    logged: frozenset[Day] = frozenset()

    @property
    def began_on(self) -> dt.date | None:
        return min((program.starts_on for program in self.programs), default=None)


@dataclass(frozen=True)
class Adherence:
    """Sessions logged and sessions prescribed. One logged on another day than planned counts for a planned one."""

    done: int
    prescribed: int

    def is_at_least(self, pct: int) -> bool:
        """Whether so many percent were done; false where nothing was asked."""
        return self.prescribed > 0 and self.done * 100 >= pct * self.prescribed


def adherence(asked: Asked, program: int, *, first: dt.date, last: dt.date) -> Adherence:
    """Of one program, over these days, both included."""
    prescribed = sum(day.program == program and first <= day.on <= last for day in asked.planned)
    done = sum(day.program == program and first <= day.on <= last for day in asked.logged)
    return Adherence(min(done, prescribed), prescribed)


def silent_client(
    usual: Sequence[Reading], last_log_on: dt.date | None, asked: Asked, numbers: Numbers, *, today: dt.date
) -> Finding | Hint | None:
    """No log for 7 days while the last usual reading was 7 or more: a case. None for 14 days: a review.

    A review needs a program that is running, and one that was never logged counts from its start: who is
    asked for nothing is not silent. Severe pain is asked after whether a program runs or not.
    """
    since = last_log_on or asked.began_on
    if since is None or since > today:
        return None
    rule, days = Rule.SILENT, (today - since).days
    last = usual[-1] if usual else None
    proof = (last,) if last else ()
    evidence = last.evidence if last else ""
    params: dict[str, object] = {"days": days}
    if is_severe(last, numbers):
        if days < numbers.silent_days_severe:
            return None
        key = f"{rule}:{since}:contact"
        target = target_of(rule, Urgency.ROUTINE, numbers)
        return Finding(rule, Family.CONTACT, Urgency.ROUTINE, target, key, evidence, proof, params)
    if days < numbers.silent_days or not asked.programs:
        return None
    return Hint(rule, Opens.REVIEW, f"{rule}:{since}:review", evidence, proof, params)


def non_adherence(usual: Sequence[Reading], asked: Asked, numbers: Numbers, *, today: dt.date) -> Hint | None:
    """Fewer than half of the sessions planned in the last 14 days were logged, and pain is not severe.

    Today may still come. From the fifteenth day of a program, and once for each 14 days of it.
    """
    if is_severe(usual[-1] if usual else None, numbers):
        return None
    length = dt.timedelta(days=numbers.non_adherence_days)
    for program in asked.programs:
        if today - program.starts_on < length:
            continue
        kept = adherence(asked, program.id, first=today - length, last=today - dt.timedelta(days=1))
        if kept.prescribed and not kept.is_at_least(numbers.adherence_pct):
            rule, nth = Rule.NON_ADHERENCE, (today - program.starts_on) // length
            params: dict[str, object] = {"done": kept.done, "planned": kept.prescribed, "days": length.days}
            return Hint(rule, Opens.REVIEW, f"{rule}:{program.id}:{nth}", params=params)
    return None


@dataclass(frozen=True)
class Milestone:
    """A week at which a program should have helped: by `pct` percent or by `points`, until the next one."""

    rule: Rule
    weeks: int
    until_weeks: int
    pct: int
    points: int


def milestones(numbers: Numbers) -> tuple[Milestone, ...]:
    """Week 6 goes before week 4; a program that is past both is asked neither question again."""
    return (
        Milestone(Rule.NO_IMPROVEMENT_6, LAST_WEEKS, 8, numbers.week6_pct, numbers.week6_points),
        Milestone(Rule.NO_IMPROVEMENT_4, 4, LAST_WEEKS, numbers.week4_pct, numbers.week4_points),
    )


def says_it_helped(change: Sequence[OutcomeScore], ends: dt.date, numbers: Numbers, *, today: dt.date) -> bool:
    """Whether the global change of the week that ended, or later, is +2 or more; who was not asked has not said so."""
    first = ends - dt.timedelta(days=WEEK - 1)
    said = [given.score for given in change if first <= given.on <= today]
    return bool(said) and said[-1] >= numbers.week6_global_change


def no_improvement(
    usual: Sequence[Reading],
    baseline: float | None,
    asked: Asked,
    numbers: Numbers,
    *,
    today: dt.date,
    change: Sequence[OutcomeScore] = (),
) -> Hint | None:
    """At week 4 less than 15% and less than 1 point better than baseline; at week 6, than 30% and 2 points,
    and global change under +2.

    The average of the week that ended with week 4 or 6 is compared, and half or more of the sessions of
    the last 28 days were logged: what was not done cannot have failed. `change` are the answers to the
    global change; left open, it does not speak against a look.
    """
    if baseline is None:
        return None
    for program in asked.programs:
        for stone in milestones(numbers):
            ends = program.starts_on + dt.timedelta(days=stone.weeks * WEEK - 1)
            if not ends < today < program.starts_on + dt.timedelta(days=stone.until_weeks * WEEK):
                continue
            first = ends - dt.timedelta(days=numbers.adherence_days - 1)
            kept = adherence(asked, program.id, first=first, last=ends)
            now = average_at(usual, ends, numbers)
            if now is None or not kept.is_at_least(numbers.adherence_pct):
                continue
            if stone.weeks == LAST_WEEKS and says_it_helped(change, ends, numbers, today=today):
                continue
            if not is_better(now, baseline, pct=stone.pct, points=stone.points):
                return _no_better(usual, stone, program, ends, (baseline, now), kept, numbers)
    return None


def _no_better(
    usual: Sequence[Reading],
    stone: Milestone,
    program: Running,
    ends: dt.date,
    pain: tuple[float, float],
    kept: Adherence,
    numbers: Numbers,
) -> Hint:
    week = tuple(readings_between(usual, ends - dt.timedelta(days=numbers.average_days - 1), ends))
    params: dict[str, object] = {
        "weeks": stone.weeks,
        "from": whole(pain[0]),
        "to": whole(pain[1]),
        "done": kept.done,
        "planned": kept.prescribed,
    }
    return Hint(stone.rule, Opens.REVIEW, f"{stone.rule}:{program.id}", week[-1].evidence, week, params)
