"""The owner's page of the rules, opened in a browser without script."""

from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from accounts.people.models import AuditEvent
from plans.followup.actions import adopt_policy, sweep_looks
from plans.followup.models import Escalation, FollowUpPolicy, Review
from plans.followup.rules import ANSWER_TIMES, DEFAULT_NUMBERS, PRECEDENCE, READ_BY, Rule
from plans.followup.templatetags.rules import rule_says
from plans.library.actions import rule_facts
from tests.clock import NOW
from tests.factories.followup import EscalationFactory, ReviewFactory
from tests.factories.library import SourceFactory
from tests.factories.people import ClientFactory
from tests.followup.speaking import DAY, severe_days, tick

pytestmark = pytest.mark.django_db
LIST, STAYS = "/clinic/rules/", "/clinic/rules/severe-persistent/"
NUMBERS = {
    "severe_min": 7,
    "days_in_row": 3,
    "alt_days": 3,
    "alt_of_last": 5,
    "alt_window_days": 7,
    "version": 1,
    "stays_answer_halves": 4,
}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ruth(cast):
    browser = Browser()
    browser.force_login(cast.owner.user)
    return browser


def words(answer):
    return " ".join(unescape(answer.content.decode()).split())


def test_the_starter_library_knows_every_rule_in_the_order_the_code_runs():
    assert list(rule_facts()) == [rule.value for rule in PRECEDENCE]


def test_every_rule_stands_on_the_page_with_its_numbers(ruth):
    said = words(ruth.get(LIST))
    assert [name for name in (facts.name for facts in rule_facts().values()) if name not in said] == []
    assert "7 or more on 3 logged days in a row, or on 3 of the last 5 within 7 days" in said
    assert "Version 1 in use" in said
    assert "less than 15 % and less than 1 of 10" in said


def test_the_noise_of_a_rule_is_what_turned_out_to_be_none(cast, ruth):
    ended = {"state": "resolved", "resolved_at": NOW, "resolved_by": cast.owner.user, "next_action_at": None}
    common = {"clinic": cast.harbour, "rule": "severe-persistent", "opened_at": NOW - DAY, "family": "severe"}
    for outcome, note in (("called", ""), ("called", ""), ("not_a_concern", "x"), ("no_answer", "x")):
        EscalationFactory(client=ClientFactory(clinic=cast.harbour), **common, **ended, outcome=outcome, note=note)
    EscalationFactory(client=cast.client, **common)
    EscalationFactory(client=ClientFactory(clinic=cast.harbour), **{**common, "opened_at": NOW - 91 * DAY})
    said = words(ruth.get(LIST))
    assert "2 acted on, 1 not a concern, 1 no answer (50 % noise)" in said
    assert "1 case still open" in said


def test_a_hint_is_counted_with_those_still_on_the_list(cast, ruth):
    ReviewFactory(client=cast.client, rule="non-adherence", opened_at=NOW - DAY)
    assert "1 hint, 1 still on the list" in words(ruth.get(LIST))


def test_a_page_costs_the_same_however_much_was_opened(cast, ruth, django_assert_num_queries):
    ruth.get(LIST)
    with CaptureQueriesContext(connection) as few:
        ruth.get(LIST)
    for n in range(6):
        EscalationFactory(client=ClientFactory(clinic=cast.harbour), rule=PRECEDENCE[n], opened_at=NOW - DAY)
        adopt_policy(
            clinic=cast.harbour,
            changed={"severe_min": 6 - n % 2},
            expected_version=n + 1,
            by=cast.owner.user,
            now=NOW,
        )
    with django_assert_num_queries(len(few)):
        ruth.get(LIST)


def test_a_rule_names_its_sources_by_title(cast, ruth):
    SourceFactory(
        clinic=cast.harbour, slug="seed-article", citation="The founding article", url="https://example.org/a"
    )
    said = words(ruth.get(STAYS))
    assert "The founding article" in said
    assert "Needs clinician review" in said
    assert "4 to 7 of 10, now 7. For safety it can only become stricter than our default." in said


def test_a_safety_rule_can_be_answered_sooner_and_never_be_off(ruth):
    said = words(ruth.get("/clinic/rules/red-flag-immediate/"))
    assert "Cannot be off" in said
    assert "1 to 4 hours, now 4. For safety it can only become stricter than our default." in said


@pytest.mark.parametrize("rule", PRECEDENCE)
def test_every_rule_has_a_page(ruth, rule):
    assert ruth.get(f"/clinic/rules/{rule}/").status_code == 200


def test_there_is_no_such_rule(ruth):
    assert ruth.get("/clinic/rules/no-such-rule/").status_code == 404


def test_trying_shows_what_would_have_opened_and_changes_no_policy(cast, ruth):
    severe_days(cast.client, score=6, last=NOW - 5 * DAY)
    tick(NOW - 5 * DAY)
    answer = ruth.post(STAYS, NUMBERS | {"severe_min": 6, "try": "30"})
    said = words(answer)
    assert "It would have opened 1 case.</strong> Really 0 were opened." in said
    assert 'Severe pain that stays: <span class="num">6, 6 and 6</span>' in said
    assert "No case was opened" in said
    assert not FollowUpPolicy.objects.exists()
    assert not Escalation.objects.exists()
    assert AuditEvent.objects.filter(verb="client_read", client=cast.client, by=cast.owner.user).exists()


