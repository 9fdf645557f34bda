"""What does the client's first page say? Where each program stands today, and what became of a report."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

MORNING_UNTIL, AFTERNOON_UNTIL = 12, 18
SHOWN_AFTER_CLOSING = dt.timedelta(hours=72)


class PartOfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


def part_of_day(hour: int) -> PartOfDay:
    """How to greet at an hour (0-23) of the client's own clock."""
    if hour < MORNING_UNTIL:
        return PartOfDay.MORNING
    return PartOfDay.AFTERNOON if hour < AFTERNOON_UNTIL else PartOfDay.EVENING


class Today(StrEnum):
    """Where one program stands on one day."""

    LOCKED = "locked"
    PAUSED = "paused"
    HELD_BY_INTAKE = "held_by_intake"
    OFFERED = "offered"
    FINISHED = "finished"
    DONE = "done"
    PLANNED = "planned"
    REST = "rest"
    NOT_YET = "not_yet"


OPEN = frozenset({Today.DONE, Today.PLANNED, Today.REST, Today.NOT_YET})


def stands_today(
    state: str, reason: str, *, starts_on: dt.date, ends_on: dt.date, today: dt.date, is_planned: bool, is_done: bool
) -> Today:
    """A hold comes before anything else; a session that was logged is done, planned or not.

    After its last day a program is over for its client, though the last session can still be logged.
    """
    held = {"locked": Today.LOCKED, "offered": Today.OFFERED, "finished": Today.FINISHED}
    if state in held:
        return held[state]
    if state == "paused":
        return Today.HELD_BY_INTAKE if reason == "intake" else Today.PAUSED
    if is_done:
        return Today.DONE
    if is_planned:
        return Today.PLANNED
    if today > ends_on:
        return Today.FINISHED
    return Today.NOT_YET if starts_on > today else Today.REST


class Day(StrEnum):
    """One day of the week strip, named as its mark."""

    DONE = "done"
    TODAY = "today"
    TODO = "todo"
    WAITING = "waiting"
    REST = "rest"


def week_days(today: dt.date, *, planned: frozenset[dt.date], done: frozenset[dt.date]) -> list[tuple[dt.date, Day]]:
    """Monday to Sunday of the week a day lies in. A planned day that passed is never called missed."""
    monday = today - dt.timedelta(days=today.weekday())
    return [(day, day_state(day, today, planned, done)) for day in (monday + dt.timedelta(days=n) for n in range(7))]


def day_state(day: dt.date, today: dt.date, planned: frozenset[dt.date], done: frozenset[dt.date]) -> Day:
    if day in done:
        return Day.DONE
    if day not in planned:
        return Day.REST
    if day == today:
        return Day.TODAY
    return Day.TODO if day > today else Day.WAITING


@dataclass(frozen=True)
class LetterSeen:
    """A letter to staff as far as the client may know of it. `sent_at` is None until it has really left."""

    name: str
    sent_at: dt.datetime | None


@dataclass(frozen=True)
class CaseSeen:
    """A case as far as the client may know of it."""

    reported_at: dt.datetime
    is_live: bool
    is_acknowledged: bool
    acknowledged_at: dt.datetime | None
    acknowledged_by: str
    answer_by: dt.datetime
    nobody_at: dt.datetime | None = None
    resolved_at: dt.datetime | None = None
    outcome: str = ""


class Step(StrEnum):
    """What the client may be told about a report, one line each."""

    SENT = "sent"
    BEING_TOLD = "being_told"
    TOLD = "told"
    NOT_SEEN = "not_seen"
    SEEN = "seen"
    NOBODY = "nobody"
    ANSWERED = "answered"


@dataclass(frozen=True)
class FateStep:
    step: Step
    at: dt.datetime | None = None
    name: str = ""
    answer_by: dt.datetime | None = None


def fate_of(case: CaseSeen, letters: Sequence[LetterSeen], *, now: dt.datetime) -> list[FateStep]:
    """What became of a report, in order. “Has been told” is said only of a letter that has left.

    After the hour by which somebody should have answered, or once every tier was told in vain, the
    client is asked to call: waiting longer is not a plan.
    """
    steps = [FateStep(Step.SENT, case.reported_at)]
    told = {letter.name: letter.sent_at for letter in reversed(letters) if letter.sent_at is not None}
    steps += [FateStep(Step.TOLD, at, name) for name, at in sorted(told.items(), key=lambda one: str(one[1]))]
    if not told and case.is_live and not case.is_acknowledged:
        steps.append(FateStep(Step.BEING_TOLD))
    if case.acknowledged_at is not None:
        steps.append(FateStep(Step.SEEN, case.acknowledged_at, case.acknowledged_by))
    if not case.is_live:
        return [*steps, FateStep(Step.ANSWERED, case.resolved_at)]
    if not case.is_acknowledged:
        is_late = case.nobody_at is not None or now >= case.answer_by
        steps.append(FateStep(Step.NOBODY if is_late else Step.NOT_SEEN, answer_by=case.answer_by))
    return steps


def is_unanswered(steps: Sequence[FateStep]) -> bool:
    return any(step.step is Step.NOBODY for step in steps)


@dataclass(frozen=True)
class Span:
    """A phase: its place, its weeks, and its words' place in the list it came from."""

    position: int
    week_from: int
    week_to: int


def first_day_of(weeks: int, ends_on: dt.date) -> dt.date:
    """Where week 1 begins for what is still to come: a hold moves it on with the end."""
    return ends_on - dt.timedelta(weeks=weeks) + dt.timedelta(days=1)


def week_at(weeks: int, ends_on: dt.date, *, today: dt.date) -> int:
    """The week, from 1, of a program of so many weeks that a day lies in."""
    return min(weeks, max(1, (today - first_day_of(weeks, ends_on)).days // 7 + 1))


def phase_at(spans: Sequence[Span], week: int) -> Span | None:
    """The phase of a week; the last one where the weeks have a gap or are over."""
    ordered = sorted(spans, key=lambda span: span.week_to)
    lasting = [span for span in ordered if span.week_to >= week]
    return next(iter(lasting or ordered[-1:]), None)


class Note(StrEnum):
    """What a client reads of a rule that opened no case: message ids of the starter library (messages.json)."""

    GO_LIGHTER = "worsening-review"
    SORE = "soreness-window"
    SMALLER = "low-adherence"
    WIN = "small-win"


NOTE_OF_REVIEW = {
    "worsening": Note.GO_LIGHTER,
    "soreness-window": Note.GO_LIGHTER,
    "non-adherence": Note.SMALLER,
    "improvement": Note.WIN,
}
"""By rule. Little or no change after weeks is for the bodyworker to say: the library has no words for the client."""

ABOUT_A_PROGRAM = frozenset({Note.SMALLER, Note.WIN})


def note_of(rules: Collection[str], *, is_sore: bool, is_running: bool, is_cared_for: bool) -> Note | None:
    """The one thing to say, the most pressing first. `rules` have an open review; `is_sore`: soreness was expected.

    Who waits for an answer to a case, or whose program is locked, reads about that and nothing beside it; a word
    about a program needs one that runs.
    """
    if is_cared_for:
        return None
    said = {NOTE_OF_REVIEW[rule] for rule in rules if rule in NOTE_OF_REVIEW} | ({Note.SORE} if is_sore else set())
    return next((note for note in Note if note in said and (is_running or note not in ABOUT_A_PROGRAM)), None)
