"""The owner's list of letters, the way out of reminders, and the demo's letter box."""

from email.utils import format_datetime

import pytest
import time_machine
from django.urls import reverse

from accounts.post.actions import queue_letter, sweep_letters
from accounts.post.delivery.wording import unsubscribe_link_of, unsubscribe_token
from accounts.post.models import ContactPreferences, Incident, KillSwitch, Letter
from tests.clock import NOW
from tests.factories.post import ContactPreferencesFactory, IncidentFactory, LetterFactory
from tests.post.postman import NO_SUCH_MAILBOX, SILENCE, Postman

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client, cast):
    client.force_login(cast.owner.user)
    return client


def test_the_owner_reads_every_letter_with_its_attempts(owner, cast):
    LetterFactory(client=cast.client)
    sweep_letters(now=NOW, channel=Postman(ends=[SILENCE]))
    page = owner.get(reverse("post:letters")).content.decode()
    assert "Maya Lindqvist" in page
    assert "Your session is ready" in page
    assert "May have arrived" in page


def test_a_letter_that_is_not_written_yet_is_named_in_words(owner, cast):
    letter = LetterFactory(client=cast.client)
    page = owner.get(reverse("post:letters")).content.decode()
    assert "A reminder" in page
    assert letter.kind not in page


def test_letters_of_another_clinic_are_not_in_the_list(owner, cast):
    LetterFactory(client=cast.meadow_client)
    assert "Lea Brandt" not in owner.get(reverse("post:letters")).content.decode()


@pytest.mark.parametrize("who", ["bodyworker", "curator"])
@pytest.mark.parametrize("name", ["letters", "letters_stop"])
def test_only_the_owner_may_look(client, cast, who, name):
    client.force_login(getattr(cast, who).user)
    assert client.get(reverse(f"post:{name}")).status_code == 404


def test_anonymous_goes_to_sign_in(client):
    assert client.get(reverse("post:letters")).status_code == 302


@pytest.mark.parametrize(
    ("show", "seen"), [("", True), ("needs-you", True), ("sent", False), ("waiting", False), ("nonsense", True)]
)
def test_parts_of_the_list_can_be_shown(owner, cast, show, seen):
    LetterFactory(client=cast.client)
    sweep_letters(now=NOW, channel=Postman(offers=[NO_SUCH_MAILBOX]))
    Letter.objects.filter(kind="incident").delete()
    shown = owner.get(reverse("post:letters"), {"show": show}).context["letters"]
    assert [letter.client for letter in shown] == [cast.client] * seen


def test_a_long_list_goes_on_from_a_stable_place(owner, cast):
    for _ in range(45):
        LetterFactory(client=cast.client)
    first = owner.get(reverse("post:letters"))
    assert len(first.context["letters"]) == 40
    second = owner.get(reverse("post:letters") + first.context["older_url"])
    assert len(second.context["letters"]) == 5


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, ""])
def test_a_place_that_is_none_shows_the_newest(owner, before):
    assert owner.get(reverse("post:letters"), {"before": before}).status_code == 200


def test_the_list_costs_the_same_statements_for_more_letters(owner, cast, django_assert_max_num_queries):
    for _ in range(30):
        LetterFactory(client=cast.client)
    sweep_letters(now=NOW, channel=Postman())
    with django_assert_max_num_queries(20):
        owner.get(reverse("post:letters"))


def test_an_owner_stops_letters_with_a_reason_and_lets_them_go(owner, cast):
    owner.post(reverse("post:letters_stop"), {"scope": "all", "reason": "a drill", "hours": "4"})
    assert KillSwitch.objects.get().clinic == cast.harbour
    assert "a drill" in owner.get(reverse("post:letters")).content.decode()
    owner.post(reverse("post:letters_release"))
    assert KillSwitch.objects.get().lifted_at is not None


def test_a_stop_without_a_reason_is_refused_and_says_so(owner):
    page = owner.post(reverse("post:letters_stop"), {"scope": "all", "reason": "", "hours": "4"})
    assert page.status_code == 200
    assert page.context["form"].errors["reason"]
    assert not KillSwitch.objects.exists()


def test_an_owner_closes_an_incident(owner, cast):
    incident = IncidentFactory(clinic=cast.harbour)
    assert "A letter could not be sent" in owner.get(reverse("post:letters")).content.decode()
    owner.post(reverse("post:incident_close", args=[incident.uuid]))
    assert Incident.objects.get().closed_by == cast.owner.user


