"""The owner reads every letter as its reader does, sends one to themselves, and sees what was not sent."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.post.actions import sweep_letters
from accounts.post.models import Letter
from plans.library.rules.texts import letter_texts, short_texts
from tests.clock import NOW, TODAY
from tests.factories.followup import NudgeFactory
from tests.post.postman import Postman

pytestmark = pytest.mark.django_db
TEXTS = "/clinic/texts/"


@pytest.fixture
def ruth(cast, time_machine):
    time_machine.move_to(NOW, tick=False)
    browser = Browser()
    browser.force_login(cast.owner.user)
    return browser


def test_the_page_shows_each_letter_with_its_words(ruth):
    page = ruth.get(TEXTS).content.decode()
    assert "Your session is ready" in page
    assert "3 sessions this week." in page
    assert "2 clients are worth a look today" in page
    assert "Needs clinician review" in page
    assert "[[" not in page


def test_what_nothing_sends_yet_is_named(ruth):
    page = ruth.get(TEXTS).content.decode()
    unsent = page[page.index("sent by nothing yet") :]
    assert "bodyworker-reply" in unsent


def test_texts_for_the_signed_in_page_are_no_letters(ruth):
    page = ruth.get(TEXTS).content.decode()
    for text in short_texts():
        if text not in letter_texts():
            assert text.text not in page


def test_a_letter_is_shown_in_its_own_dress_and_nothing_runs(ruth):
    answer = ruth.get(reverse("followup:text-letter", args=["session-ready"]))
    assert "Your session is ready." in answer.content.decode()
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("kind", ["small-win", "no-such", "bodyworker-reply"])
def test_what_is_no_letter_is_nowhere(ruth, kind):
    assert ruth.get(reverse("followup:text-letter", args=[kind])).status_code == 404
    assert ruth.post(reverse("followup:text-test", args=[kind])).status_code == 404


def test_a_test_goes_to_the_owner_alone_and_says_what_it_is(cast, ruth):
    ruth.post(reverse("followup:text-test", args=["case-opened"]))
    letter = Letter.objects.get()
    assert (letter.membership, letter.client, letter.subject_kind) == (cast.owner, None, "test")
    postman = Postman()
    sweep_letters(now=NOW, channel=postman)
    said = postman.given[0].decode()
    assert "Subject: Test: A client needs you" in said
    assert "It is about nobody" in said
    assert cast.owner.user.email in said


def test_nobody_with_an_unverified_address_gets_a_test(cast, ruth):
    cast.owner.email_verified_at = None
    cast.owner.save()
    ruth.post(reverse("followup:text-test", args=["case-opened"]))
    assert not Letter.objects.exists()


def test_tests_are_limited_by_the_hour(cast, ruth):
    for kind in [text.slug for text in letter_texts()]:
        ruth.post(reverse("followup:text-test", args=[kind]))
    assert Letter.objects.count() == 20


def test_what_was_not_sent_is_counted_by_its_reason(cast, ruth):
    reasons = ("enough for this week", "enough for this week", "its time had passed")
    for day, reason in enumerate(reasons, start=1):
        NudgeFactory(client=cast.client, local_on=TODAY.replace(day=day), state="dropped", reason=reason)
    NudgeFactory(client=cast.meadow_client, state="dropped", reason="logged")
    page = ruth.get(TEXTS).content.decode()
    assert 'Enough for this week</th><td class="num">2</td>' in page
    assert 'Its time had passed</th><td class="num">1</td>' in page
    assert "A log came first" not in page


def test_the_page_asks_few_questions(ruth, django_assert_max_num_queries):
    ruth.get(TEXTS)
    with django_assert_max_num_queries(6):
        ruth.get(TEXTS)
