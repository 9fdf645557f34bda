"""A running program for Maya, with two items, as the tests of the journal need it."""

import datetime as dt
from dataclasses import dataclass

import pytest

from plans.library.models import RedFlag
from plans.programs.models import Phase, PlannedSession, Prescription, Program, ProgramVersion
from tests.clock import NOW, TODAY
from tests.conftest import Cast
from tests.factories.library import RedFlagFactory, TechniqueRevisionFactory


@dataclass
class Running:
    program: Program
    version: ProgramVersion
    first: Prescription
    second: Prescription
    planned: PlannedSession


def run_program(client, by, *, state="running", items=2, **more) -> Running:
    """A program of one phase from three weeks ago on, a session planned today."""
    program = Program.objects.create(
        clinic=client.clinic,
        client=client,
        name="Hip release",
        state=state,
        state_at=NOW,
        starts_on=TODAY - dt.timedelta(days=21),
        ends_on=TODAY + dt.timedelta(days=21),
        assigned_by=by,
        assigned_at=NOW,
        **more,
    )
    version = ProgramVersion.objects.create(
        program=program, number=1, from_on=program.starts_on, made_at=NOW, made_by=by
    )
    phase = Phase.objects.create(version=version, position=1, title="Settle", week_from=1, week_to=6)
    prescriptions = []
    for position in range(items):
        revision = TechniqueRevisionFactory(technique__clinic=client.clinic)
        prescriptions.append(
            Prescription.objects.create(
                phase=phase, position=position, revision=revision, sessions_per_week=3, side="right"
            )
        )
    planned = PlannedSession.objects.create(clinic=client.clinic, client=client, program=program, phase=phase, on=TODAY)
    planned.prescriptions.set(prescriptions)
    return Running(program, version, prescriptions[0], prescriptions[1] if items > 1 else prescriptions[0], planned)


@pytest.fixture
def running(cast: Cast) -> Running:
    return run_program(cast.client, cast.bodyworker.user)


@pytest.fixture
def flag(cast: Cast) -> RedFlag:
    """An emergency about the buttock that locks."""
    return RedFlagFactory(
        clinic=cast.harbour,
        slug="ces-saddle",
        question="Is there new numbness between your legs?",
        client_message="Stop your program now. Call your local emergency number.",
        urgency="emergency_now",
        program_action="stop_and_lock",
        ask_for_regions=["buttock"],
    )
