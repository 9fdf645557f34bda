"""The client's pages, opened in a browser without script."""

import datetime as dt
from html import unescape

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from accounts.people.models import Client
from accounts.post.models import ContactPreferences, Letter
from plans.followup.actions import close_review
from plans.programs.models import PlannedSession
from tests.clock import NOW, TODAY
from tests.factories.followup import AssessmentFactory, EscalationFactory, ReviewFactory
from tests.factories.journal import RedFlagAnswerFactory
from tests.factories.people import AuditEventFactory, ClientFactory
from tests.factories.post import LetterFactory
from tests.today.courses import days_ago, give, hours_ago, log

pytestmark = pytest.mark.django_db

TODAY_PAGE, PROGRAM, ME = "/today/", "/program/", "/me/"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def maya(cast):
    browser = Browser()
    browser.force_login(cast.client.user)
    return browser


@pytest.fixture
def by(cast):
    return cast.bodyworker.user


def text(answer):
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.content.decode())


def letter_to(case, membership, *, sent_at=None):
    return LetterFactory(
        client=None,
        clinic=case.clinic,
        membership=membership,
        audience="staff",
        kind="case-opened",
        subject_kind="escalation",
        subject_id=case.pk,
        state="sent" if sent_at else "pending",
        sent_at=sent_at,
        next_attempt_at=None if sent_at else NOW,
    )


def test_today_greets_by_the_clients_own_clock(cast, maya, by):
    cast.client.zone = "Asia/Tokyo"
    cast.client.save()
    give(cast.client, by=by)
    assert "Good evening, Maya" in text(maya.get(TODAY_PAGE))


def test_a_planned_day_offers_the_session_and_the_log(cast, maya, by):
    course = give(cast.client, by=by)
    planned = PlannedSession.objects.get(program=course.program)
    page = text(maya.get(TODAY_PAGE))
    assert reverse("today:day", args=[course.program.uuid]) in page
    assert f"/log/?session={planned.uuid}" in page


def test_a_rest_day_names_the_next_one_and_may_be_done_anyway(cast, maya, by):
    give(cast.client, by=by, planned=(TODAY + dt.timedelta(days=2),))
    page = text(maya.get(TODAY_PAGE))
    assert "Nothing is planned today" in page
    assert "Thursday 12 March" in page
    assert "Do it anyway" in page


def test_a_logged_day_shows_its_receipt_with_a_way_to_edit(cast, maya, by):
    course = give(cast.client, by=by)
    session = log(course, before=5, after=3)
    page = text(maya.get(TODAY_PAGE))
    assert "Before 5, after 3" in page
    assert reverse("journal:edit", args=[session.uuid]) in page


def test_two_programs_are_two_cards(cast, maya, by):
    give(cast.client, by=by, name="Hip release")
    give(cast.client, by=by, name="Desk neck")
    page = text(maya.get(TODAY_PAGE))
    assert page.count("Open today’s session") == 2


def test_a_technique_that_is_left_out_is_named_but_not_asked(cast, maya, by):
    course = give(cast.client, by=by)
    out = course.lines[0]
    out.hidden_at, out.hidden_reason = NOW, "asked-for-help"
    out.save()
    page = text(maya.get(TODAY_PAGE))
    assert "1 technique<" in page
    assert "Left out for now" in page
    assert out.revision.name not in text(maya.get(reverse("today:day", args=[course.program.uuid])))


def test_the_trend_is_said_in_words(cast, maya, by):
    course = give(cast.client, by=by, starts_on=days_ago(21))
    for days, score in ((9, 6), (8, 6), (7, 6), (3, 3), (2, 3), (1, 3)):
        log(course, on=days_ago(days), before=score)
    assert "Pain is down from 6 to 3" in text(maya.get(TODAY_PAGE))


def test_a_change_of_one_point_is_about_the_same(cast, maya, by):
    course = give(cast.client, by=by, starts_on=days_ago(21))
    for days, score in ((9, 0), (8, 0), (2, 1), (1, 1)):
        log(course, on=days_ago(days), before=score)
    assert "Pain is about the same, 1" in text(maya.get(TODAY_PAGE))


