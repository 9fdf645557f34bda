"""The list of cases and one case, opened in a browser without script."""

import datetime as dt
import re
from html import unescape

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from accounts.people.models import AuditEvent, Clinic, Membership
from plans.followup.models import Escalation, EscalationEvent
from plans.followup.rules import EscalationState, Rule
from plans.followup.templatetags.cases import UNKNOWN_RULE, words_of
from tests.clock import NOW
from tests.factories.followup import EscalationEventFactory, EscalationFactory, ReviewFactory
from tests.factories.journal import PainReportFactory, ReportSiteFactory, SessionFactory
from tests.factories.people import AbsenceFactory
from tests.factories.post import DeliveryFactory, LetterFactory

pytestmark = pytest.mark.django_db

LIST = "/escalations/"
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def browser_of(membership):
    browser = Browser()
    browser.force_login(membership.user)
    return browser


@pytest.fixture
def jo(cast):
    return browser_of(cast.bodyworker)


@pytest.fixture
def ruth(cast):
    return browser_of(cast.owner)


@pytest.fixture
def case(cast):
    """Maya wrote 8 and that it cannot wait; Jo was told at the second try."""
    session = SessionFactory(client=cast.client, performed_at=NOW - HOUR, can_wait=False, note="Sharp under the ball.")
    report = PainReportFactory(session=session, score=8)
    ReportSiteFactory(report=report, region="back-buttock", side="right")
    found = EscalationFactory(
        client=cast.client,
        rule="asked-for-help",
        message="asked-for-help",
        params={"score": 8},
        state="notified",
        tier=1,
        opened_at=NOW - HOUR,
        next_action_at=NOW + 3 * HOUR,
        readings=[{"on": "2026-03-10", "score": 8, "session": session.pk}],
    )
    EscalationEventFactory(escalation=found, sequence=1, at=NOW - HOUR, act="raise")
    letter = LetterFactory(
        client=None,
        clinic=cast.harbour,
        membership=cast.bodyworker,
        audience="staff",
        kind="case-opened",
        subject_kind="escalation",
        subject_id=found.pk,
        tier=1,
        state="sent",
        sent_at=NOW - HOUR / 2,
        created_at=NOW - HOUR,
        next_attempt_at=None,
    )
    DeliveryFactory(
        letter=letter, number=1, began_at=NOW - HOUR, ended_at=NOW - HOUR, outcome="retry", code=451, answer="later"
    )
    DeliveryFactory(letter=letter, number=2, began_at=NOW - HOUR / 2, ended_at=NOW - HOUR / 2, outcome="sent", code=250)
    return found


def text(answer, status=200):
    assert answer.status_code == status, answer.status_code
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def address(case, name="case"):
    return reverse(f"followup:{name}", args=[case.uuid])


def told(case, *staff, at):
    """A letter about the case left for each of them."""
    for place in staff:
        LetterFactory(
            client=None,
            clinic=case.clinic,
            membership=place,
            audience="staff",
            kind="case-opened",
            subject_kind="escalation",
            subject_id=case.pk,
            dedupe_key=f"{case.pk}:{place.pk}",
            state="sent",
            sent_at=at,
            next_attempt_at=None,
        )


def log_at(client, at, score):
    session = SessionFactory(client=client, performed_at=at, received_at=at)
    PainReportFactory(session=session, score=score)
    return session


def acknowledged(client, by, **more):
    facts = {
        "state": "acknowledged",
        "next_action_at": None,
        "acked_at": NOW - HOUR,
        "acked_by": by.user,
        "follow_up_by": NOW + HOUR,
        "opened_at": NOW - 2 * HOUR,
    }
    return EscalationFactory(client=client, **{**facts, **more})


def resolved(client, by, **more):
    facts = {"resolved_at": NOW, "resolved_by": by.user, "outcome": "called", "state": "resolved", "follow_up_by": None}
    return acknowledged(client, by, **{**facts, **more})


def test_the_list_says_why_and_who_was_told(case, jo):
    page = text(jo.get(LIST))
    assert "1 is open." in page
    assert "8/10, says it cannot wait" in page
    assert "You were told" in page


