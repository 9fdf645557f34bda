"""The client's pages about what happened, by form and without script."""

from html import unescape

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from plans.journal.models import PainReport, RedFlagAnswer, RefusedLog, ReportSite, Session, SessionRevision
from plans.programs.models import Program
from tests.clock import NOW
from tests.factories.library import RedFlagFactory, WeeklyBundleFactory
from tests.journal.conftest import run_program

pytestmark = pytest.mark.django_db

LOG, CHECK_IN, HURTS = "/log/", "/check-in/", "/hurts/"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def maya(cast):
    browser = Browser()
    browser.force_login(cast.client.user)
    return browser


def text(answer):
    return unescape(answer.content.decode())


def opened(browser, page):
    """What an opened page carries without anyone typing."""
    context = browser.get(page).context
    asked = context.get("asked")
    carried = {"program": asked.program.uuid, "move": [move.uuid for move in asked.items]} if asked else {}
    return {"log": context["form"]["log"].value(), **carried}


def log_id(browser, page):
    return opened(browser, page)["log"]


def send(browser, page, **typed):
    """Open a page, type, save."""
    return browser.post(page, opened(browser, page) | typed)


def answered(answer):
    assert answer.status_code == 302, answer.context["form"].errors
    return answer.url


# The page


def test_nothing_is_chosen_before_the_client_chooses(maya, running):
    page = text(maya.get(LOG))
    assert page.count('name="before" value=') == page.count('name="after" value=') == 11
    assert not any(f'name="{name}" value="{n}" checked' in page for name in ("before", "after") for n in range(11))


def test_every_move_is_ticked_already(maya, running):
    form = maya.get(LOG).context["form"]
    assert form["items"].value() == [str(running.first.uuid), str(running.second.uuid)]


def test_a_hidden_move_is_not_asked(maya, running):
    running.second.hidden_at, running.second.hidden_reason = NOW, "asked-for-help"
    running.second.save()
    assert maya.get(LOG).context["form"]["items"].value() == [str(running.first.uuid)]


def test_a_client_without_a_program_checks_in(maya, cast):
    assert maya.get(LOG).url == CHECK_IN


@pytest.mark.parametrize("session", ["nonsense", "a4e7628e-c845-45d8-ab89-cef6047659d1"])
def test_an_address_that_names_nothing_is_no_error(maya, running, session):
    assert maya.get(LOG, {"session": session}).status_code in (200, 302)


@pytest.mark.parametrize("page", [LOG, CHECK_IN, HURTS])
def test_the_pages_are_the_client_s(cast, page):
    browser = Browser()
    assert browser.get(page).url.startswith("/account/login/")
    browser.force_login(cast.bodyworker.user)
    assert browser.get(page).status_code == 404


# Saving


def test_a_session_is_saved_and_answered(maya, running):
    moves = [str(running.first.uuid)]
    url = answered(send(maya, LOG, before="5", after="3", items=moves, sites=["back-buttock-right"], felt="too_easy"))
    stored = Session.objects.get()
    assert url == reverse("journal:answer", args=[stored.uuid])
    assert list(stored.reports.order_by("pk").values_list("moment", "score")) == [("before", 5), ("after", 3)]
    assert list(stored.items.order_by("pk").values_list("is_done", flat=True)) == [True, False]
    assert (stored.felt, stored.source, stored.planned_session) == ("too_easy", "form", running.planned)
    assert "Saved" in text(maya.get(url))


def test_the_same_page_sent_twice_is_one_log(maya, running):
    typed = {"log": log_id(maya, LOG), "before": "5", "after": "3"}
    with time_machine.travel(NOW, tick=False):
        first = maya.post(LOG, typed)
    with time_machine.travel(NOW.replace(minute=7), tick=False):
        second = maya.post(LOG, typed)
    assert first.url == second.url
    assert Session.objects.count() == 1


