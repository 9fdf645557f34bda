"""A reminder leaves once a day, at the client's time, and only when nothing is in the way."""

import datetime as dt

import pytest

from accounts.people.models import Consent
from accounts.post.actions import pause_reminders, sweep_letters
from accounts.post.models import Letter
from plans.followup.actions import nudging, sweep_nudges
from plans.followup.models import Nudge, Review
from plans.programs.actions import hold_program
from plans.programs.rules import ProgramState
from tests.clock import NOW, TODAY, at
from tests.factories.followup import EscalationFactory, NudgeFactory, ReviewFactory
from tests.factories.journal import SessionFactory
from tests.factories.people import ConsentFactory
from tests.factories.post import ContactPreferencesFactory, KillSwitchFactory, LetterFactory
from tests.factories.programs import PhaseFactory, PlannedSessionFactory, ProgramFactory
from tests.post.postman import Postman

pytestmark = pytest.mark.django_db
EVENING = at("2026-03-10", "18:30")
DAY = dt.timedelta(days=1)


@pytest.fixture
def planned(cast):
    """Maya has a session today."""
    return PlannedSessionFactory(
        phase=PhaseFactory(version__program__client=cast.client, version__program__clinic=cast.harbour), on=TODAY
    )


def test_a_client_with_a_planned_session_and_no_log_is_reminded_once(cast, planned):
    for minute in range(3):
        sweep_nudges(now=EVENING + dt.timedelta(minutes=minute))
    letter = Letter.objects.get()
    assert (letter.kind, letter.client, letter.due_at) == ("session-ready", cast.client, EVENING)
    assert letter.expires_at == at("2026-03-10", "21:00")
    nudge = Nudge.objects.get()
    assert (nudge.state, nudge.letter, nudge.local_on) == ("queued", letter, TODAY)


def test_nobody_is_reminded_before_their_time(planned):
    assert sweep_nudges(now=EVENING - dt.timedelta(seconds=1)) == 0
    assert not Nudge.objects.exists()


def test_the_clients_own_time_counts(cast, planned):
    ContactPreferencesFactory(client=cast.client, reminder_time=dt.time(10, 15))
    assert sweep_nudges(now=at("2026-03-10", "10:15")) == 1


def test_the_clients_own_zone_counts(cast, planned):
    cast.client.zone = "America/New_York"
    cast.client.save()
    assert sweep_nudges(now=EVENING) == 0
    assert sweep_nudges(now=at("2026-03-10", "22:30")) == 1


@pytest.mark.parametrize(("began", "kinds"), [(12, ["outcome-week"]), (9, []), (18, [])])
def test_the_short_questions_of_a_week_are_told_of_once(cast, began, kinds):
    program = ProgramFactory(client=cast.client, starts_on=TODAY - began * DAY, ends_on=TODAY + 40 * DAY)
    for day in range(2):
        sweep_nudges(now=EVENING + day * DAY)
    letters = Letter.objects.filter(client=program.client)
    assert [letter.kind for letter in letters] == kinds
    assert all(letter.params["path"] == "/questions/" for letter in letters)


def test_a_client_whose_zone_is_gone_is_reminded_at_the_clinics_time(cast, planned):
    cast.client.zone = "Europe/Atlantis"
    cast.client.save()
    cast.harbour.zone = "America/New_York"
    cast.harbour.save()
    assert sweep_nudges(now=EVENING) == 0
    assert sweep_nudges(now=at("2026-03-10", "22:30")) == 1


def test_a_zone_that_no_longer_exists_stops_nobody_else(cast, planned):
    cast.colleagues_client.zone = "Mars/Olympus"
    cast.colleagues_client.save()
    assert sweep_nudges(now=EVENING) == 1


def logged(cast, planned):
    SessionFactory(client=cast.client, local_on=TODAY)


def live_case(cast, planned):
    EscalationFactory(client=cast.client)


def paused(cast, planned):
    planned.program.state, planned.program.state_reason = "paused", "client"
    planned.program.save()


def withdrawn(cast, planned):
    planned.state = "withdrawn"
    planned.save()


def unsubscribed(cast, planned):
    ContactPreferencesFactory(client=cast.client, unsubscribed_at=NOW)


def switched_off(cast, planned):
    ContactPreferencesFactory(client=cast.client, reminders_on=False)


def kind_off(cast, planned):
    ContactPreferencesFactory(client=cast.client, kinds_off=["session-ready"])


def away(cast, planned):
    ContactPreferencesFactory(client=cast.client, paused_until_on=TODAY)


def stopped(cast, planned):
    KillSwitchFactory(clinic=cast.harbour, scope="nudges")


def consent_withdrawn(cast, planned):
    ConsentFactory(client=cast.client, purpose="reminders", withdrawn_at=NOW)


def another_program_locked(cast, planned):
    ProgramFactory(client=cast.client, state="locked", state_reason="cauda-equina")


def said_pain_is_in_the_way(cast, planned):
    ReviewFactory(client=cast.client, rule="pain-in-the-way")


