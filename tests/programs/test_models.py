"""What the tables refuse."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from plans.programs.rules import PlannedState, ProgramState
from tests.clock import NOW, TODAY
from tests.factories.people import UserFactory
from tests.factories.programs import (
    IntakeAnswerFactory,
    PhaseFactory,
    PlannedSessionFactory,
    PrescriptionFactory,
    ProgramFactory,
    ProgramTemplateFactory,
    ProgramVersionFactory,
    SignOffFactory,
    TemplateItemFactory,
    TemplatePhaseFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("factory", "fields"),
    [
        (ProgramFactory, {"state": "sleeping"}),
        (ProgramFactory, {"ends_on": TODAY - dt.timedelta(days=1)}),
        (ProgramFactory, {"state": ProgramState.FINISHED}),
        (ProgramFactory, {"finished_on": TODAY}),
        (ProgramFactory, {"state": ProgramState.PAUSED}),
        (ProgramFactory, {"state": ProgramState.LOCKED}),
        (ProgramTemplateFactory, {"approved_at": None}),
        (ProgramTemplateFactory, {"approved_at": None, "approved_by": None}),
        (TemplatePhaseFactory, {"week_from": 3, "week_to": 2}),
        (PhaseFactory, {"week_from": 3, "week_to": 2}),
        (TemplateItemFactory, {"sessions_per_week": 8}),
        (PrescriptionFactory, {"sessions_per_week": 0}),
        (PrescriptionFactory, {"hidden_at": NOW}),
        (PrescriptionFactory, {"hidden_reason": "asked-for-help"}),
        (SignOffFactory, {"reason": ""}),
    ],
)
def test_nonsense_is_refused(factory, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        factory(**fields)


def test_a_program_is_planned_once_a_day():
    planned = PlannedSessionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedSessionFactory(phase=planned.phase)


def test_a_withdrawn_session_leaves_its_day_free():
    withdrawn = PlannedSessionFactory(state=PlannedState.WITHDRAWN)
    assert PlannedSessionFactory(phase=withdrawn.phase).pk


def test_a_question_has_one_live_answer():
    answer = IntakeAnswerFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        IntakeAnswerFactory(client=answer.client, contraindication=answer.contraindication)


def test_an_answer_that_was_replaced_is_kept_beside_the_new_one():
    old = IntakeAnswerFactory(superseded_at=NOW)
    assert IntakeAnswerFactory(client=old.client, contraindication=old.contraindication).pk


def test_versions_are_numbered_once():
    version = ProgramVersionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgramVersionFactory(program=version.program)


def test_who_assigned_a_program_cannot_be_deleted():
    program = ProgramFactory(assigned_by=UserFactory())
    with pytest.raises(IntegrityError):
        program.assigned_by.delete()


def test_names_are_for_people():
    assert str(ProgramFactory(name="Hip release")) == "Hip release"