def test_the_same_page_sent_with_another_answer_asks_which_one(maya, running):
    typed = {"log": log_id(maya, LOG), "before": "5", "after": "3"}
    maya.post(LOG, typed)
    choose = answered(maya.post(LOG, typed | {"after": "6"}))
    assert "Which one is right?" in text(maya.get(choose))
    assert RefusedLog.objects.count() == 1
    maya.post(choose, {"use": "second"})
    assert PainReport.objects.get(moment="after").score == 6
    assert maya.get(choose).status_code == 302


def test_pain_is_all_that_is_needed_and_what_was_typed_stays(maya, running):
    page = send(maya, LOG, after="3", note="on the stairs", sites=["back-calf-left"])
    assert page.context["form"].errors.keys() == {"before"}
    assert "Choose a number for your pain before" in text(page)
    assert "on the stairs" in text(page)
    assert 'value="back-calf-left" checked' in text(page)
    assert not Session.objects.exists()


def test_a_score_of_11_is_not_on_the_scale(maya, running):
    page = send(maya, LOG, before="11", after="seven")
    assert page.context["form"].errors.keys() == {"before", "after"}


def test_from_7_on_the_page_asks_whether_it_can_wait(maya, running):
    typed = {"log": log_id(maya, LOG), "before": "3", "after": "7", "note": "kept"}
    page = maya.post(LOG, typed)
    assert page.context["form"].errors.keys() == {"can_wait"}
    assert page.context["form"].asks_can_wait
    assert "kept" in text(page)
    answered(maya.post(LOG, typed | {"can_wait": "yes"}))


def test_at_9_the_safety_questions_are_asked_with_everything_kept(maya, running, flag):
    typed = {"log": log_id(maya, LOG), "before": "3", "after": "9", "can_wait": "yes", "sites": "back-buttock-right"}
    page = maya.post(LOG, typed)
    assert page.context["form"].errors.keys() == {f"flag_{flag.slug}"}
    assert flag.question in text(page)
    answered(maya.post(LOG, typed | {f"flag_{flag.slug}": "no"}))
    assert RedFlagAnswer.objects.get().answer is False


def test_at_9_all_that_is_missing_is_asked_in_one_go(maya, running, flag):
    page = send(maya, LOG, before="3", after="9", sites="back-buttock-right")
    assert page.context["form"].errors.keys() == {"can_wait", f"flag_{flag.slug}"}


def test_only_the_questions_that_fit_the_site_are_asked(maya, running, flag):
    typed = {"before": "3", "after": "9", "can_wait": "yes", "sites": "back-hand-right"}
    answered(send(maya, LOG, **typed))


def test_a_note_that_is_too_long_is_kept_and_named(maya, running):
    page = send(maya, LOG, before="3", after="3", note="a" * 4001)
    assert page.context["form"].errors.keys() == {"note"}
    assert "a" * 4001 in text(page)


def test_yesterday_is_yesterday(maya, running):
    answered(send(maya, LOG, before="3", after="3", when="yesterday"))
    assert str(Session.objects.get().local_on) == "2026-03-09"


@pytest.mark.parametrize("on", ["2025-03-10", "2027-03-10", "", "soon"])
def test_another_day_must_be_a_near_one(maya, running, on):
    page = send(maya, LOG, before="3", after="3", when="other", on=on)
    assert page.context["form"].errors.keys() == {"on"}


def test_a_program_that_ended_meanwhile_is_told_above_the_form(maya, running):
    typed = {"log": log_id(maya, LOG), "before": "3", "after": "3"}
    address = f"{LOG}?session={running.planned.uuid}"
    Program.objects.update(state="finished", finished_on=NOW.date())
    page = maya.post(address, typed)
    assert "This program is finished" in text(page)
    assert not Session.objects.exists()