def discharged(cast, planned):
    cast.client.discharged_at = NOW
    cast.client.save()


def reminded(cast, planned):
    NudgeFactory(client=cast.client, local_on=TODAY)


IN_THE_WAY = [
    logged,
    live_case,
    paused,
    withdrawn,
    unsubscribed,
    switched_off,
    kind_off,
    away,
    stopped,
    consent_withdrawn,
    another_program_locked,
    said_pain_is_in_the_way,
    discharged,
    reminded,
]


@pytest.mark.parametrize("reason", IN_THE_WAY, ids=lambda reason: reason.__name__)
def test_no_reminder_when_something_is_in_the_way(cast, planned, reason):
    reason(cast, planned)
    assert sweep_nudges(now=EVENING) == 0
    assert not Letter.objects.exists()


def test_a_consent_given_again_lets_reminders_come(cast, planned):
    consent_withdrawn(cast, planned)
    ConsentFactory(client=cast.client, purpose="reminders")
    assert Consent.objects.count() == 2
    assert sweep_nudges(now=EVENING) == 1


def test_a_removed_log_does_not_count_as_logged(cast, planned):
    SessionFactory(client=cast.client, local_on=TODAY, removed_at=NOW)
    assert sweep_nudges(now=EVENING) == 1


def test_a_late_nudge_is_dropped_and_counted(cast, planned):
    assert sweep_nudges(now=at("2026-03-10", "21:00")) == 0
    nudge = Nudge.objects.get()
    assert (nudge.state, nudge.reason) == ("dropped", "its time had passed")


def test_four_a_week_are_enough(cast, planned):
    for n in range(1, 5):
        NudgeFactory(client=cast.client, local_on=TODAY - n * DAY, state="answered")
    SessionFactory(client=cast.client, local_on=TODAY - DAY)
    assert sweep_nudges(now=EVENING) == 0
    assert Nudge.objects.get(local_on=TODAY).reason == "enough for this week"


def test_after_two_ignored_only_half_are_sent(cast, planned):
    SessionFactory(client=cast.client, local_on=TODAY - 4 * DAY)
    for n in (1, 2):
        NudgeFactory(client=cast.client, local_on=TODAY - n * DAY, state="ignored")
    assert sweep_nudges(now=EVENING) == 0


def four_ignored(cast):
    for n in (8, 11, 14, 17):
        NudgeFactory(client=cast.client, local_on=TODAY - n * DAY, state="ignored")


def test_after_four_ignored_one_last_letter_says_so_and_no_more_come(cast, planned):
    four_ignored(cast)
    assert sweep_nudges(now=EVENING) == 1
    assert Letter.objects.get().kind == "stopped-nudging"
    PlannedSessionFactory(phase=planned.phase, on=TODAY + DAY)
    assert sweep_nudges(now=EVENING + DAY) == 0
    assert Nudge.objects.get(local_on=TODAY + DAY).reason == "four were left unanswered"


def test_the_fourth_ignored_puts_the_client_on_the_bodyworkers_list(cast):
    four_ignored(cast)
    letter = LetterFactory(client=cast.client, state="sent", sent_at=NOW)
    Nudge.objects.filter(local_on=TODAY - 8 * DAY).update(state="queued", letter=letter)
    sweep_nudges(now=EVENING)
    review = Review.objects.get()
    assert (review.client, review.rule, review.params) == (cast.client, "stopped-nudging", {"n": 4})
    sweep_nudges(now=EVENING + DAY)
    assert Review.objects.count() == 1


def test_a_log_makes_reminders_come_again(cast, planned):
    for n in (8, 11, 14, 17):
        NudgeFactory(client=cast.client, local_on=TODAY - n * DAY, state="ignored")
    SessionFactory(client=cast.client, local_on=TODAY - 2 * DAY)
    assert sweep_nudges(now=EVENING) == 1


def test_a_client_without_an_address_is_counted_and_no_incident(cast, planned):
    cast.client.email, cast.client.user = "", None
    cast.client.save()
    assert sweep_nudges(now=EVENING) == 0
    assert Nudge.objects.get().reason == "no address to send to"


@pytest.mark.parametrize(("what", "state"), [("log", "answered"), ("nothing", "ignored"), ("cancel", "dropped")])
def test_a_day_later_it_is_known_what_became_of_a_reminder(cast, planned, what, state):
    sweep_nudges(now=EVENING)
    if what == "cancel":
        Letter.objects.update(state="cancelled", next_attempt_at=None)
    else:
        sweep_letters(now=EVENING, channel=Postman())
    if what == "log":
        SessionFactory(client=cast.client, local_on=TODAY)
    sweep_nudges(now=at("2026-03-10", "23:59"))
    assert Nudge.objects.get().state == "queued"
    sweep_nudges(now=at("2026-03-11", "00:00"))
    assert Nudge.objects.get().state == state


