"""Which score does a rule read? (3-clinical, section 4.2.)"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from .terms import Moment

BASELINE_DAYS = 7
BASELINE_AT_LEAST = 3


@dataclass(frozen=True)
class Scored:
    """One pain report, 0-10, with the log it came in; several sites count as their highest."""

    local_on: dt.date
    performed_at: dt.datetime
    moment: Moment
    score: int


@dataclass(frozen=True)
class UsualReading:
    """The usual pain of one of the client's own days, 0-10."""

    on: dt.date
    score: int


def usual_readings(reports: Iterable[Scored]) -> list[UsualReading]:
    """One per local day, oldest first: the highest of the check-ins and of the score before a session, ahead
    of that day's first release. What was felt after a session, or the next morning, is not usual pain.
    """
    by_day: dict[dt.date, list[Scored]] = {}
    for report in reports:
        by_day.setdefault(report.local_on, []).append(report)
    found = []
    for on in sorted(by_day):
        scores = _ahead_of_release(by_day[on])
        if scores:
            found.append(UsualReading(on, max(scores)))
    return found


def _ahead_of_release(day: list[Scored]) -> list[int]:
    first_release = min((r.performed_at for r in day if r.moment == Moment.BEFORE), default=None)
    return [
        report.score
        for report in day
        if report.moment in (Moment.BEFORE, Moment.CHECK_IN)
        if first_release is None or report.performed_at <= first_release
    ]


def baseline_of(readings: Iterable[UsualReading], *, first_log_on: dt.date) -> float | None:
    """The median usual reading of the first 7 days from the first log on; None with fewer than 3 of them."""
    last = first_log_on + dt.timedelta(days=BASELINE_DAYS)
    early = [reading.score for reading in readings if first_log_on <= reading.on < last]
    return float(median(early)) if len(early) >= BASELINE_AT_LEAST else None
