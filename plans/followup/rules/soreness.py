"""Is this the soreness that new effort is expected to bring? It must never hide severe pain.

rules.json, `soreness-window`: doms-nelson, carnes-2010, cambron-2007. Soreness starts 12-24 hours after new
effort and peaks near 48.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from plans.journal.rules import Moment

from .hints import Hint
from .numbers import Numbers
from .rulebook import Opens, Rule
from .severe import Log, Reading, usual_of

# Scores that say how it was ahead of the log's own session.
AHEAD = frozenset({Moment.BEFORE, Moment.CHECK_IN})


@dataclass(frozen=True)
class Done:
    """A technique done in one log, and how much of it was asked: the seconds of one round."""

    evidence: str
    at: dt.datetime
    technique: int
    seconds: int


@dataclass(frozen=True)
class Effort:
    """A log in which something was done for the first time, or more of it was asked than ever before."""

    at: dt.datetime
    evidence: str


@dataclass(frozen=True)
class Window:
    """The hours after an effort in which a little soreness is expected; `usual` is the pain ahead of it, 0-10."""

    effort: Effort
    usual: Reading
    closes_at: dt.datetime

    def holds(self, at: dt.datetime) -> bool:
        return self.effort.at <= at <= self.closes_at


def efforts_of(done: Iterable[Done]) -> list[Effort]:
    """Logs with a first, new or increased technique, in the order in which they happened."""
    most: dict[int, int] = {}
    found: dict[str, Effort] = {}
    for each in sorted(done, key=lambda each: (each.at, each.evidence, each.technique, each.seconds)):
        if each.technique not in most or each.seconds > most[each.technique]:
            found.setdefault(each.evidence, Effort(each.at, each.evidence))
            most[each.technique] = each.seconds
    return list(found.values())


def windows_of(
    logs: Sequence[Log], done: Iterable[Done], numbers: Numbers, *, usual: Sequence[Reading] | None = None
) -> list[Window]:
    """The windows that efforts open: none where the usual pain ahead was 7 or more, or unknown; 2 in 14 days."""
    at = {log.evidence: log.performed_at for log in logs}
    readings = usual_of(logs) if usual is None else usual
    found: list[Window] = []
    for effort in efforts_of(done):
        ahead = [reading for reading in readings if at[reading.evidence] <= effort.at]
        if not ahead or (ahead[-1].score or 0) >= numbers.severe_min:
            continue
        since = effort.at - dt.timedelta(days=numbers.sore_windows_days)
        if sum(window.effort.at > since for window in found) >= numbers.sore_max_windows:
            continue
        found.append(Window(effort, ahead[-1], effort.at + dt.timedelta(hours=numbers.sore_hours)))
    return found


def is_sore(log: Log, window: Window, numbers: Numbers, *, moments: frozenset[Moment] = frozenset(Moment)) -> bool:
    """Whether a log says that it is a little worse than usual after the effort, and nothing else.

    Above usual by 3 points at most, below 9, inside 48 hours, without a red flag. What was felt ahead of
    the effort itself is not soreness from it.
    """
    if log.flags or not window.holds(log.performed_at):
        return False
    own = log.evidence == window.effort.evidence
    scores = [each.score for each in log.scores if each.moment in moments and not (own and each.moment in AHEAD)]
    if not scores:
        return False
    usual, highest = window.usual.score or 0, max(scores)
    return usual < highest <= usual + numbers.sore_max_rise and highest < numbers.sore_below


def sore_days_of(
    logs: Sequence[Log], windows: Sequence[Window], numbers: Numbers, *, usual: Sequence[Reading] | None = None
) -> frozenset[dt.date]:
    """The days whose usual reading is expected soreness: no day of severe pain and none of getting worse."""
    readings = usual_of(logs) if usual is None else usual
    if not windows:
        return frozenset()
    by_evidence = {log.evidence: log for log in logs}
    return frozenset(
        reading.on
        for reading in readings
        if any(is_sore(by_evidence[reading.evidence], window, numbers, moments=AHEAD) for window in windows)
    )


def expected_soreness(log: Log, windows: Sequence[Window], numbers: Numbers) -> Hint | None:
    """Mark a log that says no more than a little soreness after something new."""
    for window in windows:
        if is_sore(log, window, numbers):
            rule = Rule.SORENESS
            params: dict[str, object] = {"score": log.highest, "usual": window.usual.score}
            proof = (window.usual, Reading(log.on, log.highest, log.evidence))
            return Hint(rule, Opens.MARK, f"{rule}:{log.evidence}", log.evidence, proof, params)
    return None


def still_sore(
    usual: Sequence[Reading], windows: Sequence[Window], logs: Mapping[str, Log], numbers: Numbers
) -> Hint | None:
    """Soreness that 72 hours have not ended: a review.

    Judged as of the last usual reading, the first one past 72 hours; every reading since the effort is
    above the usual pain ahead of it, and the window has a sore one. A first word after a week says nothing
    about soreness.
    """
    for window in windows:
        since = [reading for reading in usual if logs[reading.evidence].performed_at > window.effort.at]
        if not since or any((reading.score or 0) <= (window.usual.score or 0) for reading in since):
            continue
        hours = [(logs[reading.evidence].performed_at - window.effort.at) / dt.timedelta(hours=1) for reading in since]
        late = [hour for hour in hours if hour >= numbers.still_sore_hours]
        sore = any(is_sore(log, window, numbers) for log in logs.values())
        if sore and len(late) == 1 and late[0] <= numbers.still_sore_until_hours:
            rule, last = Rule.SORENESS, since[-1]
            params: dict[str, object] = {"score": last.score, "usual": window.usual.score}
            key = f"{rule}:still:{window.effort.evidence}"
            return Hint(rule, Opens.REVIEW, key, last.evidence, (window.usual, *since), params)
    return None
