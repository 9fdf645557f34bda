"""What would other numbers have found, moment by moment, from what was known then? Nothing is written anywhere.

A log counts from the moment it was received, a correction from the moment it was made, and until then what the
log said before. The same rules judge as on the day itself.
"""

import datetime as dt
from bisect import insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from plans.journal.rules import OutcomeScore, UsualReading, baseline_of

from .adherence import Asked, Day, Running
from .judging import AsOf, Care, Found, at_moment, by_calendar, fold
from .numbers import Numbers
from .rulebook import Opens
from .severe import Finding, Log, Reading, in_order, usual_of
from .soreness import Done, windows_of
from .states import Family

REOPENS_WITHIN = dt.timedelta(hours=72)


@dataclass(frozen=True)
class Told:
    """What one log said from one moment on, until another version of it was told or it was removed."""

    log: Log
    from_at: dt.datetime
    removed_at: dt.datetime | None = None
    program: int | None = None
    done: tuple[Done, ...] = ()


@dataclass(frozen=True)
class Asking:
    """A program that ran from one moment on, until it ended or was held."""

    program: Running
    from_at: dt.datetime
    until_at: dt.datetime | None = None

    def holds(self, at: dt.datetime) -> bool:
        return self.from_at <= at and (self.until_at is None or at < self.until_at)


@dataclass(frozen=True)
class History:
    """Everything a client's record tells about what was known when.

    `first_log_on` and `baseline` are those of a client whose first log is older than what is replayed.
    """

    told: tuple[Told, ...] = ()
    asking: tuple[Asking, ...] = ()
    planned: frozenset[Day] = frozenset()
    contacts: tuple[tuple[dt.datetime, dt.date], ...] = ()
    first_log_on: dt.date | None = None
    baseline: float | None = None
    psfs: tuple[OutcomeScore, ...] = ()
    change: tuple[OutcomeScore, ...] = ()
    discharged_at: dt.datetime | None = None


@dataclass(frozen=True)
class Hit:
    """Something that the numbers would have found, when it would have been found."""

    at: dt.datetime
    found: Found


@dataclass
class Desk:
    """What is known at one moment; it changes as the replay goes on."""

    history: History
    today: Callable[[dt.datetime], dt.date]
    ordered: list[Log] = field(default_factory=list)
    parts: dict[str, Told] = field(default_factory=dict)
    usual: dict[dt.date, Reading] = field(default_factory=dict)

    def hear(self, told: Told) -> bool:
        """Take in what a log says; whether it is the last thing that happened, and new."""
        is_new = told.log.evidence not in self.parts
        self.forget(told)
        insort(self.ordered, told.log, key=in_order)
        self.parts[told.log.evidence] = told
        self._read_day(told.log.on)
        return is_new and self.ordered[-1] is told.log

    def forget(self, told: Told) -> None:
        before = self.parts.pop(told.log.evidence, None)
        if before is not None:
            self.ordered.remove(before.log)
            self._read_day(before.log.on)

    def _read_day(self, day: dt.date) -> None:
        self.usual.pop(day, None)
        self.usual.update({each.on: each for each in usual_of(log for log in self.ordered if log.on == day)})

    def readings(self) -> list[Reading]:
        return [self.usual[day] for day in sorted(self.usual)]

    def care(self, at: dt.datetime) -> Care:
        days = [log.on for log in self.ordered]
        logged = {Day(each.program, each.log.on) for each in self.parts.values() if each.program is not None}
        running = tuple(each.program for each in self.history.asking if each.holds(at))
        first, baseline = self._beginning(min(days, default=None))
        today = self.today(at)
        return Care(
            today=today,
            baseline=baseline,
            first_log_on=first,
            last_log_on=max(days, default=None),
            asked=Asked(running, self.history.planned, frozenset(logged)),
            contacts=tuple(day for moment, day in self.history.contacts if moment <= at),
            done=tuple(done for each in self.parts.values() for done in each.done),
            psfs=tuple(given for given in self.history.psfs if given.on <= today),
            change=tuple(given for given in self.history.change if given.on <= today),
        )

    def _beginning(self, first_here: dt.date | None) -> tuple[dt.date | None, float | None]:
        if self.history.first_log_on is not None:
            return self.history.first_log_on, self.history.baseline
        if first_here is None:
            return None, None
        early = [UsualReading(each.on, each.score or 0) for each in self.readings()]
        return first_here, baseline_of(early, first_log_on=first_here)