def test_a_case_that_all_were_told_of_names_them_in_one_line(cast, jo):
    late = EscalationFactory(client=cast.client, state="notified", nobody_answered_at=NOW - HOUR)
    told(late, cast.bodyworker, cast.colleague, cast.owner, at=NOW - HOUR)
    page = text(jo.get(LIST))
    assert "You, Ana Ruiz, Ruth Ekwall were told" in page


def test_the_most_urgent_comes_first_then_the_oldest(cast, ruth):
    EscalationFactory(client=cast.client, urgency="routine", opened_at=NOW - 9 * HOUR)
    EscalationFactory(client=cast.colleagues_client, urgency="same_day", opened_at=NOW)
    page = text(ruth.get(LIST))
    assert page.index("Tomasz Nowak") < page.index("Maya Lindqvist")


@pytest.mark.parametrize(
    ("show", "seen"), [("open", "Maya Lindqvist"), ("acknowledged", "Tomasz Nowak"), ("resolved", "Called")]
)
def test_each_filter_shows_its_own(cast, ruth, show, seen):
    EscalationFactory(client=cast.client)
    acknowledged(cast.colleagues_client, cast.colleague)
    resolved(cast.colleagues_client, cast.colleague, family="safety")
    page = text(ruth.get(LIST, {"show": show}))
    assert seen in page
    assert page.count('<tr class="group">') == 1


def test_nothing_open_is_said_calmly(jo):
    assert "Nothing is open." in text(jo.get(LIST))


def test_a_case_of_a_colleague_is_not_there(cast, jo):
    theirs = EscalationFactory(client=cast.colleagues_client)
    assert jo.get(address(theirs)).status_code == 404
    assert jo.post(address(theirs, "acknowledge")).status_code == 404


def test_a_client_has_no_page_of_cases(cast, case):
    browser = Browser()
    browser.force_login(cast.client.user)
    assert browser.get(LIST).status_code == 404


def test_a_case_tells_the_whole_story(case, jo):
    page = text(jo.get(address(case)))
    assert "says it cannot wait until the next visit" in page
    assert "Sharp under the ball." in page
    assert "right buttock" in page
    assert "<b>Case opened</b> by the rule “cannot wait”" in page
    assert "451, later" in page


def test_a_case_names_who_is_told_next_and_when(case, jo):
    page = text(jo.get(address(case)))
    assert "Ana Ruiz is told too in" in page
    assert "Ruth Ekwall" in page
    sam = {"backup_name": "Sam Ost", "backup_email": "sam@example.org", "backup_confirmed_at": NOW}
    Clinic.objects.filter(pk=case.clinic_id).update(**sam)
    assert "Ruth Ekwall, Sam Ost is told if nobody has it." in text(jo.get(address(case)))


@pytest.mark.parametrize(
    ("silent", "backup", "says"),
    [
        ("", {}, ""),
        ("bodyworker", {}, ""),
        ("bodyworker colleague owner", {}, "No letter about this case reaches anybody."),
        ("colleague owner", {}, "If you do not answer this case, nobody else is told. Ask Ruth Ekwall to name"),
        ("bodyworker colleague", {}, "If Ruth Ekwall does not answer this case, nobody else is told."),
        (
            "colleague owner",
            {"backup_email": "s@example.org", "backup_name": "Sam Ost"},
            "Sam Ost is named as the backup",
        ),
        ("colleague owner", {"backup_email": "s@example.org", "backup_confirmed_at": NOW}, ""),
    ],
)
def test_a_case_without_a_second_person_says_so_and_what_to_do(cast, case, jo, silent, backup, says):
    for name in silent.split():
        Membership.objects.filter(pk=getattr(cast, name).pk).update(email_verified_at=None)
    Clinic.objects.filter(pk=cast.harbour.pk).update(**backup)
    page = text(jo.get(address(case)))
    assert says in page
    assert ("no second person" in page or "reaches anybody" in page) is bool(says)


def test_reading_changes_nothing_but_who_has_read(case, jo):
    before = Escalation.objects.values().get(pk=case.pk)
    jo.get(address(case))
    assert Escalation.objects.values().get(pk=case.pk) == before
    assert AuditEvent.objects.get(client=case.client, verb="client_read").by.name == "Jo Marsh"


