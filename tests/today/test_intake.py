"""A client answers the safety questions before the first session."""

import pytest

from plans.programs.actions import assign_program
from plans.programs.models import IntakeAnswer
from plans.programs.rules import ProgramState
from tests.clock import NOW, TODAY
from tests.programs.conftest import fill_shelf

pytestmark = pytest.mark.django_db

INTAKE = "/start/intake/"
ALL_NO = {"heat": "no", "knee": "no", "wound": "no", "under-18": "no"}


@pytest.fixture(autouse=True)
def morning(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def shelf(cast):
    return fill_shelf(cast.harbour, cast.curator.user)


@pytest.fixture
def offered(cast, shelf):
    return assign_program(
        client=cast.client, template=shelf.template, starts_on=TODAY, by=cast.bodyworker.user, now=NOW
    )


@pytest.fixture
def maya(client, cast):
    client.force_login(cast.client.user)
    return client


def test_every_open_question_is_asked_and_nothing_is_chosen(maya, offered):
    page = maya.get(INTAKE).content.decode()
    assert page.count('value="yes"') == 4
    assert " checked" not in page


def test_all_clear_starts_the_program(maya, offered):
    assert maya.post(INTAKE, ALL_NO).url == "/today/"
    offered.refresh_from_db()
    assert offered.state == ProgramState.RUNNING


def test_an_answer_left_out_is_asked_for_and_the_others_stay(maya, offered):
    answer = maya.post(INTAKE, {"heat": "yes"})
    assert answer.status_code == 422
    assert 'name="heat" value="yes" checked' in answer.content.decode()
    assert not IntakeAnswer.objects.exists()


def test_a_block_is_said_plainly_and_holds_the_program(maya, offered):
    page = maya.post(INTAKE, {**ALL_NO, "heat": "yes"}).content.decode()
    offered.refresh_from_db()
    assert "Jo looks at it before you start" in page
    assert (offered.state, offered.state_reason) == (ProgramState.PAUSED, "intake")


def test_a_wound_asks_where_before_anything_is_kept(maya, offered):
    answer = maya.post(INTAKE, {**ALL_NO, "wound": "yes"})
    assert "Choose where it is: Is there wound?" in answer.content.decode()
    assert not IntakeAnswer.objects.exists()


def test_a_wound_elsewhere_lets_the_program_start(maya, offered):
    maya.post(INTAKE, {**ALL_NO, "wound": "yes", "where-wound": ["neck"]})
    offered.refresh_from_db()
    assert offered.state == ProgramState.RUNNING
    assert IntakeAnswer.objects.get(contraindication__slug="wound").regions == ["neck"]


def test_a_wound_in_many_places_holds_the_program(maya, offered):
    maya.post(INTAKE, {**ALL_NO, "wound": "yes", "where-wound": ["neck", "everywhere"]})
    offered.refresh_from_db()
    assert offered.state == ProgramState.PAUSED


@pytest.mark.parametrize("reply", ["maybe", "", "1"])
def test_a_reply_that_is_none_is_refused(maya, offered, reply):
    assert maya.post(INTAKE, {**ALL_NO, "heat": reply}).status_code == 422


def test_nothing_on_offer_leads_to_today(maya):
    assert maya.get(INTAKE).url == "/today/"


def test_another_clients_offer_is_not_asked_about(client, cast, offered):
    client.force_login(cast.colleagues_client.user)
    assert client.get(INTAKE).url == "/today/"


def test_staff_find_no_such_page(client, cast, offered):
    client.force_login(cast.bodyworker.user)
    assert client.get(INTAKE).status_code == 404