def replay(
    history: History,
    numbers: Numbers,
    *,
    since: dt.datetime,
    mornings: Sequence[dt.datetime],
    today: Callable[[dt.datetime], dt.date],
) -> list[Hit]:
    """What these numbers would have found after `since`, in the order in which they would have found it.

    `mornings` are the instants at which a day begins for the rules about time, `today` is the client's own
    date at an instant. What would have been found before `since` is no news after it.
    """
    desk = Desk(history, today)
    seen: set[str] | None = None
    hits: list[Hit] = []
    for at, told in _turns(history, mornings):
        if at > since and seen is None:
            seen = {each.key for each in fold(desk.ordered, numbers, desk.care(since))}
        if at <= since or seen is None:
            _take_in(desk, at, told)
        elif history.discharged_at is None or at < history.discharged_at:
            for found in _new_at(desk, at, told, numbers):
                if found.key not in seen:
                    seen.add(found.key)
                    hits.append(Hit(at, found))
    return [hit for hit in hits if isinstance(hit.found, Finding) or hit.found.opens is not Opens.MARK]


def _turns(history: History, mornings: Sequence[dt.datetime]) -> Iterator[tuple[dt.datetime, Told | None]]:
    """Every moment at which something changed, in order; None is a morning."""
    turns: list[tuple[dt.datetime, int, Told | None]] = [(at, 2, None) for at in mornings]
    for told in history.told:
        turns.append((told.from_at, 1, told))
        if told.removed_at is not None:
            turns.append((told.removed_at, 0, told))
    for at, _, each in sorted(turns, key=lambda turn: turn[:2]):
        yield at, each


def _take_in(desk: Desk, at: dt.datetime, told: Told | None) -> bool:
    """Whether the last thing that happened is new, and nothing older has changed."""
    if told is None:
        return False
    if told.removed_at == at:
        desk.forget(told)
        return False
    return desk.hear(told)


def _new_at(desk: Desk, at: dt.datetime, told: Told | None, numbers: Numbers) -> list[Found]:
    is_last = _take_in(desk, at, told)
    care = desk.care(at)
    if told is None:
        return by_calendar(desk.readings(), care, numbers, today=care.today)
    if not is_last:
        return fold(desk.ordered, numbers, care)
    usual = desk.readings()
    windows = windows_of(desk.ordered, care.done, numbers, usual=usual)
    return at_moment(AsOf(told.log, desk.ordered, usual, windows, numbers), care)


# What the findings would have become


@dataclass(frozen=True)
class RealCase:
    """A case that was there."""

    id: int
    family: str
    rule: str
    opened_at: dt.datetime
    ended_at: dt.datetime | None
    outcome: str = ""


@dataclass(frozen=True)
class WouldOpen:
    """A case that would have been opened; `real` is the one that was there for the same trouble, if there was."""

    at: dt.datetime
    finding: Finding
    real: RealCase | None


def cases_of(
    hits: Sequence[Hit], real: Sequence[RealCase], *, since: dt.datetime, answered_by: Callable[[Hit], dt.datetime]
) -> list[WouldOpen]:
    """The cases that these findings would have opened for one client: one live case in each family.

    A case that really was there lives as long as it really lived. One that nobody had is taken to be answered
    when its time to answer was over (`answered_by`). Within 72 hours of its end it would have been the same case.
    """
    opened: list[WouldOpen] = []
    for family in Family:
        mine = sorted((case for case in real if case.family == family), key=attrgetter("opened_at"))
        findings = [hit for hit in hits if isinstance(hit.found, Finding) and hit.found.family is family]
        opened += _in_family(findings, mine, since, answered_by)
    return sorted(opened, key=lambda each: each.at)


def _in_family(
    hits: list[Hit], real: list[RealCase], since: dt.datetime, answered_by: Callable[[Hit], dt.datetime]
) -> list[WouldOpen]:
    opened: list[WouldOpen] = []
    left = [case for case in real if case.opened_at > since]
    busy = [_until(case) for case in real if case.opened_at <= since]
    for hit in hits:
        if any(until is None or hit.at < until for until in busy) or not isinstance(hit.found, Finding):
            continue
        expected = answered_by(hit)
        same = next((case for case in left if _is_same(case, hit.at, expected)), None)
        if same is not None:
            left.remove(same)
        opened.append(WouldOpen(hit.at, hit.found, same))
        busy.append(_until(same) if same else expected + REOPENS_WITHIN)
    return opened


def _until(case: RealCase) -> dt.datetime | None:
    return case.ended_at + REOPENS_WITHIN if case.ended_at else None


def _is_same(case: RealCase, at: dt.datetime, expected: dt.datetime) -> bool:
    until = _until(case)
    return case.opened_at <= expected + REOPENS_WITHIN and (until is None or at < until)
