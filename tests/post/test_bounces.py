"""A letter that comes back closes the address until somebody mends it; a forged report changes nothing."""

import contextlib
import email
import io
import mailbox
import sys

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.people.actions import correct_email, verify_address
from accounts.people.models import AuditEvent
from accounts.post.actions import queue_letter, record_bounce, sweep_letters
from accounts.post.models import Incident, Letter
from accounts.post.rules import Bounce, bounce_of
from tests.clock import NOW
from tests.factories.post import LetterFactory
from tests.post.postman import NO_SUCH_MAILBOX, Answer, AttemptEnd, Postman

pytestmark = pytest.mark.django_db

REPORT = """\
From: Mail Delivery System <mailer-daemon@mail.example.org>
To: clinic@harbour.example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail could not be brought to its reader.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org
Arrival-Date: Tue, 10 Mar 2026 09:00:00 +0000

Final-Recipient: rfc822; maya@home.example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such user

--b
Content-Type: {kind}

{head}From: clinic@harbour.example.org
Message-ID: {message_id}
Subject: Your session is ready

--b--
"""


def report(message_id, *, action="failed", status="5.1.1", kind="text/rfc822-headers", head=""):
    return REPORT.format(message_id=message_id, action=action, status=status, kind=kind, head=head)


@pytest.fixture
def left(cast):
    """A reminder to Maya that a mail server took."""
    letter = LetterFactory(client=cast.client)
    sweep_letters(now=NOW, channel=Postman())
    letter.refresh_from_db()
    return letter


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, True),
        ({"kind": "message/rfc822"}, True),
        ({"status": "5.2.1 (mailbox closed)"}, True),
        ({"action": "Failed"}, True),
        ({"action": "delayed", "status": "4.4.1"}, False),
        ({"action": "delivered", "status": "2.0.0"}, False),
        ({"action": "failed", "status": "4.4.7"}, False),
        ({"status": ""}, False),
    ],
)
def test_only_a_lasting_failure_is_a_bounce(changes, found):
    bounce = bounce_of(email.message_from_string(report("<x@clinic.example.org>", **changes)))
    assert (bounce is not None) is found
    assert not found or bounce.message_id == "<x@clinic.example.org>"


@pytest.mark.parametrize(
    "text", ["", "Subject: I am away until Monday\n\nHello", "Content-Type: multipart/report\n\nx"]
)
def test_other_mail_is_no_bounce(text):
    assert bounce_of(email.message_from_string(text)) is None


def test_a_letter_that_comes_back_closes_the_address_and_tells_the_clinic(cast, left):
    assert record_bounce(bounce=Bounce(left.message_id, "5.1.1"), now=NOW)
    cast.client.refresh_from_db()
    assert cast.client.email_failed_at == NOW
    incident = Incident.objects.get()
    assert (incident.kind, incident.letter) == ("address_failed", left)
    assert AuditEvent.objects.get(verb="address_failed").client == cast.client
    assert Letter.objects.get(kind="incident").membership == cast.owner


def test_the_same_report_again_changes_nothing(cast, left):
    record_bounce(bounce=Bounce(left.message_id, "5.1.1"), now=NOW)
    assert not record_bounce(bounce=Bounce(left.message_id, "5.1.1"), now=NOW)
    assert (Incident.objects.count(), AuditEvent.objects.filter(verb="address_failed").count()) == (1, 1)


def test_a_report_about_a_letter_we_never_wrote_changes_nothing(cast, left):
    assert not record_bounce(bounce=Bounce("<forged@clinic.example.org>", "5.1.1"), now=NOW)
    cast.client.refresh_from_db()
    assert (cast.client.email_failed_at, Incident.objects.count()) == (None, 0)


def test_an_address_that_was_mended_meanwhile_stays_open(cast, left):
    correct_email(client=cast.client, email="maya@new.example.org", by=cast.bodyworker.user, now=NOW)
    record_bounce(bounce=Bounce(left.message_id, "5.1.1"), now=NOW)
    cast.client.refresh_from_db()
    assert cast.client.email_failed_at is None


def test_a_refusal_of_policy_tells_the_clinic_and_leaves_the_address_open(cast, left):
    record_bounce(bounce=Bounce(left.message_id, "5.7.1"), now=NOW)
    cast.client.refresh_from_db()
    assert (cast.client.email_failed_at, Incident.objects.get().kind) == (None, "letter_returned")


def case_letter(cast):
    return queue_letter(
        clinic=cast.harbour,
        kind="case-opened",
        audience="staff",
        membership=cast.bodyworker,
        subject_kind="escalation",
        subject_id=7,
        params={"path": "/escalations/7/"},
        due_at=NOW,
        dedupe_key="case:7",
        now=NOW,
    )


