"""After a restored backup nothing leaves until a person says so; a late letter about a case takes a second way."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.people.models import AuditEvent
from accounts.post.actions import cancel_letters, hold_letters, lift_stop, stop_letters, sweep_letters
from accounts.post.models import Incident, KillSwitch, Letter
from tests.clock import NOW
from tests.factories.post import IncidentFactory, LetterFactory, PushSubscriptionFactory
from tests.post.letters import case_letter
from tests.post.postman import LATER, NO_SUCH_MAILBOX, Postman
from tests.post.push_service import Browser, push_service

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


# Held


def test_a_restored_engine_sends_nothing_old_or_new_until_a_person_releases(cast):
    old, nudge = case_letter(cast), LetterFactory(client=cast.client)
    assert hold_letters(reason="backup of 3 March", now=NOW) == 2
    new = case_letter(cast, dedupe_key="new")
    postman = Postman()
    for days in (0, 1, 400):
        sweep_letters(now=NOW + dt.timedelta(days=days), channel=postman)
    assert postman.given == []
    later = NOW + dt.timedelta(days=400)
    lift_stop(clinic=cast.harbour, by=cast.owner.user, now=later)
    sweep_letters(now=later.replace(hour=12), channel=postman)
    assert {Letter.objects.get(pk=letter.pk).state for letter in (old, nudge, new)} == {"sent"}
    assert (
        AuditEvent.objects.filter(verb__in=["letters_held", "held_letters_released"], clinic=cast.harbour).count() == 2
    )


@pytest.mark.parametrize("times", [1, 2])
def test_a_new_row_never_gets_the_number_of_one_that_the_backup_has_lost(cast, times):
    lost_letter, lost_incident = case_letter(cast).pk, IncidentFactory(clinic=cast.harbour).pk
    Incident.objects.all().delete()
    for _ in range(times):
        hold_letters(reason="a drill", now=NOW)
    assert case_letter(cast, dedupe_key="new").pk > lost_letter + 1_000_000
    assert IncidentFactory(clinic=cast.harbour).pk > lost_incident + 1_000_000
    assert PushSubscriptionFactory(user=cast.client.user).pk > 1_000_000


def test_each_clinic_is_released_by_its_own_people(cast):
    case_letter(cast)
    hold_letters(reason="a drill", now=NOW)
    lift_stop(clinic=cast.meadow, by=cast.meadow_owner.user, now=NOW)
    assert Letter.objects.get().state == "held"
    assert KillSwitch.objects.holds().get().clinic == cast.harbour


def test_what_was_held_can_be_dropped_and_what_came_since_goes(cast):
    old = case_letter(cast)
    hold_letters(reason="a drill", now=NOW)
    new = case_letter(cast, dedupe_key="new")
    lift_stop(clinic=cast.harbour, by=cast.owner.user, now=NOW, drop_held=True)
    sweep_letters(now=NOW, channel=Postman())
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, old.reason, new.state) == ("cancelled", "dropped after a backup was restored", "sent")


def test_a_letter_that_was_in_hand_when_it_was_held_is_not_handed_off(cast):
    letter = case_letter(cast)
    postman = Postman(on_offer=lambda: hold_letters(reason="a drill", now=NOW))
    sweep_letters(now=NOW, channel=postman)
    letter.refresh_from_db()
    assert (letter.state, postman.given) == ("held", [])


def test_a_held_reminder_whose_time_is_over_is_dropped_and_not_sent_late(cast):
    letter = LetterFactory(client=cast.client, expires_at=NOW + MINUTE)
    hold_letters(reason="a drill", now=NOW)
    lift_stop(clinic=cast.harbour, by=cast.owner.user, now=NOW + 5 * MINUTE)
    sweep_letters(now=NOW + 5 * MINUTE, channel=Postman())
    letter.refresh_from_db()
    assert letter.state == "expired"


def test_an_answered_case_takes_back_its_held_letters(cast):
    letter = case_letter(cast)
    hold_letters(reason="a drill", now=NOW)
    cancel_letters(subject_kind="escalation", subject_ids=[7], reason="acknowledged", now=NOW)
    letter.refresh_from_db()
    assert letter.state == "cancelled"


def test_held_twice_is_held_once(cast):
    hold_letters(reason="a drill", now=NOW)
    hold_letters(reason="a drill", now=NOW)
    assert KillSwitch.objects.filter(clinic=cast.harbour).count() == 1


def test_only_a_hold_has_no_end(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        KillSwitch.objects.create(clinic=cast.harbour, reason="x", by=cast.owner.user, from_at=NOW, until_at=None)


def test_the_command_says_what_it_did_and_wants_a_reason(cast):
    case_letter(cast)
    out = io.StringIO()
    call_command("hold_letters", "--reason", "backup of 3 March", stdout=out)
    assert "1 letters wait for an owner" in out.getvalue()
    with pytest.raises(CommandError, match="Say why"):
        call_command("hold_letters", "--reason", " ")


def test_an_owner_sees_what_is_held_and_sends_or_drops_it(cast, client):
    case_letter(cast)
    hold_letters(reason="backup of 3 March", now=NOW)
    client.force_login(cast.owner.user)
    page = client.get(reverse("post:letters"), {"show": "held"}).content.decode()
    assert "backup of 3 March" in page
    assert "Drop the held, then go on" in page
    client.post(reverse("post:letters_release"), {"held": "drop"})
    assert Letter.objects.get().state == "cancelled"
    assert not KillSwitch.objects.holds().filter(clinic=cast.harbour).exists()


# The stop, and the page


def test_every_page_of_the_staff_says_that_letters_are_stopped(cast, client):
    client.force_login(cast.bodyworker.user)
    assert "No letters leave the clinic" not in client.get(reverse("desk:caseload")).content.decode()
    hold_letters(reason="backup of 3 March", now=NOW)
    page = client.get(reverse("desk:caseload")).content.decode()
    assert "No letters leave the clinic" in page
    assert "backup of 3 March" in page


def test_a_stop_ends_by_itself(cast):
    case_letter(cast)
    stop_letters(clinic=cast.harbour, scope="all", reason="drill", until_at=NOW + MINUTE, by=cast.owner.user, now=NOW)
    assert sweep_letters(now=NOW, channel=Postman()).sent == 0
    assert sweep_letters(now=NOW + MINUTE, channel=Postman()).sent == 1


def test_the_page_says_what_to_do_about_a_letter_that_failed(cast, client):
    LetterFactory(client=cast.client)
    sweep_letters(now=NOW, channel=Postman(offers=[NO_SUCH_MAILBOX]))
    client.force_login(cast.owner.user)
    page = client.get(reverse("post:letters"), {"show": "needs-you"}).content.decode()
    assert "write another address on" in page
    assert str(cast.client.get_absolute_url()) in page
    assert "Call them, or ask for another address." in page


def test_an_incident_without_a_letter_is_listed_too(cast, client):
    IncidentFactory(clinic=cast.harbour, kind="engine_stood_still")
    client.force_login(cast.owner.user)
    assert "look at worker and beat" in client.get(reverse("post:letters")).content.decode()


def test_an_attempt_is_named_by_its_own_channel(cast, client):
    with push_service() as service:
        browser = Browser()
        PushSubscriptionFactory(user=cast.bodyworker.user, endpoint=service.endpoint(), **browser.keys)
        case_letter(cast)
        mail = Postman()
        mail.name = "email"
        sweep_letters(now=NOW, channel=mail)
    client.force_login(cast.owner.user)
    page = client.get(reverse("post:letters")).content.decode()
    assert "<b>Push</b>" in page
    assert "<b>Email</b>" in page


# The second way


def wait_in_vain(minutes=10):
    """Ten minutes in which the mail server says “later”."""
    sweep_letters(now=NOW, channel=Postman(offers=[LATER] * 9))
    sweep_letters(now=NOW + minutes * MINUTE, channel=Postman(offers=[LATER] * 9))


def test_a_case_that_is_not_out_after_ten_minutes_goes_to_an_owner_too(cast):
    case_letter(cast)
    wait_in_vain()
    second = Letter.objects.get(dedupe_key__endswith=":second")
    assert (second.membership, second.subject_id, second.kind) == (cast.owner, 7, "case-opened")
    incident = Incident.objects.get(kind="letter_late")
    assert incident.details == {"way": "owner"}
    assert not Letter.objects.filter(kind="incident").exists()


def test_an_owner_is_not_told_of_a_case_they_do_not_hold(cast):
    case_letter(cast, kind="case-follow-up")
    sweep_letters(now=NOW + 11 * MINUTE, channel=Postman(offers=[LATER]))
    assert Letter.objects.get(dedupe_key__endswith=":second").kind == "case-unanswered"


def test_a_second_way_is_taken_once(cast):
    case_letter(cast)
    wait_in_vain()
    wait_in_vain(30)
    assert Letter.objects.count() == 2
    assert Incident.objects.filter(kind="letter_late").count() == 1


def test_before_ten_minutes_nobody_else_is_asked(cast):
    case_letter(cast)
    wait_in_vain(9)
    assert Letter.objects.count() == 1


def test_a_device_is_a_second_way_and_then_no_owner_is_asked(cast):
    PushSubscriptionFactory(user=cast.bodyworker.user, endpoint="http://127.0.0.1:1/x", **Browser().keys)
    case_letter(cast)
    wait_in_vain()
    assert set(Letter.objects.values_list("channel", flat=True)) == {"email", "push"}
    assert Incident.objects.get(kind="letter_late").details == {"way": "device"}


def test_an_owner_who_was_told_already_makes_room_for_the_backup_contact(cast):
    cast.harbour.backup_email, cast.harbour.backup_confirmed_at = "backup@example.org", NOW
    cast.harbour.save()
    case_letter(cast, membership=cast.owner)
    wait_in_vain()
    assert Letter.objects.get(dedupe_key__endswith=":second").audience == "backup"


def test_a_letter_to_the_client_goes_to_nobody_else(cast):
    case_letter(cast, kind="report-seen", audience="client", membership=None, client=cast.client)
    wait_in_vain()
    assert Letter.objects.count() == 1
    assert Incident.objects.get(kind="letter_late").details == {"way": "none"}


def test_a_letter_that_an_owner_stopped_is_not_late(cast):
    case_letter(cast)
    hour = NOW + 60 * MINUTE
    stop_letters(clinic=cast.harbour, scope="all", reason="drill", until_at=hour, by=cast.owner.user, now=NOW)
    wait_in_vain()
    assert not Incident.objects.exists()


def test_a_late_reminder_takes_no_second_way(cast):
    LetterFactory(client=cast.client)
    wait_in_vain()
    assert not Incident.objects.filter(kind="letter_late").exists()


def test_answering_takes_the_second_letter_back_too(cast):
    case_letter(cast)
    wait_in_vain()
    cancel_letters(subject_kind="escalation", subject_ids=[7], reason="acknowledged", now=NOW + 11 * MINUTE)
    assert set(Letter.objects.values_list("state", flat=True)) == {"cancelled"}
