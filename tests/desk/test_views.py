"""The caseload and the client's record, opened in a browser without script."""

import datetime as dt
import re
from html import unescape

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from accounts.people.models import AuditEvent, CareRelationship, Contact
from plans.programs.models import Prescription, Program
from tests.clock import NOW, TODAY, at
from tests.factories.followup import EscalationFactory, ReviewFactory
from tests.factories.people import (
    AbsenceFactory,
    CareRelationshipFactory,
    ClientFactory,
    InvitationFactory,
    MembershipFactory,
    UserFactory,
)
from tests.today.courses import days_ago, give, log

pytestmark = pytest.mark.django_db

CASELOAD = "/caseload/"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def browser_of(user):
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def jo(cast):
    return browser_of(cast.bodyworker.user)


@pytest.fixture
def ruth(cast):
    return browser_of(cast.owner.user)


def text(answer, status=200):
    assert answer.status_code == status, answer.status_code
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def page_of(client):
    return reverse("desk:client", args=[client.uuid])


def more_clients(cast, number):
    """Clients of Jo with a program, logs and now and then a case."""
    for n in range(number):
        client = ClientFactory(clinic=cast.harbour, user=UserFactory(name=f"Client {n:03}"))
        CareRelationshipFactory(client=client, bodyworker=cast.bodyworker)
        course = give(client, by=cast.bodyworker.user, planned=[days_ago(day) for day in range(1, 8)])
        for day in range(1, 5):
            log(course, on=days_ago(day))
        if n % 5 == 0:
            EscalationFactory(client=client)
        if n % 5 == 1:
            ReviewFactory(client=client)


def queries(browser, address, asserting):
    browser.get(address)
    with asserting(99) as asked:
        browser.get(address)
    return len(asked.captured_queries)


def test_an_open_case_needs_you_and_the_others_are_fine(cast, jo):
    give(cast.client, by=cast.bodyworker.user)
    calm = ClientFactory(clinic=cast.harbour, user=UserFactory(name="Aiko Tanaka"))
    CareRelationshipFactory(client=calm, bodyworker=cast.bodyworker)
    EscalationFactory(client=cast.client, rule="asked-for-help", params={"score": 8})
    page = text(jo.get(CASELOAD))
    assert "1 person needs you today. 1 is fine." in page
    assert "8/10, says it cannot wait" in page


def test_one_click_takes_a_case_and_comes_back_to_the_list(cast, jo):
    case = EscalationFactory(client=cast.client)
    answer = jo.post(reverse("followup:acknowledge", args=[case.uuid]), {"next": CASELOAD})
    assert (answer.status_code, answer.url) == (302, CASELOAD)
    assert "Nobody needs you now." in text(jo.get(CASELOAD))


def test_a_silent_client_is_watched_with_the_reason_in_words(cast, jo):
    course = give(cast.client, by=cast.bodyworker.user, starts_on=days_ago(20), planned=[days_ago(2), days_ago(4)])
    log(course, on=days_ago(6))
    page = text(jo.get(CASELOAD))
    assert "Keep an eye on" in page
    assert "No session for 6 days" in page
    assert "2 were planned since." in page


def test_a_hint_of_a_rule_is_said_in_words(cast, jo):
    give(cast.client, by=cast.bodyworker.user)
    ReviewFactory(client=cast.client, rule="no-improvement-week4")
    assert "Little change after 4 weeks" in text(jo.get(CASELOAD))


def test_of_several_hints_the_one_that_goes_before_is_said(cast, jo):
    give(cast.client, by=cast.bodyworker.user)
    for rule in ("improvement", "worsening", "non-adherence"):
        ReviewFactory(client=cast.client, rule=rule, message=rule)
    page = text(jo.get(CASELOAD))
    assert "Pain is rising" in page
    assert "ready for the next step" not in page


def test_an_offer_is_shown_as_a_proposal_and_a_hint_as_worth_a_look(cast, jo):
    give(cast.client, by=cast.bodyworker.user)
    ReviewFactory(client=cast.client, rule="improvement", params={"from": 6, "to": 4})
    ReviewFactory(client=cast.client, rule="worsening", params={"from": 4, "to": 6})
    page = text(jo.get(page_of(cast.client)))
    assert 'aria-label="Proposal"' in page
    assert 'aria-label="Worth a look"' in page
    assert "Improving, 6 to 4: ready for the next step" in page


def test_an_answer_that_holds_a_program_back_is_watched(cast, jo):
    give(cast.client, by=cast.bodyworker.user, state="paused", state_reason="intake", planned=())
    assert "Safety questions need an answer" in text(jo.get(CASELOAD))


def test_the_last_planned_sessions_are_counted_in_words(cast, jo):
    course = give(
        cast.client, by=cast.bodyworker.user, starts_on=days_ago(20), planned=[days_ago(n) for n in (1, 3, 5)]
    )
    log(course, on=days_ago(1))
    log(course, on=days_ago(3))
    page = text(jo.get(CASELOAD))
    assert "2 of 3 sessions" in page
    assert "Pain after sessions: 3, 3" in page


