"""What a reminder leads to, what may be chosen about them, and why one came."""

import datetime as dt

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.post.models import ContactPreferences, Letter
from plans.followup.actions import nudge_letters, sweep_looks, sweep_nudges
from plans.followup.models import Nudge, Review
from plans.followup.rules import NudgeKind
from plans.today.forms.me import KINDS
from tests.clock import NOW, TODAY, at
from tests.factories.followup import NudgeFactory
from tests.factories.journal import SessionFactory
from tests.factories.people import ClientFactory
from tests.factories.post import ContactPreferencesFactory, LetterFactory
from tests.factories.programs import PhaseFactory, PlannedSessionFactory
from tests.today.courses import give

pytestmark = pytest.mark.django_db
EVENING = at("2026-03-10", "18:30")
DAY = dt.timedelta(days=1)
ASK = "/in-the-way/"


@pytest.fixture
def maya(cast, time_machine):
    time_machine.move_to(NOW, tick=False)
    browser = Browser()
    browser.force_login(cast.client.user)
    return browser


@pytest.fixture
def asked(cast):
    """Maya was asked yesterday what is in the way, and has not said."""
    return NudgeFactory(client=cast.client, kind="check-in-day-3", local_on=TODAY - DAY, state="ignored")


def test_the_paths_in_letters_are_the_pages_of_the_client():
    assert reverse("today:in-the-way") == nudge_letters.IN_THE_WAY_PAGE
    assert reverse("today:why") == nudge_letters.WHY_PAGE
    assert reverse("today:me") == nudge_letters.REMINDERS_PAGE
    assert reverse("today:today") == nudge_letters.TODAY_PAGE


def test_looking_at_the_question_answers_nothing(maya, asked):
    assert maya.get(ASK).status_code == 200
    assert maya.head(ASK).status_code == 200
    assert Nudge.objects.get().answer == ""


def test_pain_opens_logging_rests_the_reminders_and_is_on_the_list(cast, maya, asked):
    LetterFactory(client=cast.client)
    answer = maya.post(ASK, {"reason": "pain"})
    assert answer.url == reverse("journal:check_in")
    assert Review.objects.get().rule == "pain-in-the-way"
    assert Letter.objects.get().state == "cancelled"
    PlannedSessionFactory(
        phase=PhaseFactory(version__program__client=cast.client, version__program__clinic=cast.harbour), on=TODAY
    )
    assert sweep_nudges(now=EVENING) == 0


def test_a_log_takes_pain_in_the_way_off_the_list(cast, maya, asked):
    maya.post(ASK, {"reason": "pain"})
    SessionFactory(client=cast.client, local_on=TODAY, received_at=NOW)
    cast.client.needs_look_since = NOW
    cast.client.save()
    sweep_looks(now=NOW)
    assert Review.objects.get(rule="pain-in-the-way").closed_at == NOW


def test_no_time_offers_the_first_move_and_makes_the_next_reminder_smaller(cast, maya, asked):
    course = give(cast.client, by=cast.bodyworker.user, planned=(TODAY, TODAY + DAY))
    page = maya.post(ASK, {"reason": "no_time"}, follow=True).content.decode()
    assert "Two minutes of your first move still counts." in page
    assert reverse("today:technique", args=[course.lines[0].uuid]) in page
    sweep_nudges(now=EVENING + DAY)
    assert Letter.objects.get().kind == "session-short"


def test_being_unsure_is_on_the_bodyworkers_list_once(cast, maya, asked):
    for _ in range(2):
        page = maya.post(ASK, {"reason": "unsure"}, follow=True).content.decode()
    assert "It is on Jo’s list now." in page
    assert Review.objects.get().rule == "unsure-how"


@pytest.mark.parametrize(("said", "kept"), [({}, TODAY + 7 * DAY), ({"until": "2026-04-01"}, dt.date(2026, 4, 1))])
def test_away_pauses_until_a_day_and_is_one_tap(cast, maya, asked, said, kept):
    page = maya.post(ASK, {"reason": "away", **said}, follow=True).content.decode()
    assert "Paused until" in page
    assert ContactPreferences.objects.get(client=cast.client).paused_until_on == kept


@pytest.mark.parametrize("said", [{}, {"reason": "bored"}, {"reason": "away", "until": "2026-03-01"}])
def test_what_is_no_answer_is_asked_again(maya, asked, said):
    assert maya.post(ASK, said).status_code == 422
    assert Nudge.objects.get().answer == ""


def test_a_day_that_was_typed_is_of_no_matter_to_another_answer(maya, asked):
    assert maya.post(ASK, {"reason": "no_time", "until": "nonsense"}).status_code == 302