def test_reminders_cost_the_same_statements_when_many_are_not_due(cast, planned, django_assert_num_queries):
    ContactPreferencesFactory(client=cast.client, reminder_time=dt.time(20))
    sweep_nudges(now=EVENING)
    with django_assert_num_queries(6):
        sweep_nudges(now=EVENING + dt.timedelta(minutes=1))


def test_a_repeated_hour_repeats_no_reminder(cast, planned):
    planned.on = dt.date(2026, 10, 25)
    planned.save()
    never = dt.time(3)
    ContactPreferencesFactory(client=cast.client, reminder_time=dt.time(1, 30), quiet_from=never, quiet_until=never)
    for instant in (at("2026-10-25", "00:30"), at("2026-10-25", "01:30")):
        sweep_nudges(now=instant)
    assert Letter.objects.count() == 1


def test_holding_a_program_takes_a_waiting_reminder_back(cast, planned):
    ContactPreferencesFactory(client=cast.client, reminder_time=dt.time(18, 0))
    sweep_nudges(now=EVENING)
    hold_program(program=planned.program, state=ProgramState.PAUSED, reason="client", by=None, now=EVENING)
    assert Letter.objects.get().state == "cancelled"


def kinds_sent(client, *, until, step=DAY):
    """Let the engine run every evening and carry its letters out; what left, by day from the tenth."""
    for n in range((until - TODAY).days + 1):
        sweep_nudges(now=EVENING + n * step)
        sweep_letters(now=EVENING + n * step, channel=Postman())
    left = Nudge.objects.filter(client=client).exclude(state="dropped").order_by("local_on")
    return [(row.local_on.day, row.kind) for row in left]


def test_the_ladder_of_a_client_who_says_nothing(cast, planned):
    """Tuesdays and Fridays: a reminder, once more, a question on day 3, half as many, a last one, and a person."""
    for n in (3, 7, 10, 14, 17):
        PlannedSessionFactory(phase=planned.phase, on=TODAY + n * DAY)
    assert kinds_sent(cast.client, until=TODAY + 20 * DAY) == [
        (10, "session-ready"),
        (11, "reminder-once-more"),
        (13, "check-in-day-3"),
        (20, "session-ready"),
        (21, "stopped-nudging"),
    ]
    assert Review.objects.get(rule="stopped-nudging").client == cast.client


def test_a_log_ends_the_ladder(cast, planned):
    sweep_nudges(now=EVENING)
    sweep_letters(now=EVENING, channel=Postman())
    SessionFactory(client=cast.client, local_on=TODAY)
    assert kinds_sent(cast.client, until=TODAY + 5 * DAY) == [(10, "session-ready")]


def test_a_time_in_the_evenings_quiet_waits_for_the_morning_and_is_that_days_only_one(cast, planned):
    PlannedSessionFactory(phase=planned.phase, on=TODAY + DAY)
    ContactPreferencesFactory(client=cast.client, reminder_time=dt.time(22))
    for hour in (22, 23, 32, 46, 47, 56):
        sweep_nudges(now=at("2026-03-10", "00:00") + dt.timedelta(hours=hour))
    assert [letter.due_at for letter in Letter.objects.order_by("pk")] == [
        at("2026-03-11", "08:00"),
        at("2026-03-12", "08:00"),
    ]


def test_the_morning_after_is_asked_about_only_where_it_is_wanted(cast, planned):
    planned.on = TODAY - DAY
    planned.save()
    SessionFactory(client=cast.client, local_on=TODAY - DAY, program=planned.program, version=planned.phase.version)
    assert sweep_nudges(now=at("2026-03-10", "08:00")) == 0
    ContactPreferencesFactory(client=cast.client, kinds_wanted=["log-next-morning"])
    assert sweep_nudges(now=at("2026-03-10", "07:59")) == 0
    assert sweep_nudges(now=at("2026-03-10", "08:00")) == 1
    letter = Letter.objects.get()
    assert (letter.kind, letter.expires_at) == ("log-next-morning", at("2026-03-10", "12:00"))
    assert sweep_nudges(now=EVENING) == 0


def test_a_visit_is_told_the_day_before(cast):
    cast.care.next_visit_on = TODAY + DAY
    cast.care.save()
    assert sweep_nudges(now=EVENING) == 1
    assert Letter.objects.get().kind == "visit-reminder"


def test_a_letter_leads_to_its_page_and_to_the_page_that_says_why(cast, planned):
    sweep_nudges(now=EVENING)
    postman = Postman()
    sweep_letters(now=EVENING, channel=postman)
    text = postman.given[0].decode()
    assert f"/me/reminders/why/{Letter.objects.get().uuid}/" in text


def test_a_choice_made_while_a_reminder_is_written_counts(cast, planned):
    """The sweep read that reminders were wanted; under the lock it reads again."""
    client = list(nudging._ready(TODAY, nudging._days_now(EVENING, nudging._own_time_has_come)[TODAY], EVENING))
    pause_reminders(client=cast.client, until_on=TODAY, by=cast.client.user, now=EVENING)
    assert nudging._decide(client, TODAY, EVENING) == 0
    assert not Letter.objects.exists()