def test_my_clients_are_mine_and_the_owner_sees_the_clinic(cast, jo, ruth):
    assert "Tomasz Nowak" not in text(jo.get(CASELOAD))
    assert "Tomasz Nowak" in text(ruth.get(CASELOAD))
    assert "Lea Brandt" not in text(ruth.get(CASELOAD))


def test_a_case_that_nobody_answered_stands_first_and_an_owner_who_treats_sees_it_too(cast, jo):
    cast.owner.is_bodyworker = True
    cast.owner.save()
    anton = ClientFactory(clinic=cast.harbour, name="Anton Abel")
    CareRelationshipFactory(client=anton, bodyworker=cast.bodyworker)
    EscalationFactory(client=anton, urgency="same_day")
    EscalationFactory(client=cast.client, urgency="routine", nobody_answered_at=NOW)
    mine = text(jo.get(CASELOAD))
    assert mine.index("Maya Lindqvist") < mine.index("Anton Abel")
    assert "Nobody has answered" in mine
    owners = text(browser_of(cast.owner.user).get(CASELOAD))
    assert "Maya Lindqvist" in owners
    assert "Anton Abel" not in owners
    assert "nobody has answered. Waiting since" in text(jo.get(page_of(cast.client)))


def test_who_covers_finds_the_others_clients_under_their_own_filter(cast, jo):
    # Visibility asks the database's own clock, which does not travel.
    AbsenceFactory(bodyworker=cast.colleague, cover=cast.bodyworker, from_at=NOW, until_at=at("2199-01-01"))
    assert "With those I cover for" in text(jo.get(CASELOAD))
    assert "Tomasz Nowak" in text(jo.get(CASELOAD, {"show": "clinic"}))


def test_a_part_of_a_name_finds_a_client(cast, ruth):
    page = text(ruth.get(CASELOAD, {"q": "toma"}))
    assert "Tomasz Nowak" in page
    assert "Maya Lindqvist" not in page


def test_a_name_nobody_has_says_so(ruth):
    assert "Nobody by that name here" in text(ruth.get(CASELOAD, {"q": "Zebedee"}))


def test_the_invited_stand_apart_until_they_accept(cast, ruth):
    InvitationFactory(client__clinic=cast.harbour)
    assert "Hanna Berg" not in text(ruth.get(CASELOAD))
    assert "not opened." in text(ruth.get(CASELOAD, {"show": "invited"}))


def test_a_clinic_without_clients_gets_three_steps_to_begin(cast):
    newcomer = MembershipFactory(is_owner=True)
    assert "Three steps to begin" in text(browser_of(newcomer.user).get(CASELOAD))


def test_the_calm_rows_are_cut_with_a_way_to_the_rest(cast, jo):
    for n in range(25):
        client = ClientFactory(clinic=cast.harbour, user=UserFactory(name=f"Calm {n:02}"))
        CareRelationshipFactory(client=client, bodyworker=cast.bodyworker)
    assert "Show all 26" in text(jo.get(CASELOAD))
    assert "Calm 24" in text(jo.get(CASELOAD, {"all": "1"}))


def test_the_caseload_asks_as_much_for_thirty_clients_as_for_three(cast, jo, django_assert_max_num_queries):
    more_clients(cast, 3)
    few = queries(jo, CASELOAD, django_assert_max_num_queries)
    more_clients(cast, 27)
    many = queries(jo, CASELOAD, django_assert_max_num_queries)
    assert few == many


def test_the_caseload_asks_five_questions_of_its_own(cast, jo, django_assert_max_num_queries):
    """How many, who, what is open, how it went lately; four more are the sitting's and one is the rail's."""
    more_clients(cast, 3)
    jo.get(CASELOAD)
    with django_assert_max_num_queries(4 + 5 + 1):
        jo.get(CASELOAD)


def test_a_clients_page_shows_pain_program_and_places(cast, jo):
    course = give(cast.client, by=cast.bodyworker.user, starts_on=days_ago(20))
    for days, score in ((9, 6), (8, 6), (7, 6), (3, 3), (2, 3), (1, 3)):
        log(course, on=days_ago(days), before=score, note="Easier on the left." if days == 1 else "")
    page = text(jo.get(page_of(cast.client)))
    assert "<strong>fallen from 6 to 3</strong>" in page
    assert "Easier on the left." in page
    assert "Week 3" in page


def test_looking_at_a_record_is_written_down(cast, jo):
    jo.get(page_of(cast.client))
    assert AuditEvent.objects.filter(verb="client_read", by=cast.bodyworker.user, client=cast.client).count() == 1


def test_another_bodyworker_gets_404(cast):
    assert browser_of(cast.colleague.user).get(page_of(cast.client)).status_code == 404


def test_an_invited_client_shows_whether_the_link_was_opened(cast, ruth):
    invitation = InvitationFactory(client__clinic=cast.harbour, invited_by=cast.owner.user)
    page = text(ruth.get(page_of(invitation.client)))
    assert "has not opened the link yet" in page
    assert reverse("desk:resend_invitation", args=[invitation.client.uuid]) in page


