"""Programs over the API."""

from uuid import uuid4

import pytest

from plans.programs.actions import assign_program, hide_prescription, replace_version
from plans.programs.models import Prescription
from plans.programs.rules import ChangeDose, ProgramState
from tests.clock import NOW, TODAY

pytestmark = pytest.mark.django_db

LIST = "/api/v1/programs/"


@pytest.fixture
def program(cast, answered):
    return assign_program(
        client=cast.client,
        template=answered.template,
        starts_on=TODAY,
        by=cast.bodyworker.user,
        now=NOW,
        state=ProgramState.RUNNING,
    )


def ask(client, user, address=LIST):
    client.force_login(user)
    return client.get(address)


def test_a_program_is_listed_for_those_who_care_and_for_the_client(client, cast, program):
    for user in (cast.bodyworker.user, cast.owner.user, cast.client.user):
        (row,) = ask(client, user).json()["results"]
        assert (row["uuid"], row["client"], row["version"]) == (str(program.uuid), str(cast.client.uuid), 1)


def test_nobody_else_sees_it(client, cast, program):
    for user in (cast.colleague.user, cast.curator.user, cast.colleagues_client.user, cast.meadow_owner.user):
        assert ask(client, user).json()["results"] == []
        assert ask(client, user, f"{LIST}{program.uuid}/").status_code == 404


def test_a_visitor_gets_401(client, program):
    assert client.get(LIST).status_code == 401


def test_the_whole_program_has_versions_phases_dosage_and_sides(client, cast, program):
    ball = Prescription.objects.get(revision__name="Ball")
    replace_version(program=program, changes=[ChangeDose(ball.line, {"sets": 1})], by=cast.bodyworker.user, now=NOW)
    newest, first = ask(client, cast.client.user, f"{LIST}{program.uuid}/").json()["versions"]
    assert (newest["number"], first["number"]) == (2, 1)
    line = newest["phases"][0]["prescriptions"][0]
    assert (line["name"], line["sets"], line["hold_s"], line["side"], line["is_hidden"]) == (
        "Ball",
        1,
        30,
        "both",
        False,
    )
    assert line["line"] == first["phases"][0]["prescriptions"][0]["line"]


def test_a_technique_that_was_left_out_says_so(client, cast, program):
    ball = Prescription.objects.get(revision__name="Ball")
    hide_prescription(prescription=ball, reason="asked-for-help", by=None, now=NOW)
    version = ask(client, cast.client.user, f"{LIST}{program.uuid}/").json()["versions"][0]
    assert version["phases"][0]["prescriptions"][0]["is_hidden"] is True


def test_a_program_that_is_not_there_is_404(client, cast):
    assert ask(client, cast.owner.user, f"{LIST}{uuid4()}/").status_code == 404


def test_programs_are_only_read_here(client, cast, program):
    client.force_login(cast.bodyworker.user)
    assert client.post(LIST, {}).status_code == 405
    assert client.delete(f"{LIST}{program.uuid}/").status_code == 405


def test_a_whole_program_costs_the_same_whatever_its_length(client, cast, program, django_assert_num_queries):
    client.force_login(cast.bodyworker.user)
    client.get(LIST)
    with django_assert_num_queries(7):
        client.get(f"{LIST}{program.uuid}/")
