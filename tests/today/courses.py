"""A running program with its days and logs, as the tests of the pages need it."""

import datetime as dt
from dataclasses import dataclass

from tests.clock import NOW, TODAY
from tests.factories.journal import PainReportFactory, SessionFactory
from tests.factories.programs import (
    PhaseFactory,
    PlannedSessionFactory,
    PrescriptionFactory,
    ProgramFactory,
    ProgramVersionFactory,
)


@dataclass
class Course:
    program: object
    version: object
    phase: object
    lines: list


def give(
    client, *, by, state="running", starts_on=TODAY - dt.timedelta(days=7), weeks=4, planned=(TODAY,), lines=2, **more
):
    """A program of one phase; a session on each of the planned days."""
    program = ProgramFactory(
        client=client,
        assigned_by=by,
        state=state,
        starts_on=starts_on,
        ends_on=starts_on + dt.timedelta(days=weeks * 7 - 1),
        **more,
    )
    version = ProgramVersionFactory(program=program)
    phase = PhaseFactory(version=version, position=1, week_from=1, week_to=weeks)
    asked = [PrescriptionFactory(phase=phase, position=n + 1) for n in range(lines)]
    for day in planned:
        PlannedSessionFactory(phase=phase, on=day).prescriptions.set(asked)
    return Course(program, version, phase, asked)


def log(course, *, on=TODAY, before=4, after=3, at=None, **more):
    """A session logged at seven in the morning."""
    client = course.program.client
    moment = at or dt.datetime.combine(on, dt.time(7), tzinfo=dt.UTC)
    session = SessionFactory(
        client=client, program=course.program, version=course.version, performed_at=moment, local_on=on, **more
    )
    PainReportFactory(session=session, moment="before", score=before)
    PainReportFactory(session=session, moment="after", score=after)
    return session


def days_ago(days):
    return TODAY - dt.timedelta(days=days)


def hours_ago(hours):
    return NOW - dt.timedelta(hours=hours)
