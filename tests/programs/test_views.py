"""The pages of the templates."""

import pytest
from django.urls import reverse

from plans.programs.models import ProgramTemplate
from tests.factories.programs import ProgramTemplateFactory
from tests.programs.conftest import fill_shelf

pytestmark = pytest.mark.django_db

LIST = "/templates/"
YES = {"qualification": "Physiotherapist", "has_read": "on"}


@pytest.fixture
def waiting(shelf):
    ProgramTemplate.objects.update(state="in_review", approved_at=None, approved_by=None)
    shelf.template.refresh_from_db()
    return shelf.template


def page(client, member, address):
    client.force_login(member.user)
    return client.get(address)


def test_staff_see_the_templates_of_their_clinic(client, cast, shelf):
    fill_shelf(cast.meadow, cast.meadow_owner.user)
    for member in (cast.owner, cast.bodyworker, cast.curator):
        answer = page(client, member, LIST).content.decode()
        assert answer.count("Hips after running") == 1
        assert "5 techniques" in answer


def test_a_curator_finds_the_templates_in_the_menu(client, cast, shelf):
    assert f'<a href="{LIST}"' in page(client, cast.curator, "/library/").content.decode()


def test_a_search_narrows_the_list(client, cast, shelf):
    assert "Hips after running" in page(client, cast.curator, f"{LIST}?q=hips").content.decode()
    assert "No template fits these words" in page(client, cast.curator, f"{LIST}?q=elbow").content.decode()


@pytest.mark.parametrize("words", ["%00", "%F0%9F%A6%B4" * 200, "'; --"])
def test_an_odd_search_finds_nothing_and_breaks_nothing(client, cast, shelf, words):
    assert page(client, cast.curator, f"{LIST}?q={words}").status_code == 200


def test_a_template_shows_its_phases_and_their_minutes(client, cast, shelf):
    answer = page(client, cast.bodyworker, reverse("programs:template", args=[shelf.template.uuid])).content.decode()
    assert "1. Settle" in answer
    assert "Weeks 3 to 4" in answer
    assert "about 6 min a session" in answer
    assert "By the bodyworker" in answer


def test_a_template_of_another_clinic_is_not_there(client, cast, shelf):
    theirs = fill_shelf(cast.meadow, cast.meadow_owner.user).template
    assert page(client, cast.curator, reverse("programs:template", args=[theirs.uuid])).status_code == 404
    assert client.post(reverse("programs:approve_template", args=[theirs.uuid]), YES).status_code == 404


def test_a_client_finds_no_templates(client, cast, shelf):
    assert page(client, cast.client, LIST).status_code == 404


def test_a_visitor_is_asked_to_sign_in(client, shelf):
    assert client.get(LIST).status_code == 302


def test_a_curator_approves_by_name(client, cast, waiting):
    client.force_login(cast.curator.user)
    client.post(reverse("programs:approve_template", args=[waiting.uuid]), YES)
    answer = client.get(reverse("programs:template", args=[waiting.uuid])).content.decode()
    assert "Nadia Roy approved it on" in answer


def test_the_qualification_and_the_tick_are_asked_for(client, cast, waiting):
    client.force_login(cast.curator.user)
    answer = client.post(reverse("programs:approve_template", args=[waiting.uuid]), {"qualification": "Osteopath"})
    assert answer.status_code == 422
    assert "Tick that you have read it." in answer.content.decode()
    assert 'value="Osteopath"' in answer.content.decode()


def test_a_bodyworker_cannot_approve(client, cast, waiting):
    client.force_login(cast.bodyworker.user)
    assert client.post(reverse("programs:approve_template", args=[waiting.uuid]), YES).status_code == 404
    assert "Approve template" not in client.get(reverse("programs:template", args=[waiting.uuid])).content.decode()


def test_approving_twice_is_said_and_harmless(client, cast, shelf):
    client.force_login(cast.curator.user)
    answer = client.post(reverse("programs:approve_template", args=[shelf.template.uuid]), YES, follow=True)
    assert "approved before" in answer.content.decode()


def test_the_list_costs_the_same_for_many_templates(client, cast, shelf, django_assert_num_queries):
    client.force_login(cast.curator.user)
    client.get(LIST)
    ProgramTemplateFactory.create_batch(5, clinic=cast.harbour)
    with django_assert_num_queries(8):
        client.get(LIST)
