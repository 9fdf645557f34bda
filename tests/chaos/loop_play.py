"""From a log to a letter by worker and beat; the broker is emptied and the worker killed on the way."""

import datetime as dt
import time
from uuid import uuid4

from django.conf import settings

from accounts.post.models import Letter
from accounts.post.querysets import database_now
from clinic.invariants import broken
from plans.followup.actions import acknowledge_escalation, resolve_escalation
from plans.followup.models import Escalation
from plans.journal.actions import log_session
from plans.journal.rules import LogBody, LogSource, Moment, Report
from tests.chaos.loop import BEAT, WORKER, broker, wait_until_alive
from tests.chaos.stage import FOLDER, Sink, kill, process, wait_for
from tests.factories.people import (
    CareRelationshipFactory,
    ClientFactory,
    ClinicFactory,
    MembershipFactory,
)

BEGAN = time.monotonic()


def say(words: str) -> None:
    print(f"{time.monotonic() - BEGAN:5.1f} s  {words}", flush=True)


def people(count: int):
    """A clinic with an owner and two bodyworkers; one client each and more."""
    clinic = ClinicFactory()
    MembershipFactory(clinic=clinic, is_owner=True, is_bodyworker=False)
    bodyworkers = [MembershipFactory(clinic=clinic) for _ in range(2)]
    clients = [ClientFactory(clinic=clinic) for _ in range(count)]
    for n, client in enumerate(clients):
        CareRelationshipFactory(client=client, bodyworker=bodyworkers[n % 2])
    return bodyworkers, clients


def severe_days(client) -> None:
    """Three check-ins of 8 on three days, by the action every form and the API call."""
    for days in (2, 1, 0):
        now = database_now()
        body = LogBody(
            uuid=uuid4(),
            program=None,
            performed_at=now - dt.timedelta(days=days),
            reports=(Report(Moment.CHECK_IN, 8),),
            can_wait=True,
        )
        log_session(client=client, body=body, by=client.user, now=now, source=LogSource.API)


def main() -> None:
    sink = Sink(FOLDER)
    bodyworkers, clients = people(6)
    say("the clinic is there")
    with broker() as empty_broker, sink.serving(settings.EMAIL_PORT), process(*BEAT, log="beat.log"):
        with process(*WORKER, log="worker.log") as worker:
            severe_days(clients[0])
            wait_for(lambda: len(sink.rows()) == 1, "the first letter arrives", 25)
            say("the first case was told")
            assert [row["to"] for row in sink.rows()] == [bodyworkers[0].user.email]
            wait_until_alive()
            for client in clients[1:]:
                severe_days(client)
                empty_broker()
            kill(worker)
            say("the broker was emptied five times and the worker killed")
        with process(*WORKER, log="worker.log"):
            wait_for(lambda: len(sink.counts()) >= 6, "a new worker tells the rest", 100)
            case = Escalation.objects.get(client=clients[0])
            acknowledge_escalation(escalation=case, by=bodyworkers[0].user, now=database_now())
            wait_for(lambda: len(sink.counts()) >= 7, "the client learns that the report was seen", 30)
            resolve_escalation(escalation=case, outcome="called", note="", by=bodyworkers[0].user, now=database_now())
            time.sleep(1.5)  # anything sent twice would come now
    check(clients, bodyworkers, sink)


def check(clients, bodyworkers, sink: Sink) -> None:
    letters = [(row["id"], row["to"]) for row in sink.rows()]
    told = [bodyworkers[n % 2].user.email for n in range(len(clients))]
    once = dict(letters)
    assert sorted(once.values()) == sorted([*told, clients[0].email]), letters
    # The worker may have been killed between the mail server's answer and its record: one letter, at most.
    unrecorded = Letter.objects.filter(state="handoff").count()
    assert len(letters) - len(once) + unrecorded <= 1, letters
    assert set(Letter.objects.values_list("state", flat=True)) <= {"sent", "handoff"}
    assert Escalation.objects.count() == len(clients)
    found = [(one.invariant.id, one.rows) for one in broken(now=database_now())]
    assert found == [], found
    say("nothing lost, nothing doubled, every invariant holds")