def test_a_check_in_says_how_it_is_and_how_the_morning_was(maya, cast):
    answered(send(maya, CHECK_IN, now_score="4", morning="6"))
    assert list(PainReport.objects.order_by("pk").values_list("moment", "score")) == [
        ("check_in", 4),
        ("next_morning", 6),
    ]


def test_the_regions_of_last_time_are_ticked(maya, cast):
    answered(send(maya, CHECK_IN, now_score="4", sites=["back-buttock-right", "back-outer-hip-right"]))
    assert maya.get(CHECK_IN).context["form"]["sites"].value() == ["back-buttock-right", "back-outer-hip-right"]


# It hurts too much


def test_it_hurts_stops_the_move_and_tells(maya, running, flag):
    typed = {"now_score": "8", "before": "3", "hurt": str(running.first.uuid), "can_wait": "no"}
    url = answered(send(maya, HURTS, **typed, sites="back-buttock-right", **{f"flag_{flag.slug}": "no"}))
    stored = Session.objects.get()
    item = stored.items.get()
    page = text(maya.get(url))
    assert (item.is_done, item.stop_reason, item.peak) == (False, "too_painful", 8)
    assert stored.shown[0]["text"] in page
    assert "We are telling Jo" in page
    assert "is out of your sessions until your bodyworker answers" in page


def test_severe_pain_that_can_wait_says_who_can_see_it_and_whom_to_call(maya, cast):
    page = text(maya.get(answered(send(maya, CHECK_IN, now_score="8", can_wait="yes"))))
    assert "Jo can see it" in page
    assert "Call 020 7946 0018" in page
    assert "We are telling" not in page


def test_a_move_without_a_number_before_is_told_the_way_on(maya, running):
    page = send(maya, HURTS, now_score="8", hurt=str(running.first.uuid), can_wait="no")
    assert "before you began, or “None of these”" in text(page)


def test_it_hurts_sent_twice_is_one_log_though_the_move_is_left_out_since(maya, running):
    typed = opened(maya, HURTS) | {"now_score": "8", "before": "3", "hurt": str(running.first.uuid), "can_wait": "no"}
    assert answered(maya.post(HURTS, typed)) == answered(maya.post(HURTS, typed))
    assert Session.objects.count() == 1


def test_a_session_sent_twice_is_one_log_though_the_program_is_over(maya, running):
    typed = opened(maya, LOG) | {"before": "5", "after": "3", "items": [str(running.first.uuid)]}
    first = answered(maya.post(LOG, typed))
    Program.objects.update(state="finished", finished_on=NOW.date())
    assert answered(maya.post(LOG, typed)) == first


def test_a_page_about_another_client_s_program_says_nothing_of_it(maya, cast, running):
    theirs = run_program(cast.colleagues_client, cast.colleague.user)
    typed = opened(maya, LOG) | {"program": theirs.program.uuid, "before": "5", "after": "3"}
    page = maya.post(LOG, typed | {"note": "Sharp on the stairs.", "sites": "back-buttock-right"})
    assert theirs.program.name not in text(page)
    assert "What you wrote is kept here" in text(page)
    form = page.context["form"]
    assert (form["now_score"].value(), form["note"].value()) == ("3", "Sharp on the stairs.")
    assert f'action="{CHECK_IN}"' in text(page)
    assert not Session.objects.exists()


def test_a_page_without_a_program_leads_to_the_check_in(maya, cast):
    assert maya.get(LOG).url == CHECK_IN


def test_it_hurts_without_a_move_is_a_check_in(maya, cast):
    answered(send(maya, HURTS, now_score="5"))
    assert PainReport.objects.get().moment == "check_in"


def test_a_stop_that_can_wait_promises_nobody(maya, running):
    page = text(maya.get(answered(send(maya, HURTS, now_score="5", before="3", hurt=str(running.first.uuid)))))
    assert "We are telling" not in page
    assert "Jo can see it" in page


