"""What do a client's logs, and the days without any, say? Every rule, over one client, in order."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from plans.journal.rules import OutcomeScore
from plans.journal.rules.readings import BASELINE_DAYS

from .adherence import Asked, no_improvement, non_adherence, silent_client
from .course import discharge, improvement, mornings_of, severe_in_care, stopped_again, worse_mornings, worsening
from .hints import Hint
from .numbers import DEFAULT_NUMBERS, Numbers
from .rulebook import PRECEDENCE, Opens
from .severe import (
    Finding,
    Log,
    Reading,
    adverse_event,
    asked_for_help,
    in_order,
    in_session_stop,
    red_flag,
    severe_persistent,
    usual_of,
    very_severe,
)
from .soreness import Done, Window, expected_soreness, sore_days_of, still_sore, windows_of

Found = Finding | Hint

# How far ahead the calendar is searched: no rule waits longer than this without a log.
HORIZON_DAYS = 14

ABOUT_ONE_LOG: tuple[Callable[[Log, Numbers], Finding | None], ...] = (
    red_flag,
    very_severe,
    adverse_event,
    asked_for_help,
    in_session_stop,
)


@dataclass(frozen=True)
class Care:
    """What is known of a client beside the logs; days are the client's own.

    `baseline` is the median of the first 7 days' usual readings (0-10); the first and last log may be
    longer ago than the logs that are judged. `psfs` and `change` are the client's own activities and the
    global change, oldest first. `is_sending`: a log came this very minute, and more may be on their way.
    """

    today: dt.date
    baseline: float | None = None
    first_log_on: dt.date | None = None
    last_log_on: dt.date | None = None
    asked: Asked = field(default_factory=Asked)
    contacts: tuple[dt.date, ...] = ()
    done: tuple[Done, ...] = ()
    psfs: tuple[OutcomeScore, ...] = ()
    change: tuple[OutcomeScore, ...] = ()
    is_sending: bool = False

    def baseline_on(self, day: dt.date) -> float | None:
        """What a day is compared with; None in the first seven days, which would be compared with themselves."""
        if self.first_log_on is None or day < self.first_log_on + dt.timedelta(days=BASELINE_DAYS):
            return None
        return self.baseline


@dataclass(frozen=True)
class Replaced:
    """Numbers that were in force until a day, in the client's own calendar."""

    numbers: Numbers
    until_on: dt.date


@dataclass(frozen=True)
class Earlier:
    """What was in force before the numbers of now: the numbers that each report (by its trigger) was read by,
    and the numbers that were replaced, the last ones first.

    A report is judged once, by the numbers that were in force when it was read; other numbers judge what comes
    after them. So no new policy can flood a clinic with its past, and none takes back what another found.
    """

    read_by: Mapping[str, Numbers] = field(default_factory=dict)
    replaced: tuple[Replaced, ...] = ()


NOTHING_EARLIER = Earlier()


@dataclass(frozen=True)
class AsOf:
    """What was known when one log had been written: the logs up to it, and the usual readings up to its day."""

    log: Log
    seen: Sequence[Log]
    usual: Sequence[Reading]
    windows: Sequence[Window]
    numbers: Numbers

    @property
    def is_usual(self) -> bool:
        """Whether this day has a usual reading."""
        return bool(self.usual) and self.usual[-1].on == self.log.on

    @property
    def sore_days(self) -> frozenset[dt.date]:
        return sore_days_of(self.seen, self.windows, self.numbers, usual=self.usual)


def fold(
    logs: Iterable[Log],
    numbers: Numbers = DEFAULT_NUMBERS,
    care: Care | None = None,
    earlier: Earlier = NOTHING_EARLIER,
) -> list[Found]:
    """Everything the logs and the calendar say, judged log by log in the order in which it happened.

    The order of arrival does not matter: late and corrected logs give the same findings as if they had
    come in time. Findings of one moment stand in order of precedence. Without `care` only what the logs
    say by themselves is judged.
    """
    ordered = sorted(logs, key=in_order)
    found: list[Found] = []
    for known in moments(ordered, numbers, care, earlier.read_by):
        found += at_moment(known, care)
    if care:
        found += by_calendar(usual_of(ordered), care, numbers, today=care.today, replaced=earlier.replaced)
    return list({each.key: each for each in reversed(found)}.values())[::-1]


def moments(
    ordered: Sequence[Log], numbers: Numbers, care: Care | None = None, read_by: Mapping[str, Numbers] | None = None
) -> Iterator[AsOf]:
    """Each log as of itself. Only its own day's usual reading can change with it, so only that is read again."""
    days: dict[dt.date, list[Log]] = {}
    usual: dict[dt.date, Reading] = {}
    windows: dict[Numbers, list[Window]] = {}
    for end, log in enumerate(ordered, 1):
        own = read_by.get(log.trigger, numbers) if read_by else numbers
        if own not in windows:
            windows[own] = windows_of(ordered, care.done, own) if care else []
        days.setdefault(log.on, []).append(log)
        usual.update({reading.on: reading for reading in usual_of(days[log.on])})
        upto = [usual[day] for day in sorted(usual) if day <= log.on]
        yield AsOf(log, ordered[:end], upto, windows[own], own)