def test_an_incident_of_another_clinic_is_a_404(owner, cast):
    incident = IncidentFactory(clinic=cast.meadow)
    assert owner.post(reverse("post:incident_close", args=[incident.uuid])).status_code == 404


# The way out of reminders


def way_out(client_record, generation=1) -> str:
    return reverse("post:unsubscribe", args=[unsubscribe_token(client_record.pk, generation)])


def test_looking_at_the_way_out_changes_nothing(client, cast):
    page = client.get(way_out(cast.client))
    assert page.status_code == 200
    assert not ContactPreferences.objects.exists()


def test_one_tap_stops_reminders_without_signing_in(client, cast):
    page = client.post(way_out(cast.client))
    assert "Reminders have stopped" in page.content.decode()
    assert ContactPreferences.objects.get(client=cast.client).unsubscribed_at is not None


def test_a_mail_program_may_post_for_its_reader(cast):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(way_out(cast.client), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert ContactPreferences.objects.get().unsubscribed_at is not None


@pytest.mark.parametrize("token", ["x", "1-1-abc", "-", "9" * 30 + "-1-a", "٣-1-a"])
def test_a_link_we_never_wrote_is_a_404(client, cast, token):
    assert client.get(reverse("post:unsubscribe", args=[token])).status_code == 404


def test_a_link_of_somebody_else_opens_nothing(client, cast):
    own = unsubscribe_token(cast.client.pk, 1)
    forged = own.replace(str(cast.client.pk), str(cast.colleagues_client.pk), 1)
    assert client.post(reverse("post:unsubscribe", args=[forged])).status_code == 404


def test_a_link_of_an_older_generation_is_useless(client, cast):
    ContactPreferencesFactory(client=cast.client, generation=2)
    assert client.get(way_out(cast.client)).status_code == 404
    assert client.get(way_out(cast.client, 2)).status_code == 200


def test_the_letters_own_link_works(client, cast, settings):
    letter = LetterFactory(client=cast.client)
    link = unsubscribe_link_of(letter)
    assert link.startswith(settings.SITE_URL)
    assert client.post(link.removeprefix(settings.SITE_URL)).status_code == 200


# The demo's letter box


@pytest.fixture
def box(settings, tmp_path):
    settings.DEMO, settings.MAIL_SINK_DIR = True, tmp_path
    return tmp_path


def test_letters_that_left_are_shown_with_links_that_work(client, cast, box, settings):
    queue_letter(
        clinic=cast.harbour,
        kind="case-opened",
        audience="staff",
        membership=cast.bodyworker,
        subject_kind="escalation",
        subject_id=1,
        params={"path": "/escalations/1/"},
        due_at=NOW,
        dedupe_key="k",
        now=NOW,
    )
    postman = Postman()
    sweep_letters(now=NOW, channel=postman)
    (box / "1.eml").write_bytes(postman.given[0])
    page = client.get(reverse("post:sink")).content.decode()
    assert "A client needs you" in page
    assert f'<a href="{settings.SITE_URL}/escalations/1/">' in page


@pytest.mark.parametrize(
    ("header", "words"),
    [(f"Date: {format_datetime(NOW)}\r\n", "Today, "), ("Date: soon\r\n", ""), ("", "")],
    ids=["today", "no day", "no line"],
)
@time_machine.travel(NOW, tick=False)
def test_a_letters_day_is_said_in_words(client, box, header, words):
    (box / "1.eml").write_bytes(f"{header}Subject: Hello\r\nTo: a@b\r\n\r\nx".encode())
    page = client.get(reverse("post:sink")).content.decode()
    assert "Hello" in page
    assert f'<time class="muted small">{words}' in page
    assert "+0000" not in page


def test_a_link_to_another_site_is_shown_and_not_followed(client, box):
    (box / "1.eml").write_bytes(b"Subject: x\r\nTo: a@b\r\n\r\nsee https://elsewhere.example.org/ now")
    page = client.get(reverse("post:sink")).content.decode()
    assert "https://elsewhere.example.org/" in page
    assert 'href="https://elsewhere' not in page


def test_an_empty_box_says_so(client, box):
    assert "No letter has left yet" in client.get(reverse("post:sink")).content.decode()


def test_the_box_exists_in_the_demo_alone(client, settings):
    settings.DEMO = False
    assert client.get(reverse("post:sink")).status_code == 404


def test_the_box_opens_on_loopback_alone(client, box):
    assert client.get(reverse("post:sink"), REMOTE_ADDR="192.0.2.7").status_code == 404