def test_a_locked_program_shows_the_words_of_the_warning_and_no_session(cast, maya, by):
    course = give(cast.client, by=by, state="locked", state_reason="saddle-numb")
    session = log(course, on=days_ago(1))
    answer = RedFlagAnswerFactory(session=session, answer=True, answered_at=NOW, shown_text="Go now.", shown_at=NOW)
    page = text(maya.get(TODAY_PAGE))
    assert answer.shown_text in page
    assert "Open today’s session" not in page
    assert maya.get(reverse("today:day", args=[course.program.uuid])).status_code == 404


@pytest.mark.parametrize("page", [TODAY_PAGE, "/program/"])
def test_a_program_that_an_answer_holds_back_lists_no_technique_and_promises_no_call(cast, maya, by, page):
    course = give(cast.client, by=by, state="paused", state_reason="intake", planned=())
    words = text(maya.get(page))
    assert "on your bodyworker’s list" in words
    assert "will call you" not in words
    assert course.lines[0].revision.name not in words


def test_a_program_past_its_last_day_ends_kindly_and_still_takes_the_last_log(cast, maya, by):
    give(cast.client, by=by, starts_on=days_ago(28), weeks=4, planned=())
    words = text(maya.get(TODAY_PAGE))
    assert "You have come to the end of this program" in words
    assert "Log the last session" in words


def test_a_finished_program_makes_room_for_the_one_that_follows_it(cast, maya, by):
    over = {"state": "finished", "finished_on": days_ago(12), "planned": ()}
    give(cast.client, by=by, name="Old one", starts_on=days_ago(40), weeks=4, **over)
    assert "You have come to the end of this program." in text(maya.get(TODAY_PAGE))
    give(cast.client, by=by, name="Next one", starts_on=days_ago(12))
    page = text(maya.get(TODAY_PAGE))
    assert "Next one" in page
    assert "Old one" not in page


def test_a_finished_program_stays_beside_one_that_ran_with_it(cast, maya, by):
    over = {"state": "finished", "finished_on": days_ago(1), "planned": ()}
    give(cast.client, by=by, name="Old one", starts_on=days_ago(30), weeks=4, **over)
    give(cast.client, by=by, name="Other one", starts_on=days_ago(20))
    assert "Old one" in text(maya.get(TODAY_PAGE))


def test_an_offered_program_leads_to_the_safety_questions(cast, maya, by):
    give(cast.client, by=by, state="offered", planned=())
    assert reverse("today:intake") in text(maya.get(TODAY_PAGE))


def test_without_a_program_the_page_says_who_will_set_it_up(maya):
    assert "Jo will set it up" in text(maya.get(TODAY_PAGE))


def test_a_report_is_not_said_to_be_told_before_a_letter_left(cast, maya):
    case = EscalationFactory(client=cast.client, state="notified")
    letter_to(case, cast.bodyworker)
    page = text(maya.get(TODAY_PAGE))
    assert "is being told" in page
    assert "Jo has been told" not in page


def test_a_report_says_when_it_was_told_and_seen(cast, maya):
    case = EscalationFactory(
        client=cast.client,
        state="acknowledged",
        next_action_at=None,
        acked_at=NOW,
        acked_by=cast.bodyworker.user,
        follow_up_by=NOW + dt.timedelta(hours=8),
    )
    letter_to(case, cast.bodyworker, sent_at=hours_ago(1))
    page = text(maya.get(TODAY_PAGE))
    assert "Jo has been told" in page
    assert "Jo has seen it" in page


def test_a_report_nobody_answered_asks_to_call(cast, maya):
    EscalationFactory(client=cast.client, state="notified", target_at=NOW, opened_at=hours_ago(9))
    page = text(maya.get(TODAY_PAGE))
    assert "Nobody has answered yet" in page
    assert "tel:02079460018" in page


def test_pain_that_stays_high_comes_with_what_to_do(cast, maya):
    EscalationFactory(client=cast.client, rule="severe-persistent")
    assert "Leave out the strong moves until then." in text(maya.get(TODAY_PAGE))


def test_the_advice_is_in_the_very_words_that_were_shown(cast, maya, by):
    session = log(give(cast.client, by=by), before=8, after=8)
    session.shown, session.shown_at = [{"id": "asked-for-help", "text": "Leave out the move that hurt."}], NOW
    session.save()
    readings = [{"on": "2026-03-10", "score": 8, "session": session.pk}]
    EscalationFactory(client=cast.client, rule="asked-for-help", readings=readings)
    assert "<p>Leave out the move that hurt.</p>" in text(maya.get(TODAY_PAGE))


