"""From a log to a letter by worker and beat; the broker is emptied and the worker killed on the way."""

import contextlib
import datetime as dt
import os
import sys
import time
from pathlib import Path
from uuid import uuid4

import django

django.setup()

import redis  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from accounts.post.models import Heartbeat, Letter  # noqa: E402
from accounts.post.querysets import database_now  # noqa: E402
from clinic.invariants import broken  # noqa: E402
from clinic.running.broker import embedded_broker  # noqa: E402
from clinic.tick import PARTS  # noqa: E402
from plans.followup.actions import acknowledge_escalation, resolve_escalation  # noqa: E402
from plans.followup.models import Escalation  # noqa: E402
from plans.journal.actions import log_session  # noqa: E402
from plans.journal.rules import LogBody, LogSource, Moment, Report  # noqa: E402
from tests.chaos.stage import arrived, kill, mail_sink, process, wait_for  # noqa: E402
from tests.factories.people import (  # noqa: E402
    CareRelationshipFactory,
    ClientFactory,
    ClinicFactory,
    MembershipFactory,
)

FOLDER = Path(os.environ["PLAY_FOLDER"])
MAIL = FOLDER / "mail"
WORKER = ["-m", "celery", "-A", "tests.chaos.bell", "--quiet", "worker", "--concurrency", "2"]
WORKER += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "warning"]
BEAT = ["-m", "celery", "-A", "tests.chaos.bell", "--quiet", "beat", "--loglevel", "warning"]
BEAT += ["--scheduler", "celery.beat:Scheduler", "--pidfile="]
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


def addresses(letters) -> list[str]:
    return sorted(to for _, to in letters)


@contextlib.contextmanager
def broker():
    if os.environ.get("REDIS_URL"):
        yield redis.Redis.from_url(os.environ["REDIS_URL"])
        return
    with embedded_broker(FOLDER) as embedded:
        os.environ.update(embedded.environ)
        yield redis.Redis(unix_socket_path=embedded.environ["VALKEY_SOCKET"])


def main() -> None:
    call_command("migrate", verbosity=0)
    bodyworkers, clients = people(6)
    say("the clinic is there")
    with broker() as bell, mail_sink(settings.EMAIL_PORT, MAIL), process(*BEAT, log="beat.log"):
        with process(*WORKER, log="worker.log") as worker:
            severe_days(clients[0])
            wait_for(lambda: len(arrived(MAIL)) == 1, "the first letter arrives", 25)
            say("the first case was told")
            assert addresses(arrived(MAIL)) == [bodyworkers[0].user.email]
            wait_for(lambda: Heartbeat.objects.filter(by="celery").count() == len(PARTS), "every part lives", 20)
            for client in clients[1:]:
                severe_days(client)
                bell.flushdb()
            kill(worker)
            say("the broker was emptied five times and the worker killed")
        with process(*WORKER, log="worker.log"):
            wait_for(lambda: len(dict(arrived(MAIL))) >= 6, "a new worker tells the rest", 100)
            case = Escalation.objects.get(client=clients[0])
            acknowledge_escalation(escalation=case, by=bodyworkers[0].user, now=database_now())
            wait_for(lambda: len(dict(arrived(MAIL))) >= 7, "the client learns that the report was seen", 30)
            resolve_escalation(escalation=case, outcome="called", note="", by=bodyworkers[0].user, now=database_now())
            time.sleep(1.5)  # anything sent twice would come now
    check(clients, bodyworkers)


def check(clients, bodyworkers) -> None:
    letters = arrived(MAIL)
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


if __name__ == "__main__":
    sys.exit(main())