@pytest.mark.parametrize("name", ["acknowledge", "resolve", "snooze"])
def test_a_link_never_acts(case, jo, name):
    assert jo.get(address(case, name)).status_code == 405
    assert Escalation.objects.get(pk=case.pk).state == EscalationState.NOTIFIED


def test_taking_a_case_needs_one_post(case, cast, jo):
    assert jo.post(address(case, "acknowledge")).status_code == 302
    taken = Escalation.objects.get(pk=case.pk)
    assert (taken.state, taken.acked_by) == ("acknowledged", cast.bodyworker.user)


def test_the_moment_to_look_again_can_be_chosen(case, jo):
    field = jo.get(address(case)).context["acknowledge_form"].fields["follow_up_by"]
    chosen = field.choices[1][0]
    jo.post(address(case, "acknowledge"), {"follow_up_by": chosen})
    assert Escalation.objects.get(pk=case.pk).follow_up_by == dt.datetime.fromisoformat(chosen)


def test_a_second_person_is_told_who_was_first(case, cast, jo, ruth):
    jo.post(address(case, "acknowledge"))
    answer = ruth.post(address(case, "acknowledge"), follow=True)
    assert "Jo Marsh took this case already" in text(answer)
    assert Escalation.objects.get(pk=case.pk).acked_by == cast.bodyworker.user


def test_the_way_back_leads_nowhere_else(case, jo):
    answer = jo.post(address(case, "acknowledge"), {"next": "https://elsewhere.example/"})
    assert answer.url == address(case)


@pytest.mark.parametrize("outcome", ["no_answer", "not_a_concern"])
def test_an_outcome_that_says_too_little_asks_for_a_note(case, jo, outcome):
    answer = jo.post(address(case, "resolve"), {"outcome": outcome, "note": " "})
    page = text(answer, 422)
    assert "Say in a few words why the case can be closed." in page
    assert f'value="{outcome}" checked' in re.sub(r' (required|id="[^"]*"|class="[^"]*"|aria-[a-z]*="[^"]*")', "", page)
    assert Escalation.objects.get(pk=case.pk).state == EscalationState.NOTIFIED


def test_closing_an_open_case_takes_it_in_the_same_breath(case, jo):
    jo.post(address(case, "resolve"), {"outcome": "called", "note": "Better already."})
    closed = Escalation.objects.get(pk=case.pk)
    assert (closed.state, closed.outcome, closed.note) == ("resolved", "called", "Better already.")
    acts = EscalationEvent.objects.filter(escalation=case).order_by("sequence").values_list("act", flat=True)
    assert list(acts) == ["raise", "acknowledge", "resolve"]


def test_without_an_outcome_the_note_is_not_lost(case, jo):
    page = text(jo.post(address(case, "resolve"), {"note": "Rang at noon."}), 422)
    assert "Rang at noon." in page
    assert "Choose the outcome." in page


def test_a_case_nobody_has_cannot_rest(case, jo):
    until = jo.get(address(case)).context["snooze_form"].fields["until"].choices[0][0]
    assert "Take the case first" in text(jo.post(address(case, "snooze"), {"until": until}, follow=True))


def test_a_case_one_has_can_rest(case, jo):
    jo.post(address(case, "acknowledge"))
    until = jo.get(address(case)).context["snooze_form"].fields["until"].choices[0][0]
    jo.post(address(case, "snooze"), {"until": until})
    assert Escalation.objects.get(pk=case.pk).snoozed_until == dt.datetime.fromisoformat(until)


def test_a_closed_case_shows_how_long_it_took(cast, jo):
    page = text(jo.get(address(resolved(cast.client, cast.bodyworker, note="Visit on Friday."))))
    assert "60 minutes" in page
    assert "Visit on Friday." in page
    assert "Acknowledge and resolve" not in page


def test_a_closed_case_counts_from_the_report_and_shows_the_pain_since(cast, jo):
    first = log_at(cast.client, NOW - 3 * HOUR, 7)
    later = log_at(cast.client, NOW - HOUR, 8)
    readings = [{"session": session.pk} for session in (first, later)]
    case = resolved(cast.client, cast.bodyworker, opened_at=NOW - 2 * HOUR, readings=readings)
    told(case, cast.bodyworker, at=NOW - HOUR)
    page = text(jo.get(address(case)))
    assert "<dd>2 hours</dd>" in page
    assert "<dd>8<small>/10</small></dd>" in page
    assert "Nothing logged while it was open." not in page


