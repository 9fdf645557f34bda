"""A client who is here already is given another program."""

import pytest
from django.urls import reverse

from plans.programs.actions import record_intake
from plans.programs.models import IntakeAnswer, Program
from plans.programs.rules import Answer, IntakeReply, ProgramState
from tests.clock import NOW
from tests.programs.conftest import fill_shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(cast):
    return fill_shelf(cast.harbour, cast.curator.user)


@pytest.fixture(autouse=True)
def morning(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def jo(client, cast):
    client.force_login(cast.bodyworker.user)
    return client


def form(shelf, **changes):
    template = str(shelf.template.uuid)
    filled = {"template": template, "seen": template, "start": "today", "rest": "asked", "do": "send"}
    return {name: value for name, value in {**filled, **changes}.items() if value is not None}


def test_a_client_who_has_left_has_no_such_page(client, cast, shelf):
    cast.client.discharged_at = NOW
    cast.client.save()
    client.force_login(cast.owner.user)
    assert client.get(reverse("desk:assign", args=[cast.client.uuid])).status_code == 404


def test_a_client_here_already_is_given_a_program_that_runs(jo, cast, shelf):
    answer = jo.post(reverse("desk:assign", args=[cast.client.uuid]), form(shelf))
    assert answer.url == reverse("desk:client", args=[cast.client.uuid])
    assert Program.objects.get(client=cast.client).state == ProgramState.RUNNING


def say_yes(cast, slug, *places):
    answer = Answer(slug, IntakeReply.YES, frozenset(places))
    record_intake(client=cast.client, answers=[answer], by=cast.client.user, now=NOW)


def test_what_a_client_said_before_stays_ticked(jo, cast, shelf):
    say_yes(cast, "knee")
    opened = jo.get(f"{reverse('desk:assign', args=[cast.client.uuid])}?template={shelf.template.uuid}")
    picked = jo.post(
        reverse("desk:assign", args=[cast.client.uuid]), {"template": str(shelf.template.uuid), "do": "pick"}
    )
    for answer in (opened, picked):
        assert 'value="knee" checked' in answer.content.decode()


def test_a_form_that_never_showed_the_questions_unsays_nothing(jo, cast, shelf):
    say_yes(cast, "heat")
    answer = jo.post(reverse("desk:assign", args=[cast.client.uuid]), form(shelf, seen=None))
    assert answer.status_code == 422
    assert IntakeAnswer.objects.get(superseded_at__isnull=True).reply == "yes"


def test_a_place_named_before_is_still_the_place(jo, cast, shelf):
    say_yes(cast, "wound", "neck")
    page = jo.post(
        reverse("desk:assign", args=[cast.client.uuid]), {"template": str(shelf.template.uuid), "do": "pick"}
    ).content.decode()
    assert 'data-check="block"' not in page


def test_the_same_program_again_is_refused_in_words(jo, cast, shelf):
    jo.post(reverse("desk:assign", args=[cast.client.uuid]), form(shelf))
    answer = jo.post(reverse("desk:assign", args=[cast.client.uuid]), form(shelf))
    assert "They have this program already" in answer.content.decode()