def test_trying_goes_on_by_the_hundred(cast, ruth, monkeypatch):
    monkeypatch.setattr("plans.followup.views.trying.AT_ONCE", 2)
    ClientFactory(clinic=cast.harbour, name="Third")
    first = words(ruth.post(STAYS, NUMBERS | {"try": "30"}))
    assert "Clients 1 to 2 of 3" in first
    assert 'name="first" value="2"' in first
    assert "Clients 3 to 3 of 3" in words(ruth.post(STAYS, NUMBERS | {"try": "30", "first": "2"}))


def test_using_it_makes_a_version_and_tells_who_matches(cast, ruth):
    severe_days(cast.client, score=6)
    tick()
    answer = ruth.post(STAYS, NUMBERS | {"severe_min": 6, "adopt": "yes", "reason": "Small clinic"}, follow=True)
    said = words(answer)
    assert "Version 2 is in use." in said
    assert "Clients who match now come on the list as hints" in said
    assert "Pain counts as severe from: 7 → 6" in said
    assert "Small clinic" in said
    sweep_looks(now=NOW + DAY)
    assert Review.objects.get().client == cast.client


def test_a_number_out_of_bounds_is_said_at_its_field_and_nothing_typed_is_lost(ruth):
    answer = ruth.post(STAYS, NUMBERS | {"severe_min": 8, "days_in_row": 2, "adopt": "yes"})
    said = words(answer)
    assert answer.status_code == 422
    assert "Choose a whole number, 4 to 7 of 10." in said
    assert 'name="days_in_row" value="2"' in said
    assert not FollowUpPolicy.objects.exists()


def test_numbers_that_contradict_are_said(ruth):
    answer = ruth.post(STAYS, NUMBERS | {"alt_days": 4, "alt_of_last": 3, "adopt": "yes"})
    assert "Choose a number that is not above “Of the last logged days”." in words(answer)


def test_the_numbers_in_use_make_no_version(ruth):
    answer = ruth.post(STAYS, NUMBERS | {"adopt": "yes"})
    assert answer.status_code == 422
    assert "These are the numbers in use." in words(answer)


def test_the_second_owner_sees_both_versions_and_keeps_what_was_typed(cast, ruth):
    changed = {"days_in_row": 2}
    adopt_policy(clinic=cast.harbour, changed=changed, expected_version=1, by=cast.owner.user, now=NOW, reason="Quick")
    answer = ruth.post(STAYS, NUMBERS | {"severe_min": 6, "adopt": "yes"})
    said = words(answer)
    assert answer.status_code == 409
    assert "Somebody else changed the rules meanwhile" in said
    assert "Version 2, by Ruth Ekwall" in said
    assert "Days in a row: 3 → 2" in said
    assert 'name="severe_min" value="6"' in said
    assert 'name="version" value="2"' in said
    assert FollowUpPolicy.objects.count() == 1


def test_a_bodyworker_finds_no_rules(cast):
    browser = Browser()
    browser.force_login(cast.bodyworker.user)
    assert (browser.get(LIST).status_code, browser.get(STAYS).status_code) == (404, 404)


def test_every_number_of_a_rule_is_in_its_sentence():
    """A number the owner may change and never reads about is a surprise; how many readings an average needs is not."""
    unsaid = {"average_at_least", "still_sore_until_hours", "adherence_days"}
    for rule, names in READ_BY.items():
        said = rule_says(rule, DEFAULT_NUMBERS)
        for name in set(names) - unsaid - ANSWER_TIMES - ({"severe_min"} if rule is Rule.SORENESS else set()):
            value = getattr(DEFAULT_NUMBERS, name)
            value = value / 10 if name.endswith("_tenths") else value
            assert str(value) in said, f"{rule}: {name} = {value} is not in “{said}”"


def test_the_strip_says_of_each_day_what_would_have_opened_and_what_did(cast, ruth):
    severe_days(cast.client, score=8, last=NOW - 9 * DAY)
    tick(NOW - 9 * DAY)
    severe_days(cast.colleagues_client, score=6, last=NOW - 5 * DAY)
    tick(NOW - 5 * DAY)
    answer = ruth.post(STAYS, NUMBERS | {"severe_min": 6, "try": "30"})
    strip = answer.context["strip"]
    days = [(day.on.day, day.both, day.new, day.gone) for day in strip if day.cases]
    assert days == [(1, 1, 0, 0), (5, 0, 1, 0), (8, 0, 1, 0)]  # the last is Maya's silence, which no engine looked at
    assert (len(strip), [day.on.day for day in strip if day.is_labelled]) == (31, [10, 17, 24, 3, 10])
    assert "1 March: 1 opened by both." in words(answer)
    assert "5 March: 1 only with this change." in words(answer)
    stricter = ruth.post(STAYS, NUMBERS | {"days_in_row": 5, "alt_days": 5, "try": "30"})
    assert "1 March: 1 not with this change." in words(stricter)