def test_a_report_that_the_engine_has_not_read_yet_is_on_the_page_at_once(cast, maya, by):
    log(give(cast.client, by=by), before=9, after=9, received_at=NOW)
    Client.objects.update(needs_look_since=NOW)
    assert "Your bodyworker is being told" in text(maya.get(TODAY_PAGE))
    Client.objects.update(needs_look_since=None)
    assert "Your bodyworker is being told" not in text(maya.get(TODAY_PAGE))


def test_the_words_of_a_warning_sign_end_with_its_own_case(cast, maya, by):
    session = log(give(cast.client, by=by), before=9, after=9)
    session.shown, session.shown_at = [{"id": "red-flag", "flag": "pe", "text": "Call 112 now."}], NOW
    session.save()
    readings = [{"on": "2026-03-10", "score": 9, "session": session.pk}]
    flag = EscalationFactory(
        client=cast.client, rule="red-flag-immediate", family="safety", number=1, readings=readings
    )
    EscalationFactory(client=cast.client, rule="very-severe-same-day", number=2, readings=readings)
    assert text(maya.get(TODAY_PAGE)).count("Call 112 now.") == 1
    flag.delete()
    assert "Call 112 now." not in text(maya.get(TODAY_PAGE))


def test_two_live_reports_say_once_what_rests_meanwhile(cast, maya):
    EscalationFactory(client=cast.client, rule="asked-for-help", number=1)
    EscalationFactory(client=cast.client, rule="very-severe-same-day", number=2, family="safety")
    page = text(maya.get(TODAY_PAGE))
    assert page.count("Your report") == 2
    assert page.count("No reminders until then.") == 1


def test_a_case_about_silence_is_no_report_of_the_client(cast, maya):
    EscalationFactory(client=cast.client, family="contact", rule="silent-client")
    assert "Your report" not in text(maya.get(TODAY_PAGE))


def test_a_guardian_can_go_to_the_other_record(cast, maya):
    ward = ClientFactory(clinic=cast.harbour, user=None, name="Nils Lindqvist", email="", guardian=cast.client.user)
    page = text(maya.get(TODAY_PAGE))
    assert "Go to Nils Lindqvist" in page
    maya.post(reverse("today:acting-for"), {"client": ward.uuid})
    assert ", Nils" in text(maya.get(TODAY_PAGE))


def test_today_asks_a_handful_of_questions_however_long_the_history(cast, maya, by, django_assert_max_num_queries):
    """What is asked, on which days, what was logged, which cases, who cares; four more are the sitting's.

    Yesterday's session with its scores takes two, and the short questions three in the weeks that have them.
    """
    course = give(cast.client, by=by, starts_on=days_ago(20), planned=[days_ago(n) for n in range(-7, 7)], lines=6)
    for days in range(1, 20):
        log(course, on=days_ago(days))
    maya.get(TODAY_PAGE)
    with django_assert_max_num_queries(5 + 4 + 2 + 3):
        maya.get(TODAY_PAGE)


def test_a_technique_is_shown_with_the_clients_own_dosage(cast, maya, by):
    course = give(cast.client, by=by)
    line = course.lines[0]
    page = text(maya.get(reverse("today:technique", args=[line.uuid])))
    assert "2 times 30 sec each side" in page
    assert "Sharp pain" in page


def test_a_technique_of_somebody_else_is_not_there(cast, maya, by):
    theirs = give(cast.colleagues_client, by=by).lines[0]
    assert maya.get(reverse("today:technique", args=[theirs.uuid])).status_code == 404


def test_the_program_page_shows_phases_and_the_week(cast, maya, by):
    course = give(cast.client, by=by)
    page = text(maya.get(PROGRAM))
    assert course.phase.title in page
    assert "Week 2 of 4" in page


def test_two_programs_have_two_names_to_jump_to(cast, maya, by):
    give(cast.client, by=by, name="Neck ease")
    give(cast.client, by=by, name="Hip release")
    page = text(maya.get(PROGRAM))
    assert 'aria-label="Techniques of Neck ease"' in page
    assert 'aria-label="Techniques of Hip release"' in page


@pytest.mark.parametrize("page", [TODAY_PAGE, PROGRAM, ME])
def test_staff_find_no_client_page(cast, page):
    browser = Browser()
    browser.force_login(cast.bodyworker.user)
    assert browser.get(page).status_code == 404


