"""Which kind word, if any, fits this client's day? One at most, and the strongest reason wins.

The ladder: at the client's own time, once more the next day, on the third day a question that one tap
answers, and at the seventh a person (the rules on silence). Texts are the starter library's (messages.json).
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .nudging import DEFAULT_NUDGE_POLICY, NudgePolicy

DAY = dt.timedelta(days=1)
SUNDAY = 6


class NudgeKind(StrEnum):
    """Message ids of the library that may be sent to a client as a reminder."""

    STOPPED = "stopped-nudging"
    VISIT = "visit-reminder"
    CHECK_IN = "check-in-day-3"
    PHASE_CHANGE = "phase-change"
    SESSION_SHORT = "session-short"
    SESSION_READY = "session-ready"
    ONCE_MORE = "reminder-once-more"
    NEXT_MORNING = "log-next-morning"
    OUTCOME_WEEK = "outcome-week"
    GOOD_WEEK = "good-week"


SESSION_KINDS = frozenset({NudgeKind.SESSION_READY, NudgeKind.SESSION_SHORT, NudgeKind.PHASE_CHANGE})
"""What says that today's session is there."""

ASKS = SESSION_KINDS | {NudgeKind.ONCE_MORE, NudgeKind.CHECK_IN, NudgeKind.NEXT_MORNING}
"""Kinds that wait for something: only these can be left unanswered, and a log of that day answers them."""

UNLESS_WANTED = frozenset({NudgeKind.NEXT_MORNING})
"""Kinds that nobody gets who has not asked for them."""


@dataclass(frozen=True)
class Sent:
    """A nudge that was handed off, or is about to be, on one of the client's own days."""

    kind: str
    on: dt.date


@dataclass(frozen=True)
class NudgeDay:
    """One client on one of their own days.

    `planned`: days with a session of a running program, from a fortnight before until the end of this
    week. `logged`: days with a log of any kind, `done`: the day of each session logged of a program, both
    of the last fortnight. `questions_since`: the first day on which the open short questions were asked.
    `heard_on`: the last day on which the client let us know anything: a log, an
    answer to a check-in, a choice about reminders.
    """

    on: dt.date
    planned: frozenset[dt.date] = frozenset()
    logged: frozenset[dt.date] = frozenset()
    done: tuple[dt.date, ...] = ()
    heard_on: dt.date | None = None
    sent: tuple[Sent, ...] = ()
    off: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()
    is_new_phase: bool = False
    wants_short: bool = False
    visit_on: dt.date | None = None
    questions_since: dt.date | None = None

    @property
    def asks_for_a_session(self) -> bool:
        return self.on in self.planned and self.on not in self.logged

    @property
    def waiting_since(self) -> dt.date | None:
        """The first planned day before this one since which nothing was heard."""
        return min((day for day in self.planned if day < self.on and self._is_after_word(day)), default=None)

    @property
    def ignored_in_row(self) -> int:
        """How many were left unanswered since the client was last heard of, on days before this one."""
        return sum(sent.on < self.on and sent.kind in ASKS and self._is_after_word(sent.on) for sent in self.sent)

    def sent_in_week(self) -> int:
        """Of the last 7 days, this one not among them, whatever their kind."""
        return sum(self.on - 7 * DAY < sent.on < self.on for sent in self.sent)

    def has_sent(self, kind: NudgeKind, *, since: dt.date) -> bool:
        return any(sent.kind == kind and sent.on >= since for sent in self.sent)

    def _is_after_word(self, day: dt.date) -> bool:
        return self.heard_on is None or day > self.heard_on


def week_of(day: NudgeDay) -> tuple[int, int]:
    """Sessions logged, and sessions planned, from Monday to this day's Sunday."""
    monday = day.on - day.on.weekday() * DAY
    planned = sum(monday <= on <= monday + SUNDAY * DAY for on in day.planned)
    return sum(monday <= on <= day.on for on in day.done), planned