def at_moment(known: AsOf, care: Care | None) -> list[Found]:
    """What one log says with all that stood before it, in order of precedence."""
    here = [*_of_logs(known), *(_of_care(known, care) if care else [])]
    return sorted((each for each in here if each), key=lambda each: PRECEDENCE.index(each.rule))


def _of_logs(known: AsOf) -> list[Found | None]:
    """The rules that open a case from what the logs say."""
    here: list[Found | None] = [rule(known.log, known.numbers) for rule in ABOUT_ONE_LOG]
    if known.is_usual:
        here.append(severe_persistent(known.usual, known.numbers, sore_days=known.sore_days))
    return here


def _of_care(known: AsOf, care: Care) -> list[Found | None]:
    """The rules about the way pain goes; only for the last 14 days, so that no old news becomes a new hint."""
    log, numbers, usual = known.log, known.numbers, known.usual
    if log.on <= care.today - dt.timedelta(days=numbers.judged_days):
        return []
    here: list[Found | None] = [
        stopped_again(known.seen, numbers),
        expected_soreness(log, known.windows, numbers),
    ]
    mornings = mornings_of(known.seen, known.windows, numbers)
    if mornings and mornings[-1].after.evidence == log.evidence:
        here.append(worse_mornings(mornings, numbers))
    if known.is_usual:
        baseline = care.baseline_on(log.on)
        by_evidence = {each.evidence: each for each in known.seen}
        here.append(severe_in_care(usual, care.contacts, numbers))
        here.append(worsening(usual, baseline, numbers, sore_days=known.sore_days))
        here.append(still_sore(usual, known.windows, by_evidence, numbers))
        for program in care.asked.programs:
            here.append(improvement(usual, mornings, baseline, numbers, program=program.id))
            here.append(discharge(usual, numbers, program=program.id, psfs=care.psfs))
    return here


def by_calendar(
    usual: Sequence[Reading],
    care: Care,
    numbers: Numbers,
    *,
    today: dt.date,
    replaced: Sequence[Replaced] = (),
) -> list[Found]:
    """What a day brings though nobody says anything. Who is silent is not also told to do little.

    What the numbers of now would have found on the day they came is no news: it counts only where the
    numbers before them find it too.
    """
    found = _of_the_day(usual, care, numbers, today=today)
    if not replaced or not found:
        return found
    before, *rest = replaced
    then = [reading for reading in usual if reading.on <= before.until_on]
    known = {each.key for each in _of_the_day(then, care, numbers, today=before.until_on)}
    still = {each.key for each in by_calendar(usual, care, before.numbers, today=today, replaced=rest)}
    return [each for each in found if each.key not in known or each.key in still]


def _of_the_day(usual: Sequence[Reading], care: Care, numbers: Numbers, *, today: dt.date) -> list[Found]:
    silent = silent_client(usual, care.last_log_on, care.asked, numbers, today=today)
    # A phone that was away for weeks sends its days one by one: nobody is silent who is just speaking.
    is_speaking = care.is_sending and today == care.today
    here: list[Found | None] = [
        no_improvement(usual, care.baseline_on(today), care.asked, numbers, today=today, change=care.change),
        None if is_speaking else silent,
        None if silent else non_adherence(usual, care.asked, numbers, today=today),
    ]
    return [each for each in here if each]


def next_day(
    logs: Iterable[Log],
    care: Care,
    numbers: Numbers = DEFAULT_NUMBERS,
    replaced: Sequence[Replaced] = (),
) -> dt.date | None:
    """The next day on which the calendar alone would find something new; None where it never would."""
    usual = usual_of(logs)
    known = {each.key for each in by_calendar(usual, care, numbers, today=care.today, replaced=replaced)}
    for day in (care.today + dt.timedelta(days=n) for n in range(1, HORIZON_DAYS + 1)):
        found = by_calendar(usual, care, numbers, today=day, replaced=replaced)
        if any(each.key not in known for each in found):
            return day
    return None


def matches_of(logs: Iterable[Log], numbers: Numbers, care: Care) -> list[Found]:
    """What these numbers say of the client as of now: of the last day that has a log, and of today.

    Older days are past; marks are nothing to act on.
    """
    ordered = sorted(logs, key=in_order)
    found: list[Found] = []
    for known in moments(ordered, numbers, care):
        if known.log.on == ordered[-1].on:
            found += at_moment(known, care)
    found += _of_the_day(usual_of(ordered), care, numbers, today=care.today)
    acted = [each for each in found if isinstance(each, Finding) or each.opens is not Opens.MARK]
    return list({each.key: each for each in reversed(acted)}.values())[::-1]