def test_a_case_leads_to_its_client(case, jo):
    assert reverse("desk:client", args=[case.client.uuid]) in text(jo.get(address(case)))


def test_the_list_asks_as_much_for_many_cases_as_for_few(cast, ruth, django_assert_max_num_queries):
    EscalationFactory(client=cast.client)
    ruth.get(LIST)
    with django_assert_max_num_queries(99) as few:
        ruth.get(LIST)
    for family in ("safety", "contact"):
        for client in (cast.client, cast.colleagues_client):
            EscalationFactory(client=client, family=family)
    with django_assert_max_num_queries(len(few.captured_queries)):
        ruth.get(LIST)


# Hints


def test_one_click_takes_a_hint_off_the_list_and_comes_back(cast, jo):
    review = ReviewFactory(client=cast.client)
    page = reverse("desk:client", args=[cast.client.uuid])
    answer = jo.post(reverse("followup:close-review", args=[review.uuid]), {"next": page})
    assert (answer.status_code, answer.url) == (302, page)
    review.refresh_from_db()
    assert (review.closed_at, review.closed_by) == (NOW, cast.bodyworker.user)


@pytest.mark.parametrize(
    ("rule", "family", "params", "words"),
    [
        ("silent-client", "contact", {"days": 7}, "Silent for 7 days"),
        ("worsening", "severe", {"from": 4, "to": 7, "by": "usual"}, "Rising, 4 to 7"),
        ("severe-14d-medical", "severe", {"days": 14, "contacts": 2, "score": 8}, "Severe for 14 days in spite"),
    ],
)
def test_a_case_of_a_slow_rule_says_why_it_is_there(cast, jo, rule, family, params, words):
    found = EscalationFactory(client=cast.client, rule=rule, message=rule, family=family, params=params)
    answer = jo.get(reverse("followup:case", args=[found.uuid]))
    assert answer.status_code == 200
    assert words in unescape(answer.content.decode())


@pytest.mark.parametrize("rule", list(Rule))
def test_every_rule_has_words_of_its_own(rule):
    assert words_of(rule) is not UNKNOWN_RULE


def test_a_link_closes_no_hint(cast, jo):
    review = ReviewFactory(client=cast.client)
    assert jo.get(reverse("followup:close-review", args=[review.uuid])).status_code == 405
    review.refresh_from_db()
    assert review.closed_at is None


def test_a_way_back_to_another_site_is_not_taken(cast, jo):
    review = ReviewFactory(client=cast.client)
    answer = jo.post(reverse("followup:close-review", args=[review.uuid]), {"next": "https://elsewhere.example/"})
    assert answer.url == LIST


def test_a_hint_about_somebody_elses_client_is_not_there(cast, jo):
    review = ReviewFactory(client=cast.colleagues_client)
    assert jo.post(reverse("followup:close-review", args=[review.uuid])).status_code == 404


def test_a_case_is_handed_to_a_colleague_and_the_page_says_so(cast, case, jo):
    page = text(jo.post(address(case, "hand-over"), {"to": cast.colleague.uuid}, follow=True))
    assert "Ana Ruiz is asked to take the case." in page
    assert "Jo Marsh handed the case over." in page
    case.refresh_from_db()
    assert (case.state, case.generation) == ("open", 2)


@pytest.mark.parametrize("whom", ["away", "elsewhere", "nobody"])
def test_a_case_is_handed_to_nobody_who_cannot_take_it(cast, case, jo, whom):
    AbsenceFactory(bodyworker=cast.colleague)
    to = {"away": cast.colleague.uuid, "elsewhere": cast.meadow_bodyworker.uuid, "nobody": ""}[whom]
    words = {"away": "No letter reaches Ana Ruiz now", "elsewhere": "of this clinic", "nobody": "Choose a colleague"}
    assert words[whom] in text(jo.post(address(case, "hand-over"), {"to": to}), 422)
    case.refresh_from_db()
    assert case.generation == 1