def reminders(**said):
    usual = {"reminders_on": "on", "time": "18:30", "pause": "none", "quiet_from": "21:00", "quiet_until": "08:00"}
    return {**usual, **said}


def test_reminders_are_kept_as_chosen(cast, maya):
    answer = maya.post(reverse("today:reminders"), reminders(time="07:00"))
    assert answer.status_code == 302
    kept = ContactPreferences.objects.get(client=cast.client)
    assert kept.reminder_time == dt.time(7)
    assert kept.reminders_on


def test_other_days_move_the_sessions_still_to_come(cast, maya, by):
    course = give(cast.client, by=by, planned=(TODAY, TODAY + dt.timedelta(days=1)))
    maya.post(reverse("today:reminders"), reminders(days=["5", "6"]))
    to_come = PlannedSession.objects.filter(program=course.program, on__gt=TODAY).values_list("on", flat=True)
    assert to_come
    assert {day.weekday() for day in to_come} == {5, 6}
    assert PlannedSession.objects.filter(program=course.program, on=TODAY).exists()


def test_switching_reminders_off_takes_waiting_ones_back(cast, maya):
    waiting = LetterFactory(client=cast.client)
    said = reminders()
    del said["reminders_on"]
    maya.post(reverse("today:reminders"), said)
    assert Letter.objects.get(pk=waiting.pk).state == "cancelled"


def test_a_pause_until_a_day_that_has_passed_keeps_what_was_typed(maya):
    answer = maya.post(reverse("today:reminders"), reminders(pause="until", until="2026-03-01", time="06:15"))
    assert answer.status_code == 422
    assert 'value="06:15"' in answer.content.decode()


def test_the_look_is_the_persons_own(cast, maya):
    maya.post(reverse("today:theme"), {"theme": "dark"})
    assert 'data-theme="dark"' in text(maya.get(ME))


def test_a_client_sees_who_looked_at_the_record(cast, maya):
    AuditEventFactory(
        clinic=cast.harbour, client=cast.client, by=cast.bodyworker.user, verb="client_read", subject_id=cast.client.pk
    )
    assert "<b>Jo Marsh</b> opened your record" in text(maya.get(ME))


@pytest.mark.parametrize("zone", ["", "Mars/Olympus"])
@pytest.mark.parametrize(
    "page", ["/today/", "/program/", "/log/", "/check-in/", "/hurts/", "/progress/", "/questions/", "/me/"]
)
def test_a_zone_that_is_gone_closes_no_page(cast, maya, by, zone, page):
    course = give(cast.client, by=by, starts_on=days_ago(20))
    log(course, on=days_ago(1))
    cast.client.zone = zone
    cast.client.save()
    assert maya.get(page).status_code == 200


# Notes of rules that open no case


@pytest.mark.parametrize(
    ("review", "said"),
    [
        ({"rule": "worsening"}, "Go lighter next time and keep logging"),
        ({"rule": "non-adherence"}, "Two moves you like beat six you skip."),
        ({"rule": "improvement", "params": {"improvement_pct": 38}}, "about 38% lower than when you began"),
    ],
)
def test_a_review_is_said_in_the_librarys_words_until_somebody_has_looked(cast, maya, review, said):
    give(cast.client, by=cast.bodyworker.user)
    row = ReviewFactory(client=cast.client, **review)
    assert said in text(maya.get(TODAY_PAGE))
    close_review(review=row, by=cast.bodyworker.user, now=NOW)
    assert said not in text(maya.get(TODAY_PAGE))


def test_expected_soreness_is_said_for_two_days(cast, maya):
    give(cast.client, by=cast.bodyworker.user)
    found = [{"rule": "soreness-window", "opens": "mark", "key": "x"}]
    row = AssessmentFactory(client=cast.client, findings=found)
    assert "A bit of soreness for a day or two is normal" in text(maya.get(TODAY_PAGE))
    row.judged_at = NOW - dt.timedelta(days=2)
    row.save()
    assert "A bit of soreness" not in text(maya.get(TODAY_PAGE))


def test_who_waits_for_an_answer_reads_no_note(cast, maya):
    give(cast.client, by=cast.bodyworker.user)
    ReviewFactory(client=cast.client, rule="worsening")
    EscalationFactory(client=cast.client)
    assert "keep logging; your bodyworker" not in text(maya.get(TODAY_PAGE))
