"""One page to invite a client with a program."""

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.people.actions import accept_invitation, invitation_link, short_code
from accounts.people.models import CareRelationship, Client, Invitation
from accounts.post.models import Letter
from plans.desk.actions import AlreadyInvited, Order, invite_and_assign
from plans.programs.actions import start_offered
from plans.programs.models import IntakeAnswer, Prescription, Program, SignOff
from plans.programs.rules import ProgramState
from tests.clock import NOW, TODAY
from tests.programs.conftest import fill_shelf

pytestmark = pytest.mark.django_db

INVITE = "/clients/invite/"


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
    filled = {
        "key": str(uuid4()),
        "name": "Hanna Berg",
        "contact": "Hanna.Berg@example.org",
        "template": str(shelf.template.uuid),
        "start": "today",
        "seen": str(shelf.template.uuid),
        "rest": "asked",
        "message": "See you soon. Jo",
        "do": "send",
    }
    return {name: value for name, value in {**filled, **changes}.items() if value is not None}


def hanna():
    return Client.objects.get(name="Hanna Berg")


def test_a_client_is_invited_with_a_program_in_one_form(jo, cast, shelf):
    answer = jo.post(INVITE, form(shelf))
    client = hanna()
    assert answer.url == f"/clients/{client.uuid}/invited/"
    assert (client.email, client.accepted_at) == ("hanna.berg@example.org", None)
    assert CareRelationship.objects.get(client=client).bodyworker == cast.bodyworker
    program = Program.objects.get(client=client)
    assert (program.state, program.starts_on) == (ProgramState.OFFERED, TODAY)
    assert IntakeAnswer.objects.filter(client=client, reply="no").count() == 4
    letter = Letter.objects.get(client=client)
    assert (letter.kind, letter.params) == ("invitation", {"clinic_name": "Harbour Bodywork"})


def test_the_page_opens_with_a_template_in_its_address(jo, shelf):
    page = jo.get(f"{INVITE}?template={shelf.template.uuid}").content.decode()
    assert "Hips after running" in page
    assert "4 belong to this template" in page
    assert "2 techniques, about" in page


def test_the_page_of_an_owner_asks_who_cares_for_the_client(client, cast, shelf):
    client.force_login(cast.owner.user)
    page = client.get(INVITE).content.decode()
    assert "Jo Marsh" in page
    assert "Pia Lund" not in page


def test_an_accepted_invitation_starts_the_program(jo, cast, shelf):
    jo.post(INVITE, form(shelf))
    client = accept_invitation(invitation=hanna().invitation, by=None, now=NOW)
    (program,) = start_offered(client=client, by=client.user, now=NOW).started
    assert program.planned_sessions.count() == 16


def test_the_same_form_twice_invites_once(jo, shelf):
    filled = form(shelf)
    first, second = jo.post(INVITE, filled), jo.post(INVITE, filled)
    assert first.url == second.url
    assert (Client.objects.filter(name="Hanna Berg").count(), Letter.objects.count()) == (1, 1)


def test_two_forms_at_the_same_moment_invite_once(cast):
    arguments = {
        "clinic": cast.harbour,
        "key": uuid4(),
        "name": "Hanna Berg",
        "email": "",
        "phone": "",
        "bodyworker": cast.bodyworker,
        "message": "",
        "order": None,
        "by": cast.bodyworker.user,
        "now": NOW,
    }
    invite_and_assign(**arguments)
    with pytest.raises(AlreadyInvited):
        invite_and_assign(**arguments)