def test_the_safety_questions_stand_on_the_page_at_once(maya, cast, flag):
    answered(send(maya, CHECK_IN, now_score="4", sites="back-buttock-right"))
    page = maya.get(HURTS)
    assert flag.question in text(page)
    assert page.context["form"].asks_safety


def test_a_yes_is_answered_at_once_even_when_others_are_open(maya, cast, flag, running):
    moved = {"hurt": str(running.first.uuid), f"flag_{flag.slug}": "yes"}
    page = text(maya.get(answered(send(maya, HURTS, now_score="10", **moved))))
    assert "Stop your program now." in page
    assert "Call your local emergency number." in page
    assert 'href="tel:112"' in page
    assert "is locked until a person has spoken with you" in page


def test_a_yes_is_answered_even_where_nothing_could_be_saved(maya, running, flag):
    page = text(send(maya, HURTS, **{f"flag_{flag.slug}": "yes"}))
    assert "There is a problem" in page
    assert "Stop your program now." in page
    assert 'href="tel:112"' in page


# Once a week


@pytest.fixture
def bundle(cast, flag):
    bundle = WeeklyBundleFactory(clinic=cast.harbour, slug="weekly-nerves", question="Any new numbness?")
    bundle.flags.set([flag, RedFlagFactory(clinic=cast.harbour, slug="weakness")])
    return bundle


def test_the_weekly_questions_may_be_left_open(maya, running, bundle):
    assert bundle.question in text(maya.get(LOG))
    answered(send(maya, LOG, before="3", after="3"))
    assert bundle.question in text(maya.get(LOG))


def test_a_weekly_no_is_a_no_to_each_and_is_not_asked_again_for_a_week(maya, cast, bundle):
    answered(send(maya, CHECK_IN, now_score="3", **{f"weekly_{bundle.slug}": "no"}))
    assert list(RedFlagAnswer.objects.values_list("answer", flat=True)) == [False, False]
    assert bundle.question not in text(maya.get(CHECK_IN))
    with time_machine.travel(NOW.replace(day=18), tick=False):
        assert bundle.question in text(maya.get(CHECK_IN))


def test_a_weekly_yes_asks_the_single_questions_and_keeps_the_rest(maya, cast, bundle, flag):
    typed = {"log": log_id(maya, CHECK_IN), "now_score": "3", "note": "kept", f"weekly_{bundle.slug}": "yes"}
    page = maya.post(CHECK_IN, typed)
    assert page.context["form"].weekly.errors.keys() == {f"single_{flag.slug}", "single_weakness"}
    assert "kept" in text(page)
    url = answered(maya.post(CHECK_IN, typed | {f"single_{flag.slug}": "yes"}))
    assert "Stop your program now." in text(maya.get(url))


# Afterwards


def test_a_log_can_be_put_right_and_keeps_what_the_page_did_not_ask(maya, running, flag):
    answered(send(maya, HURTS, now_score="6", before="3", hurt=str(running.first.uuid), **{f"flag_{flag.slug}": "yes"}))
    stored = Session.objects.get()
    edit = reverse("journal:edit", args=[stored.uuid])
    form = maya.get(edit).context["form"]
    assert (form["before"].value(), form["after"].value()) == ("3", "6")
    answered(maya.post(edit, {"log": stored.uuid, "revision": 1, "before": "3", "after": "5", "note": "less"}))
    stored.refresh_from_db()
    item = stored.items.get()
    assert (stored.note, stored.revision, item.stop_reason) == ("less", 2, "too_painful")
    assert RedFlagAnswer.objects.get().answer is True
    assert stored.shown[0]["text"] == flag.client_message
    assert SessionRevision.objects.count() == 1


def test_a_log_changed_meanwhile_is_not_overwritten(maya, cast):
    answered(send(maya, CHECK_IN, now_score="4"))
    stored = Session.objects.get()
    page = maya.post(reverse("journal:edit", args=[stored.uuid]), {"log": stored.uuid, "revision": 9, "now_score": "5"})
    assert "changed in the meantime" in text(page)