def test_a_colleague_whose_letter_comes_back_can_no_longer_be_reached(cast):
    letter = case_letter(cast)
    sweep_letters(now=NOW, channel=Postman())
    record_bounce(bounce=Bounce(letter.message_id, "5.1.1"), now=NOW)
    cast.bodyworker.refresh_from_db()
    assert cast.bodyworker.email_verified_at is None


def test_a_colleague_without_a_mailbox_can_no_longer_be_reached(cast):
    case_letter(cast)
    sweep_letters(now=NOW, channel=Postman(offers=[NO_SUCH_MAILBOX]))
    cast.bodyworker.refresh_from_db()
    assert cast.bodyworker.email_verified_at is None


def test_a_refusal_of_policy_at_the_door_leaves_a_colleague_reachable(cast):
    case_letter(cast)
    policy = Answer(AttemptEnd.REFUSED, 550, "5.7.1 we do not like your network")
    sweep_letters(now=NOW, channel=Postman(offers=[policy]))
    cast.bodyworker.refresh_from_db()
    assert cast.bodyworker.email_verified_at is not None


def test_a_colleague_who_follows_the_letter_to_a_password_can_be_reached_again(cast):
    cast.bodyworker.email_verified_at = None
    cast.bodyworker.save()
    verify_address(user=cast.bodyworker.user, now=NOW)
    cast.bodyworker.refresh_from_db()
    assert cast.bodyworker.email_verified_at == NOW


def test_a_corrected_address_is_written_to_again(cast, left):
    record_bounce(bounce=Bounce(left.message_id, "5.1.1"), now=NOW)
    cast.client.refresh_from_db()
    correct_email(client=cast.client, email="Maya@New.example.org ", by=cast.bodyworker.user, now=NOW)
    letter = LetterFactory(client=cast.client)
    sweep_letters(now=NOW, channel=Postman())
    letter.refresh_from_db()
    assert (letter.state, letter.address) == ("sent", "maya@new.example.org")


# The door


def read(monkeypatch, text):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    out = io.StringIO()
    call_command("read_bounces", stdout=out)
    return out.getvalue()


def test_a_mail_server_may_pipe_a_report_in(cast, left, monkeypatch):
    assert read(monkeypatch, report(left.message_id)) == "Read 1; 1 told of an address or a letter that failed.\n"
    assert read(monkeypatch, report(left.message_id)).startswith("Read 1; 0")
    cast.client.refresh_from_db()
    assert cast.client.email_failed_at is not None


@pytest.mark.parametrize("form", [mailbox.Maildir, mailbox.mbox])
def test_a_mailbox_is_read_and_kept(cast, left, tmp_path, form):
    place = tmp_path / "returned"
    with contextlib.closing(form(place)) as box:
        box.add(report(left.message_id))
        box.add("Subject: I am away\n\nUntil Monday.")
    out = io.StringIO()
    call_command("read_bounces", str(place), stdout=out)
    assert out.getvalue().startswith("Read 2; 1")
    with contextlib.closing(form(place)) as box:
        assert len(box) == 2


def test_a_mailbox_that_is_not_there_is_named():
    with pytest.raises(CommandError, match="no mailbox at nowhere"):
        call_command("read_bounces", "nowhere")


# Where people see it


def test_the_clients_page_says_that_the_address_fails_and_takes_another(cast, left, client):
    record_bounce(bounce=Bounce(left.message_id, "5.1.1"), now=NOW)
    client.force_login(cast.bodyworker.user)
    address = reverse("desk:client", args=[cast.client.uuid])
    assert "Emails do not arrive" in client.get(address).content.decode()
    answer = client.post(reverse("desk:email", args=[cast.client.uuid]), {"email": "maya@new.example.org"})
    assert answer.status_code == 302
    cast.client.refresh_from_db()
    assert (cast.client.email, cast.client.email_failed_at) == ("maya@new.example.org", None)
    assert "Emails do not arrive" not in client.get(address).content.decode()


def test_an_address_that_is_none_is_refused_and_what_was_typed_stays(cast, left, client):
    record_bounce(bounce=Bounce(left.message_id, "5.1.1"), now=NOW)
    client.force_login(cast.bodyworker.user)
    answer = client.post(reverse("desk:email", args=[cast.client.uuid]), {"email": "maya at new"})
    assert answer.status_code == 422
    assert "maya at new" in answer.content.decode()


def test_the_staff_page_shows_who_can_not_be_reached_and_writes_again(cast, client):
    cast.bodyworker.email_verified_at = None
    cast.bodyworker.save()
    client.force_login(cast.owner.user)
    page = client.get(reverse("post:staff")).content.decode()
    assert "Address not confirmed" in page
    client.post(reverse("post:staff-write", args=[cast.bodyworker.uuid]))
    letter = Letter.objects.get(kind="staff-invitation")
    sweep_letters(now=letter.due_at, channel=Postman())
    letter.refresh_from_db()
    assert (letter.state, letter.address) == ("sent", "jo@harbour.example.org")