def _stopped(day: NudgeDay, policy: NudgePolicy) -> bool:
    """Four in a row were left unanswered, and the client does not know yet that we have stopped."""
    if day.ignored_in_row < policy.stop_after:
        return False
    return not day.has_sent(NudgeKind.STOPPED, since=(day.heard_on or dt.date.min))


def _visit(day: NudgeDay, policy: NudgePolicy) -> bool:
    return day.visit_on == day.on + DAY


def _check_in(day: NudgeDay, policy: NudgePolicy) -> bool:
    """Three days after a planned session, nothing heard since, not asked yet; from day 7 a person looks."""
    since = day.waiting_since
    if since is None or day.on in day.logged or day.has_sent(NudgeKind.CHECK_IN, since=since):
        return False
    return policy.check_in_after_days <= (day.on - since).days < policy.person_after_days


def _phase_change(day: NudgeDay, policy: NudgePolicy) -> bool:
    return day.asks_for_a_session and day.is_new_phase


def _short(day: NudgeDay, policy: NudgePolicy) -> bool:
    """Yesterday's session is still waiting, or the client has said that time is short: something smaller."""
    yesterday = day.on - DAY
    is_waiting = yesterday in day.planned and (day.heard_on is None or day.heard_on < yesterday)
    return day.asks_for_a_session and (is_waiting or day.wants_short)


def _ready(day: NudgeDay, policy: NudgePolicy) -> bool:
    return day.asks_for_a_session


def _once_more(day: NudgeDay, policy: NudgePolicy) -> bool:
    """Yesterday's reminder left, and neither yesterday nor today was anything heard."""
    yesterday = day.on - DAY
    was_told = any(sent.on == yesterday and sent.kind in SESSION_KINDS for sent in day.sent)
    return was_told and day.on not in day.logged and (day.heard_on is None or day.heard_on < yesterday)


def _next_morning(day: NudgeDay, policy: NudgePolicy) -> bool:
    """The morning after a session, nothing written down yet, and no session of today to remind of."""
    return day.on - DAY in day.done and day.on not in day.logged and day.on not in day.planned


def _outcome_week(day: NudgeDay, policy: NudgePolicy) -> bool:
    """The short questions of weeks 2, 4 and 6 are open and were not told of yet; a session goes before them."""
    since = day.questions_since
    return since is not None and not day.has_sent(NudgeKind.OUTCOME_WEEK, since=since)


def _good_week(day: NudgeDay, policy: NudgePolicy) -> bool:
    """On Sunday, when four in five of the week's sessions were logged. One planned session makes no week."""
    done, planned = week_of(day)
    if day.on.weekday() != SUNDAY or planned < policy.good_week_planned:
        return False
    return min(done, planned) * 100 >= policy.good_week_pct * planned


FITS: Mapping[NudgeKind, Callable[[NudgeDay, NudgePolicy], bool]] = {
    NudgeKind.STOPPED: _stopped,
    NudgeKind.VISIT: _visit,
    NudgeKind.CHECK_IN: _check_in,
    NudgeKind.PHASE_CHANGE: _phase_change,
    NudgeKind.SESSION_SHORT: _short,
    NudgeKind.SESSION_READY: _ready,
    NudgeKind.ONCE_MORE: _once_more,
    NudgeKind.NEXT_MORNING: _next_morning,
    NudgeKind.OUTCOME_WEEK: _outcome_week,
    NudgeKind.GOOD_WEEK: _good_week,
}
"""When each kind fits, the strongest reason first."""


def kind_of(day: NudgeDay, policy: NudgePolicy = DEFAULT_NUDGE_POLICY) -> NudgeKind | None:
    """The kind that fits this day best among those the client wants; None is a quiet day."""
    return next((kind for kind, fits in FITS.items() if wants(day, kind) and fits(day, policy)), None)


def wants(day: NudgeDay, kind: NudgeKind) -> bool:
    return kind in day.wanted if kind in UNLESS_WANTED else kind not in day.off