def test_a_contact_is_written_down_on_its_day(cast, jo):
    answer = jo.post(reverse("desk:contact", args=[cast.client.uuid]), {"kind": "call", "on": "2026-03-08"})
    assert answer.status_code == 302
    assert Contact.objects.get(client=cast.client).at == dt.datetime(2026, 3, 8, 12, tzinfo=dt.UTC)


def test_a_contact_still_to_come_is_refused_and_kept_as_typed(cast, jo):
    answer = jo.post(reverse("desk:contact", args=[cast.client.uuid]), {"kind": "visit", "on": "2026-03-12"})
    page = text(answer, 422)
    assert "There is a problem" in page
    assert 'value="2026-03-12"' in page
    assert not Contact.objects.exists()


def test_the_next_visit_is_kept_and_can_be_taken_back(cast, jo):
    address = reverse("desk:next-visit", args=[cast.client.uuid])
    jo.post(address, {"on": "2026-03-17"})
    assert CareRelationship.objects.get(client=cast.client).next_visit_on == dt.date(2026, 3, 17)
    jo.post(address, {"on": ""})
    assert CareRelationship.objects.get(client=cast.client).next_visit_on is None


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        ("paused", "very-severe-same-day", "What Maya reported stopped it."),
        ("locked", "pe", "A safety answer stopped it."),
        ("paused", "client", "The client asked for it."),
    ],
)
def test_a_held_program_says_what_stopped_it(cast, jo, state, reason, words):
    give(cast.client, by=cast.bodyworker.user, state=state, state_reason=reason)
    assert words in text(jo.get(page_of(cast.client)))


def test_a_program_is_paused_with_a_reason(cast, jo):
    course = give(cast.client, by=cast.bodyworker.user)
    jo.post(reverse("desk:pause", args=[cast.client.uuid, course.program.uuid]), {"reason": "client"})
    program = Program.objects.get(pk=course.program.pk)
    assert (program.state, program.state_reason) == ("paused", "client")


def test_a_program_ends_before_its_day_and_says_so_when_it_had_ended(cast, jo):
    course = give(cast.client, by=cast.bodyworker.user)
    address = reverse("desk:finish", args=[cast.client.uuid, course.program.uuid])
    jo.post(address)
    assert Program.objects.get(pk=course.program.pk).state == "finished"
    assert "had ended already" in text(jo.post(address, follow=True))


def test_a_locked_program_needs_a_reason_to_go_on(cast, jo):
    course = give(cast.client, by=cast.bodyworker.user, state="locked", state_reason="saddle-numb")
    answer = jo.post(reverse("desk:resume", args=[cast.client.uuid, course.program.uuid]), {})
    assert "Say why the program may go on." in text(answer, 422)
    assert Program.objects.get(pk=course.program.pk).state == "locked"


def test_unlocking_says_who_and_why(cast, jo):
    course = give(cast.client, by=cast.bodyworker.user, state="locked", state_reason="saddle-numb")
    jo.post(reverse("desk:resume", args=[cast.client.uuid, course.program.uuid]), {"reason": "seen_in_clinic"})
    assert Program.objects.get(pk=course.program.pk).state == "running"
    written = AuditEvent.objects.get(verb="program_unlocked")
    assert (written.by, written.details) == (cast.bodyworker.user, {"reason": "seen_in_clinic"})


def test_a_technique_that_was_left_out_is_put_back(cast, jo):
    line = give(cast.client, by=cast.bodyworker.user).lines[0]
    Prescription.objects.filter(pk=line.pk).update(hidden_at=NOW, hidden_reason="asked-for-help")
    assert "Put it back" in text(jo.get(page_of(cast.client)))
    jo.post(reverse("desk:show-technique", args=[cast.client.uuid, line.uuid]))
    assert Prescription.objects.get(pk=line.pk).hidden_at is None


@pytest.mark.parametrize("name", ["contact", "next-visit"])
def test_reading_an_address_that_changes_something_is_refused(cast, jo, name):
    assert jo.get(reverse(f"desk:{name}", args=[cast.client.uuid])).status_code == 405


def test_a_locked_program_is_not_put_on_paper(cast, jo):
    give(cast.client, by=cast.bodyworker.user, state="locked", state_reason="pe")
    page = text(jo.get(reverse("desk:handout", args=[cast.client.uuid])))
    assert "is locked, so it is not on paper" in page
    assert "handout__grid" not in page


def test_the_handout_has_a_page_for_each_phase_and_no_scores(cast, jo):
    course = give(cast.client, by=cast.bodyworker.user)
    log(course, before=7, after=7)
    page = text(jo.get(reverse("desk:handout", args=[cast.client.uuid])))
    assert course.lines[0].revision.name in page
    assert cast.harbour.phone in page
    assert "7/10" not in page


def test_a_curator_has_no_caseload(cast):
    assert browser_of(cast.curator.user).get(CASELOAD).status_code == 404


def test_today_is_a_day_of_the_client_and_not_of_the_reader(cast, jo):
    course = give(cast.client, by=cast.bodyworker.user)
    log(course, on=TODAY)
    assert "Today" in text(jo.get(page_of(cast.client)))
