"""Why does a client stand where they stand on the caseload? The rule is shown, never a hidden score."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

# No session for this many days, and for this many planned ones, is worth a look.
SILENT_DAYS = 3
SILENT_PLANNED = 2
ENDING_DAYS = 3


class Standing(StrEnum):
    """The three groups of the caseload, in their order."""

    NEEDS_YOU = "needs_you"
    WATCH = "watch"
    FINE = "fine"


class Sign(StrEnum):
    """What put a client there; the words are made by the page."""

    CASE_UNANSWERED = "case_unanswered"
    CASE_OPEN = "case_open"
    CASE_HELD = "case_held"
    LOCKED = "locked"
    INTAKE = "intake"
    REVIEW = "review"
    ENDED = "ended"
    ENDING = "ending"
    SILENT = "silent"
    PAUSED = "paused"
    WAITING = "waiting"
    NO_PROGRAM = "no_program"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Case:
    """A live case as the caseload reads it. `place` is smaller the more urgent it is."""

    uuid: str
    rule: str
    params: Mapping[str, object]
    is_open: bool
    place: int
    opened_at: dt.datetime
    follow_up_by: dt.datetime | None = None
    holder: str = ""
    nobody_at: dt.datetime | None = None

    @property
    def is_unanswered(self) -> bool:
        """Everybody was told in vain, and still nobody has it."""
        return self.is_open and self.nobody_at is not None


@dataclass(frozen=True)
class Hint:
    rule: str
    params: Mapping[str, object]


@dataclass(frozen=True)
class Facts:
    """What is known of one client. Days are the client's own; `planned_since` counts sessions planned
    after the last log and before today."""

    program: str = ""
    program_state: str = ""
    program_reason: str = ""
    ends_on: dt.date | None = None
    last_on: dt.date | None = None
    began_on: dt.date | None = None
    planned_since: int = 0
    cases: tuple[Case, ...] = ()
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True)
class Reason:
    standing: Standing
    sign: Sign
    params: Mapping[str, object] = field(default_factory=dict)
    case: Case | None = None
    hint: Hint | None = None


def reason_of(facts: Facts, *, today: dt.date) -> Reason:
    """The strongest sign: an unanswered case, an open one, what was held back, a hint, an ending, silence, none."""
    cases = sorted(facts.cases, key=lambda case: (not case.is_open, not case.is_unanswered, case.place, case.opened_at))
    if cases:
        first = cases[0]
        if first.is_open:
            sign = Sign.CASE_UNANSWERED if first.is_unanswered else Sign.CASE_OPEN
            return Reason(Standing.NEEDS_YOU, sign, case=first)
        return Reason(Standing.WATCH, Sign.CASE_HELD, case=first)
    return held_back(facts) or hinted(facts) or ending(facts, today) or silent(facts, today) or waiting(facts)


def held_back(facts: Facts) -> Reason | None:
    """A program that a safety answer stopped waits for a person."""
    if facts.program_state == "locked":
        return Reason(Standing.WATCH, Sign.LOCKED)
    if facts.program_state == "paused" and facts.program_reason == "intake":
        return Reason(Standing.NEEDS_YOU, Sign.INTAKE)
    return None


def hinted(facts: Facts) -> Reason | None:
    return Reason(Standing.WATCH, Sign.REVIEW, hint=facts.hints[0]) if facts.hints else None


def ending(facts: Facts, today: dt.date) -> Reason | None:
    """The program is over, or will be within three days."""
    if facts.program_state not in ("running", "finished") or facts.ends_on is None:
        return None
    left = (facts.ends_on - today).days
    if left < 0:
        return Reason(Standing.WATCH, Sign.ENDED, {"ends_on": facts.ends_on})
    if left <= ENDING_DAYS:
        return Reason(Standing.WATCH, Sign.ENDING, {"ends_on": facts.ends_on})
    return None


def silent(facts: Facts, today: dt.date) -> Reason | None:
    """Nothing logged for three days and for two planned sessions, whichever is later."""
    since = facts.last_on or facts.began_on
    if facts.program_state != "running" or since is None:
        return None
    days = (today - since).days
    if days >= SILENT_DAYS and facts.planned_since >= SILENT_PLANNED:
        return Reason(Standing.WATCH, Sign.SILENT, {"days": days, "planned": facts.planned_since})
    return None


def waiting(facts: Facts) -> Reason:
    """Nothing to do; said in words where the reason is that nothing is asked of the client."""
    signs = {"": Sign.NO_PROGRAM, "paused": Sign.PAUSED, "offered": Sign.WAITING, "finished": Sign.NO_PROGRAM}
    return Reason(Standing.FINE, signs.get(facts.program_state, Sign.NOTHING))


AFTER_CASES = 99


def list_order(reason: Reason, name: str) -> tuple[int, bool, int, float, str]:
    """Cases that nobody answered, then open ones, each by urgency, then age; after them everyone else by name."""
    place = list(Standing).index(reason.standing)
    if reason.case and reason.case.is_open:
        case = reason.case
        return place, not case.is_unanswered, case.place, case.opened_at.timestamp(), name
    return place, True, AFTER_CASES, 0.0, name


@dataclass(frozen=True)
class Span:
    """A phase: its place, and the last of the program's weeks it takes."""

    position: int
    week_to: int


def last_day_of(span: Span, spans: Sequence[Span], ends_on: dt.date) -> dt.date:
    """The phase's last day, counted back from the program's end: a hold moves the end, not the start."""
    return ends_on - dt.timedelta(weeks=max(each.week_to for each in spans) - span.week_to)


def phase_at(spans: Sequence[Span], ends_on: dt.date, *, today: dt.date) -> Span | None:
    """The phase a day lies in: the first one that is not over; the last one after the end."""
    ordered = sorted(spans, key=lambda span: span.week_to)
    lasting = [span for span in ordered if last_day_of(span, ordered, ends_on) >= today]
    return next(iter(lasting or ordered[-1:]), None)


def week_at(weeks: int, ends_on: dt.date, *, today: dt.date) -> int:
    """The week of a program of so many weeks that a day lies in, from 1; held weeks are not counted."""
    first_day = ends_on - dt.timedelta(weeks=weeks) + dt.timedelta(days=1)
    return min(weeks, max(1, (today - first_day).days // 7 + 1))
