"""Where does each program of a client stand today, and what does today ask?"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from plans.library.rules import Side
from plans.programs.models import Prescription
from plans.programs.rules import Dose, minutes_of
from plans.today.querysets.day import Course, Logged
from plans.today.rules import OPEN, Today, stands_today

SHOWN_PICTURES = 4


@dataclass
class Card:
    """One program on the first page."""

    course: Course
    stands: Today
    lines: list[Prescription]
    minutes: int
    next_on: dt.date | None
    receipt: Logged | None = None
    planned: UUID | None = None

    @property
    def pictures(self) -> list[Prescription]:
        return self.lines[:SHOWN_PICTURES]


def card_of(course: Course, logs: Sequence[Logged], on: dt.date) -> Card:
    receipt = next((log for log in reversed(logs) if log.on == on and log.program == course.program.pk), None)
    stands = stands_today(
        course.program.state,
        course.program.state_reason,
        starts_on=course.program.starts_on,
        ends_on=course.program.ends_on,
        today=on,
        is_planned=on in course.days,
        is_done=receipt is not None,
    )
    # What is on offer, held or over asks nothing.
    lines = course.lines_on(on) if stands in OPEN else []
    return Card(
        course=course,
        stands=stands,
        lines=lines,
        minutes=minutes_of([dose_of(line) for line in lines]),
        next_on=course.next_on(on),
        receipt=receipt,
        planned=course.days[on].uuid if on in course.days else None,
    )


def dose_of(line: Prescription) -> Dose:
    """A line's dose; one that is for one side alone takes half the time."""
    has_both = line.per_side and line.side not in (Side.LEFT, Side.RIGHT)
    return Dose(line.sets, line.reps, line.hold_s, line.duration_s, has_both, line.rest_s)
