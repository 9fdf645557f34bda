"""What the audit does with what it finds: it tells the owner, and it tells the world outside only that all is well."""

import datetime as dt
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.post.actions import close_incident
from accounts.post.models import Heartbeat, Incident, Letter
from clinic import tasks
from clinic.audit import audit
from clinic.ping import may_be_pinged, ping
from clinic.running.broker import free_port
from tests.clock import NOW
from tests.factories.post import HeartbeatFactory, IncidentFactory, LetterFactory

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def dead_letter(client) -> Letter:
    return LetterFactory(client=client, state="dead", reason="refused", next_attempt_at=None, ended_at=NOW)


@contextmanager
def watcher(status: int = 200):
    """A server that answers so and keeps what was asked."""
    asked: list[tuple[str, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, dict(self.headers)))
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/ping/abc?x=1", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_what_is_broken_is_an_incident_of_its_clinic_and_the_owner_is_told(cast):
    letter = dead_letter(cast.client)
    assert audit(now=NOW) == 1
    incident = Incident.objects.get()
    assert (incident.clinic, incident.kind, incident.closed_at) == (cast.harbour, "invariant_broken", None)
    assert incident.details["invariant"] == "I10"
    assert incident.details["rows"] == [f"{letter.pk} dead"]
    assert Letter.objects.get(kind="incident").membership == cast.owner


def test_broken_again_is_the_same_incident_and_one_letter(cast):
    dead_letter(cast.client)
    audit(now=NOW)
    audit(now=NOW + 5 * MINUTE)
    assert Incident.objects.get().details["failed_at"] == (NOW + 5 * MINUTE).isoformat()
    assert Letter.objects.filter(kind="incident").count() == 1


def test_what_holds_again_says_since_when_and_waits_for_a_person(cast):
    letter = dead_letter(cast.client)
    audit(now=NOW)
    IncidentFactory(clinic=cast.harbour, letter=letter)
    for minutes in (5, 10):
        assert audit(now=NOW + minutes * MINUTE) == 0
    incident = Incident.objects.get(kind="invariant_broken")
    assert incident.closed_at is None
    assert incident.details["held_at"] == (NOW + 5 * MINUTE).isoformat()


def test_broken_anew_after_a_person_closed_it_is_a_new_incident(cast):
    dead_letter(cast.client)
    audit(now=NOW)
    close_incident(incident=Incident.objects.get(), by=cast.owner.user, now=NOW)
    audit(now=NOW + 5 * MINUTE)
    assert Incident.objects.open().count() == 1
    assert Incident.objects.count() == 2


def test_an_engine_that_stood_still_concerns_every_clinic(cast):
    HeartbeatFactory(part="looks", ended_at=NOW - 4 * MINUTE)
    audit(now=NOW)
    assert set(Incident.objects.values_list("clinic", flat=True)) == {cast.harbour.pk, cast.meadow.pk}


def test_the_bell_of_the_audit_leaves_a_heartbeat():
    tasks.audit.run()
    assert Heartbeat.objects.get(part="audit").by == "celery"


def test_the_owner_reads_in_words_what_was_found(cast, client):
    dead_letter(cast.client)
    audit(now=NOW)
    client.force_login(cast.owner.user)
    page = client.get(reverse("post:letters")).content.decode()
    assert "A letter that failed was not shown to you" in page


def test_the_world_outside_is_told_after_an_audit_that_found_nothing(cast, settings):
    with watcher() as (url, asked):
        settings.ENGINE_PING_URL = url
        assert audit(now=NOW) == 0
    [(path, headers)] = asked
    assert path == "/ping/abc?x=1"
    assert set(headers) <= {"Host", "Accept-Encoding"}


def test_the_world_outside_hears_nothing_while_something_is_broken(cast, settings):
    dead_letter(cast.client)
    with watcher() as (url, asked):
        settings.ENGINE_PING_URL = url
        audit(now=NOW)
    assert asked == []


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_watcher_that_answers_otherwise_is_no_harm(status):
    with watcher(status) as (url, asked):
        assert ping(url) is False
    assert len(asked) == 1


def test_a_watcher_that_is_not_there_is_no_harm_and_its_address_is_not_logged(cast, settings, caplog):
    settings.ENGINE_PING_URL = f"http://127.0.0.1:{free_port()}/secret"
    assert audit(now=NOW) == 0
    assert "could not be told" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://watch.example.org/abc", True),
        ("http://127.0.0.1:9000/", True),
        ("http://localhost/x", True),
        ("http://watch.example.org/abc", False),
        ("ftp://127.0.0.1/", False),
        ("https://", False),
        ("https://watch.example.org:port/", False),
        ("watch.example.org", False),
    ],
)
def test_only_https_or_this_machine_is_asked(url, may):
    assert may_be_pinged(url) is may


def test_the_command_asks_about_all_rows_when_told(cast, capsys):
    call_command("audit_invariants", whole=True)
    assert "Every invariant holds" in capsys.readouterr().out