def test_an_answer_begins_the_count_anew(cast, maya, asked):
    for n in (2, 3, 4):
        NudgeFactory(client=cast.client, local_on=TODAY - n * DAY, state="ignored")
    maya.post(ASK, {"reason": "no_time"})
    asked.refresh_from_db()
    assert (asked.state, asked.answer, asked.answered_at) == ("answered", "no_time", NOW)
    sweep_nudges(now=EVENING)
    assert not Letter.objects.filter(kind=NudgeKind.STOPPED).exists()


def test_a_letter_leads_to_why_it_came(cast, maya):
    give(cast.client, by=cast.bodyworker.user)
    sweep_nudges(now=EVENING)
    page = maya.get(reverse("today:why-letter", args=[Letter.objects.get().uuid])).content.decode()
    assert "Session reminder, Tuesday 10 March" in page
    assert "A session was planned for this day, and nothing was logged yet at your time." in page
    assert "Hip release" in page


def test_one_that_was_not_sent_says_why(cast, maya):
    NudgeFactory(client=cast.client, state="dropped", reason="enough for this week")
    assert "Not sent: Enough for this week" in maya.get(reverse("today:why")).content.decode()


def test_a_guardian_reads_why_the_wards_came(cast, maya):
    ward = ClientFactory(clinic=cast.harbour, user=None, name="Nils", email="", guardian=cast.client.user)
    letter = LetterFactory(client=ward)
    NudgeFactory(client=ward, letter=letter)
    assert maya.get(reverse("today:why-letter", args=[letter.uuid])).status_code == 200


def test_why_asks_the_same_questions_however_many_there_were(cast, maya, django_assert_max_num_queries):
    for n in range(14):
        planned = PlannedSessionFactory(
            phase=PhaseFactory(version__program__client=cast.client, version__program__clinic=cast.harbour),
            on=TODAY - n * DAY,
        )
        NudgeFactory(
            client=cast.client,
            local_on=TODAY - n * DAY,
            planned_session_id=planned.pk,
            letter=LetterFactory(client=cast.client),
        )
    maya.get(reverse("today:why"))
    with django_assert_max_num_queries(8):
        maya.get(reverse("today:why"))


def reminders(**said):
    usual = {"reminders_on": "on", "time": "18:30", "pause": "none", "quiet_from": "21:00", "quiet_until": "08:00"}
    return {**usual, **said}


def test_kinds_are_switched_one_by_one(cast, maya):
    maya.post(reverse("today:reminders"), reminders(kinds=["session-ready", "log-next-morning"]))
    kept = ContactPreferences.objects.get(client=cast.client)
    assert kept.kinds_wanted == ["log-next-morning"]
    offered = {kind.value for kind, _name, _when in KINDS}
    assert set(kept.kinds_off) == offered - {"session-ready", "log-next-morning"}
    assert kept.chosen_at == NOW


def test_the_page_shows_what_is_on(cast, maya):
    ContactPreferencesFactory(client=cast.client, kinds_off=["good-week"])
    page = maya.get(reverse("today:me")).content.decode()
    for kind, is_on in (("good-week", False), ("session-ready", True), ("log-next-morning", False)):
        switch = page[page.index(f'value="{kind}"') :]
        assert (" checked" in switch[: switch.index(">")]) is is_on


def test_choosing_again_brings_reminders_back_after_four_were_ignored(cast, maya):
    for n in (4, 5, 6, 7):
        NudgeFactory(client=cast.client, local_on=TODAY - n * DAY, state="ignored")
    maya.post(reverse("today:reminders"), reminders(kinds=[kind.value for kind, _name, _when in KINDS]))
    PlannedSessionFactory(
        phase=PhaseFactory(version__program__client=cast.client, version__program__clinic=cast.harbour), on=TODAY + DAY
    )
    Nudge.objects.filter(local_on=TODAY - 4 * DAY).delete()
    assert sweep_nudges(now=EVENING + DAY) == 1
    assert Letter.objects.get().kind == "session-ready"


def test_a_test_leaves_at_once_and_what_was_typed_stays(cast, maya):
    page = maya.post(reverse("today:reminder-test"), reminders(time="06:15"))
    assert 'value="06:15"' in page.content.decode()
    letter = Letter.objects.get()
    assert (letter.client, letter.subject_kind, letter.due_at) == (cast.client, "test", NOW)
    assert not ContactPreferences.objects.exists()


def test_the_sixth_test_of_an_hour_is_refused(maya):
    for _ in range(6):
        answer = maya.post(reverse("today:reminder-test"), follow=True)
    assert Letter.objects.count() == 1  # the same instant is the same letter
    LetterFactory.create_batch(5, client=Letter.objects.get().client, subject_kind="test")
    answer = maya.post(reverse("today:reminder-test"), follow=True)
    assert "several tests" in answer.content.decode()


def test_nobody_without_an_address_is_promised_a_test(cast, maya):
    cast.client.email_failed_at = NOW
    cast.client.save()
    page = maya.post(reverse("today:reminder-test"), follow=True).content.decode()
    assert "no email address of yours that works" in page
    assert not Letter.objects.exists()