def test_a_log_can_be_taken_back_and_put_back(maya, cast):
    url = answered(send(maya, CHECK_IN, now_score="4"))
    maya.post(f"{url}remove/")
    assert Session.objects.get().removed_at == NOW
    assert "Put it back" in text(maya.get(url))
    maya.post(f"{url}restore/")
    assert Session.objects.get().removed_at is None


@pytest.mark.parametrize("page", ["answer", "edit", "choose"])
def test_nobody_else_opens_a_client_s_log(maya, cast, page):
    answered(send(maya, CHECK_IN, now_score="4"))
    address = reverse(f"journal:{page}", args=[Session.objects.get().uuid])
    for who in (cast.colleagues_client, cast.meadow_client):
        browser = Browser()
        browser.force_login(who.user)
        assert browser.get(address).status_code == 404


def test_sites_are_kept_with_their_side(maya, cast):
    answered(send(maya, CHECK_IN, now_score="4", sites=["front-knee-left", "front-groin"]))
    assert set(ReportSite.objects.values_list("region", "side")) == {("front-knee", "left"), ("front-groin", "none")}


def test_opening_the_log_costs_few_queries(maya, running, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        maya.get(LOG)


def test_another_clinic_s_planned_session_is_not_there(maya, running, cast):
    theirs = run_program(cast.meadow_client, cast.meadow_bodyworker.user)
    assert maya.get(LOG, {"session": theirs.planned.uuid}).context["asked"].program == running.program


# Progress


def test_progress_says_first_that_there_is_little_to_say(maya, cast):
    assert "Your chart starts after two sessions." in text(maya.get("/progress/"))


@pytest.mark.parametrize("weeks", ["2", "5", "all", "nonsense"])
def test_progress_shows_a_sentence_a_chart_and_a_table(maya, running, weeks):
    for days, before in ((9, "7"), (5, "5"), (2, "4")):
        with time_machine.travel(NOW.replace(day=10 - days), tick=False):
            answered(send(maya, LOG, before=before, after="3", can_wait="yes"))
    page = text(maya.get("/progress/", {"weeks": weeks}))
    assert "<strong>fallen from 7 to 4</strong>" in page
    assert 'class="chart chart--phone"' in page
    assert "Show as a table" in page


def test_progress_costs_the_same_with_many_logs(maya, running, django_assert_max_num_queries):
    for number in range(12):
        answered(send(maya, LOG, before="4", after=str(number % 7)))
    with django_assert_max_num_queries(12):
        maya.get("/progress/")


# A clinic with lower lines


@pytest.fixture
def strict(cast):
    cast.harbour.pain_lines = {"severe": 6, "very_severe": 8, "sleepless": 7}
    cast.harbour.save()


def test_a_clinic_that_counts_from_6_asks_from_6_and_pauses_from_8(maya, running, strict):
    typed = opened(maya, CHECK_IN)
    page = maya.post(CHECK_IN, typed | {"now_score": "6"})
    assert page.context["form"].errors.keys() == {"can_wait"}
    assert 'data-severe="6" data-very-severe="8" data-sleepless="7"' in text(page)
    told = text(maya.get(answered(maya.post(CHECK_IN, typed | {"now_score": "6", "can_wait": "no"}))))
    assert "Your bodyworker is being told" in told
    assert "We are telling" in told
    answered(send(maya, CHECK_IN, now_score="8", can_wait="yes"))
    assert Program.objects.get().state == "paused"


def test_a_log_by_api_that_leaves_it_open_below_7_is_taken(maya, strict):
    body = {"program": None, "performed_at": NOW.isoformat(), "reports": [{"moment": "check_in", "score": 6}]}
    sent = maya.put("/api/v1/sessions/3f0e9a39-56cb-4d5e-9d2b-0f6c7b6f8f3e/", body, content_type="application/json")
    assert sent.status_code == 201
