"""Who sees which program, and which are asked for."""

import pytest

from plans.programs.models import PlannedSession, Prescription, Program, ProgramTemplate
from plans.programs.rules import PlannedState, ProgramState
from tests.clock import NOW, TODAY
from tests.factories.programs import PlannedSessionFactory, PrescriptionFactory, ProgramFactory, ProgramTemplateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(cast):
    return PlannedSessionFactory(
        phase__version__program=ProgramFactory(client=cast.client, assigned_by=cast.bodyworker.user)
    )


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("client", True),
        ("bodyworker", True),
        ("owner", True),
        ("colleague", False),
        ("curator", False),
        ("colleagues_client", False),
        ("meadow_owner", False),
        ("meadow_bodyworker", False),
        ("meadow_client", False),
    ],
)
def test_a_program_is_seen_by_those_who_see_its_client(cast, planned, who, sees):
    user = getattr(cast, who).user
    line = PrescriptionFactory(phase=planned.phase)
    assert Program.objects.visible_to(user).filter(pk=planned.program_id).exists() is sees
    assert PlannedSession.objects.visible_to(user).filter(pk=planned.pk).exists() is sees
    assert Prescription.objects.visible_to(user).filter(pk=line.pk).exists() is sees


@pytest.mark.parametrize(
    ("state", "is_live"),
    [
        (ProgramState.OFFERED, False),
        (ProgramState.RUNNING, True),
        (ProgramState.PAUSED, True),
        (ProgramState.LOCKED, True),
        (ProgramState.FINISHED, False),
    ],
)
def test_a_live_program_runs_or_is_held(cast, state, is_live):
    program = ProgramFactory(
        client=cast.client, state=state, state_reason="client", finished_on=TODAY if state == "finished" else None
    )
    assert Program.objects.live().filter(pk=program.pk).exists() is is_live


def test_a_withdrawn_session_is_not_on_its_day(cast, planned):
    assert PlannedSession.objects.on_day(TODAY).exists()
    PlannedSession.objects.update(state=PlannedState.WITHDRAWN)
    assert not PlannedSession.objects.on_day(TODAY).exists()


def test_a_hidden_line_is_not_shown(planned):
    line = PrescriptionFactory(phase=planned.phase, hidden_at=NOW, hidden_reason="asked-for-help")
    assert not Prescription.objects.shown().filter(pk=line.pk).exists()


@pytest.mark.parametrize(("is_demo", "count"), [(False, 1), (True, 2)])
def test_only_the_demo_gives_what_nobody_approved(cast, is_demo, count):
    ProgramTemplateFactory(clinic=cast.harbour)
    ProgramTemplateFactory(clinic=cast.harbour, state="in_review", approved_at=None, approved_by=None)
    assert ProgramTemplate.objects.of(cast.harbour).assignable(is_demo=is_demo).count() == count


def test_templates_are_found_by_every_word(cast):
    ProgramTemplateFactory(clinic=cast.harbour, name="Desk hips", summary="For people who sit")
    assert ProgramTemplate.objects.search("sit HIPS").exists()
    assert not ProgramTemplate.objects.search("sit knees").exists()