def test_a_block_shows_its_rule_and_keeps_what_was_typed(jo, shelf):
    answer = jo.post(INVITE, form(shelf, yes="heat"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "1 technique is blocked" in page
    assert "Rule: Heat." in page
    assert 'value="Hanna Berg"' in page
    assert "See you soon. Jo" in page
    assert 'value="heated:cool"' in page
    assert not Client.objects.filter(name="Hanna Berg").exists()


def test_looking_at_what_changes_sends_nothing_and_scolds_nobody(jo, shelf):
    answer = jo.post(INVITE, form(shelf, yes="heat", name="", do="check"))
    assert answer.status_code == 200
    assert b"There is a problem" not in answer.content
    assert not Client.objects.filter(name="Hanna Berg").exists()


def test_a_blocked_technique_is_swapped(jo, shelf):
    jo.post(INVITE, form(shelf, yes="heat", swap="heated:cool"))
    names = Prescription.objects.filter(phase__version__program__client=hanna())
    assert set(names.values_list("revision__name", flat=True)) == {"Ball", "Walk", "Hands", "Pigeon", "Cool"}


def test_a_swap_can_be_put_back(jo, shelf):
    page = jo.post(INVITE, form(shelf, yes="heat", swap="heated:cool", unswap="heated", do=None)).content.decode()
    assert "1 technique is blocked" in page


def test_a_caution_waits_for_a_reason(jo, cast, shelf):
    refused = jo.post(INVITE, form(shelf, yes="knee"))
    assert refused.status_code == 422
    assert 'href="#id_reason-knee"' in refused.content.decode()
    jo.post(INVITE, form(shelf, yes="knee", **{"reason-knee": "Props under both knees."}))
    assert SignOff.objects.get(client=hanna()).by == cast.bodyworker.user


def test_a_wound_asks_where_and_blocks_there_alone(jo, shelf):
    page = jo.post(INVITE, form(shelf, yes="wound", do="check")).content.decode()
    assert 'name="where-wound"' in page
    assert 'data-check="block"' in page
    elsewhere = jo.post(INVITE, form(shelf, yes="wound", do="check", **{"where-wound": "neck"})).content.decode()
    assert 'data-check="block"' not in elsewhere


def test_questions_left_to_the_client_stay_open(jo, shelf):
    jo.post(INVITE, form(shelf, rest="phone", yes="knee", **{"reason-knee": "Seen today."}))
    assert IntakeAnswer.objects.filter(client=hanna()).count() == 1
    client = accept_invitation(invitation=hanna().invitation, by=None, now=NOW)
    assert start_offered(client=client, by=client.user, now=NOW).started == ()


def test_somebody_must_answer_the_rest(jo, shelf):
    answer = jo.post(INVITE, form(shelf, rest=None))
    assert "Say who answers the other questions." in answer.content.decode()


def test_no_template_is_a_choice_of_its_own(jo, shelf):
    jo.post(INVITE, form(shelf, do="without"))
    assert not Program.objects.filter(client=hanna()).exists()


def test_sending_without_a_template_asks_for_one(jo, shelf):
    answer = jo.post(INVITE, form(shelf, template=""))
    assert "Choose a template" in answer.content.decode()


def test_problems_are_listed_in_the_order_of_the_page(jo, shelf):
    page = jo.post(INVITE, form(shelf, name="", template=None, seen=None)).content.decode()
    assert page.index("Write the client’s name") < page.index("Choose a template")


def test_another_template_loses_no_answer(jo, shelf):
    choosing = jo.post(INVITE, form(shelf, yes="knee", do="change")).content.decode()
    assert '<input type="hidden" name="yes" value="knee">' in choosing
    picked = jo.post(INVITE, form(shelf, yes="knee", seen=None, do="pick")).content.decode()
    assert 'value="knee" checked' in picked


def test_templates_are_found_by_words(jo, shelf):
    shelf.template.summary = "For runners"
    shelf.template.save()
    found = jo.post(INVITE, form(shelf, template="", words="runners", do="find")).content.decode()
    other = jo.post(INVITE, form(shelf, template="", words="elbow", do="find")).content.decode()
    assert "Hips after running" in found
    assert "Hips after running" not in other


@pytest.mark.parametrize(
    ("contact", "email", "phone"),
    [
        ("hanna@example.org", "hanna@example.org", ""),
        ("+44 7700 900123", "", "+44 7700 900123"),
        ("", "", ""),
    ],
)
def test_an_email_or_a_mobile_or_neither_will_do(jo, shelf, contact, email, phone):
    jo.post(INVITE, form(shelf, contact=contact))
    assert (hanna().email, hanna().phone) == (email, phone)
    assert Letter.objects.filter(client=hanna()).exists() == bool(email)


@pytest.mark.parametrize("contact", ["hanna@", "call me", "12"])
def test_a_contact_that_is_neither_is_refused(jo, shelf, contact):
    answer = jo.post(INVITE, form(shelf, contact=contact))
    assert "Write an email such as name@example.org" in answer.content.decode()


def test_the_same_name_at_the_same_address_leads_to_the_client(jo, cast, shelf):
    cast.client.email = "maya@home.example.org"
    cast.client.save()
    answer = jo.post(INVITE, form(shelf, name="Maya Lindqvist", contact="maya@home.example.org"))
    assert f"/clients/{cast.client.uuid}/" in answer.content.decode()
    assert answer.status_code == 422


def test_a_couple_may_share_an_address(jo, cast, shelf):
    cast.client.email = "maya@home.example.org"
    cast.client.save()
    assert jo.post(INVITE, form(shelf, contact="maya@home.example.org")).status_code == 302


@pytest.mark.parametrize("days", [-400, -15, 91, 365])
def test_a_first_day_far_away_says_from_when_to_when(jo, shelf, days):
    far = (TODAY + dt.timedelta(days=days)).isoformat()
    answer = jo.post(INVITE, form(shelf, start="other", start_on=far))
    assert "Choose a first day from 24 February 2026 to 8 June 2026." in answer.content.decode()


@pytest.mark.parametrize("day", ["", "soon", "2026-02-30"])
def test_another_day_must_be_a_day(jo, shelf, day):
    assert jo.post(INVITE, form(shelf, start="other", start_on=day)).status_code == 422


def test_tomorrow_is_tomorrow(jo, shelf):
    jo.post(INVITE, form(shelf, start="tomorrow"))
    assert Program.objects.get().starts_on == TODAY + dt.timedelta(days=1)


def test_a_template_nobody_approved_is_refused(jo, cast, shelf):
    shelf.template.state, shelf.template.approved_at, shelf.template.approved_by = "in_review", None, None
    shelf.template.save()
    answer = jo.post(INVITE, form(shelf))
    assert "A curator has not approved this template yet" in answer.content.decode()


def test_a_template_of_another_clinic_is_not_there(jo, cast, shelf):
    theirs = fill_shelf(cast.meadow, cast.meadow_owner.user)
    answer = jo.post(INVITE, form(shelf, template=str(theirs.template.uuid)))
    assert "There is no such template here" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "H" * 121), ("name", "a\0b"), ("message", "m" * 1001), ("yes", "moon"), ("rest", "maybe"), ("key", "x")],
)
def test_what_cannot_be_kept_is_refused_by_its_field(jo, shelf, field, value):
    answer = jo.post(INVITE, form(shelf, **{field: value}))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


