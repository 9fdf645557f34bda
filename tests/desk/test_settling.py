"""A bodyworker answers what a client's answer has held back."""

import pytest
from django.urls import reverse

from plans.programs.actions import answer_intake, assign_program
from plans.programs.models import Prescription, Program, SignOff
from plans.programs.rules import ProgramState
from tests.clock import NOW, TODAY
from tests.programs.conftest import fill_shelf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def shelf(cast):
    return fill_shelf(cast.harbour, cast.curator.user)


@pytest.fixture
def held(cast, shelf):
    """Maya's program, held back by what she answered about heat and her knee."""
    program = assign_program(
        client=cast.client, template=shelf.template, starts_on=TODAY, by=cast.bodyworker.user, now=NOW
    )
    answer_intake(client=cast.client, answers=shelf.everything("heat", "knee"), by=cast.client.user, now=NOW)
    program.refresh_from_db()
    assert program.state == ProgramState.PAUSED
    return program


@pytest.fixture
def jo(client, cast):
    client.force_login(cast.bodyworker.user)
    return client


def address(program):
    return reverse("desk:settle", args=[program.client.uuid, program.uuid])


def test_the_page_names_the_rules_and_what_fits(jo, held):
    page = jo.get(address(held)).content.decode()
    assert "Rule: Heat." in page
    assert "Rule: Knee." in page
    assert 'value="heated:cool"' in page


def test_a_swap_and_a_reason_let_the_program_start(jo, held):
    jo.post(address(held), {"do": "send", "swap": "heated:cool", "reason-knee": "Props under both knees."})
    held.refresh_from_db()
    assert held.state == ProgramState.RUNNING
    assert held.planned_sessions.count() == 16
    assert SignOff.objects.get().reason == "Props under both knees."
    names = Prescription.objects.filter(phase__version__number=2).values_list("revision__name", flat=True)
    assert "Cool" in names
    assert "Heated" not in names


@pytest.mark.parametrize("decided", [{}, {"swap": "heated:cool"}, {"reason-knee": "Fine."}])
def test_half_a_decision_changes_nothing(jo, held, decided):
    answer = jo.post(address(held), {"do": "send", **decided})
    held.refresh_from_db()
    assert (answer.status_code, held.state, held.versions.count()) == (422, ProgramState.PAUSED, 1)


def test_looking_changes_nothing(jo, held):
    page = jo.post(address(held), {"swap": "heated:cool"}).content.decode()
    assert "In place of Heated" in page
    assert Program.objects.get().versions.count() == 1


def test_everything_cannot_be_taken_out(jo, held):
    every = [f"{slug}:" for slug in ("ball", "walk", "hands", "pigeon", "heated")]
    answer = jo.post(address(held), {"do": "send", "swap": every})
    assert "Nothing would be left" in answer.content.decode()


def test_nobody_else_finds_the_page(client, cast, held):
    for user in (cast.colleague.user, cast.curator.user, cast.client.user, cast.meadow_owner.user):
        client.force_login(user)
        assert client.get(address(held)).status_code == 404