@pytest.mark.parametrize("template", ["not-a-uuid", "00000000-0000-0000-0000-000000000000"])
def test_a_template_that_is_not_there_is_refused(jo, shelf, template):
    assert jo.post(INVITE, form(shelf, template=template)).status_code == 422


def test_an_owner_who_treats_nobody_chooses_the_bodyworker(client, cast, shelf):
    client.force_login(cast.owner.user)
    assert client.post(INVITE, form(shelf)).status_code == 422
    client.post(INVITE, form(shelf, bodyworker=str(cast.colleague.uuid)))
    assert CareRelationship.objects.get(client=hanna()).bodyworker == cast.colleague


def test_a_bodyworker_of_another_clinic_cannot_be_chosen(client, cast, shelf):
    client.force_login(cast.owner.user)
    assert client.post(INVITE, form(shelf, bodyworker=str(cast.meadow_bodyworker.uuid))).status_code == 422


def test_a_curator_and_a_client_find_no_invitation_page(client, cast):
    for user in (cast.curator.user, cast.client.user):
        client.force_login(user)
        assert client.get(INVITE).status_code == 404


def test_the_page_shows_code_link_and_letter(jo, shelf):
    jo.post(INVITE, form(shelf))
    page = jo.get(reverse("desk:invited", args=[hanna().uuid])).content.decode()
    invitation = hanna().invitation
    assert invitation_link(invitation) in page
    assert f"{short_code(invitation)[:4]} {short_code(invitation)[4:]}" in page
    assert 'class="qr__ink"' in page


def test_the_page_says_what_was_decided(jo, shelf):
    jo.post(INVITE, form(shelf, yes=["heat", "knee"], swap="heated:cool", **{"reason-knee": "Seen today."}))
    page = jo.get(reverse("desk:invited", args=[hanna().uuid])).content.decode()
    assert "Heated swapped for Cool" in page
    assert "signed off by Jo Marsh" in page
    assert "4 safety questions answered with you" in page


def test_sending_again_makes_a_new_link_and_letter(jo, shelf):
    jo.post(INVITE, form(shelf))
    before = invitation_link(hanna().invitation)
    jo.post(reverse("desk:resend_invitation", args=[hanna().uuid]))
    assert invitation_link(Invitation.objects.get(client=hanna())) != before
    assert Letter.objects.filter(client=hanna()).count() == 2


def test_another_bodyworker_gets_404(client, cast, jo, shelf):
    jo.post(INVITE, form(shelf))
    client.force_login(cast.colleague.user)
    assert client.get(reverse("desk:invited", args=[hanna().uuid])).status_code == 404
    assert client.post(reverse("desk:resend_invitation", args=[hanna().uuid])).status_code == 404
    assert client.get(reverse("desk:assign", args=[hanna().uuid])).status_code == 404


def test_nothing_is_left_of_an_order_that_fails(cast, shelf):
    far = Order(template=shelf.template, starts_on=TODAY + dt.timedelta(days=400))
    with pytest.raises(ValueError, match="400"):
        invite_and_assign(
            clinic=cast.harbour,
            key=uuid4(),
            name="Hanna Berg",
            email="hanna@example.org",
            phone="",
            bodyworker=cast.bodyworker,
            message="",
            order=far,
            by=cast.bodyworker.user,
            now=NOW,
        )
    assert not Client.objects.filter(name="Hanna Berg").exists()
    assert not Letter.objects.exists()


def test_the_page_costs_the_same_with_many_findings(jo, shelf, django_assert_num_queries):
    with django_assert_num_queries(20):
        jo.post(INVITE, form(shelf, yes=["heat", "knee", "under-18", "wound"], do="check"))
