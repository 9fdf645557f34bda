"""No broker for minutes: pages are as quick as ever, the watchdog sends what is due, and Celery takes over again.

At full size `manage.py watchdog` waits its own two minutes before it stands in; in a small play it is in a hurry.
"""

import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from uuid import uuid4

from django.conf import settings
from django.db import connection

from accounts.people.models import Client
from accounts.post.models import Heartbeat
from accounts.post.querysets import database_now
from clinic.running.broker import embedded_broker
from clinic.tick import PARTS
from tests.chaos.loop import BEAT, WORKER, wait_until_alive
from tests.chaos.people import clinic_with
from tests.chaos.reports import Due
from tests.chaos.stage import FOLDER, Sink, process, size, wait_for
from tests.chaos.visitor import Answered, Visitor, pages

GONE, PATIENCE = size("GONE", 20), size("PATIENCE", 4)  # seconds
REPORTS = size("REPORTS", 12)
SLOW = 1.5  # seconds: whoever asks a broker that is gone waits longer
IN_TIME = PATIENCE + 30.0  # seconds
WATCHDOG = ["manage.py", "watchdog"] if PATIENCE >= 120 else ["-m", "tests.chaos.hasty", str(PATIENCE)]


def main() -> None:
    sink, due = Sink(FOLDER), Due()
    _, staff, clients = clinic_with(3, REPORTS)
    os.environ.pop("REDIS_URL", None)  # a broker of its own: this one is killed
    with sink.serving(settings.EMAIL_PORT), pages() as port, ExitStack() as running:
        with embedded_broker(FOLDER) as broker:
            os.environ.update(broker.environ)
            for command, log in ((WORKER, "worker.log"), (BEAT, "beat.log"), (WATCHDOG, "watchdog.log")):
                running.enter_context(process(*command, log=log))
            wait_until_alive()
            Visitor(clients[0], port).opens_today()  # a server's first page reads its templates
            usual = visits(due, clients[:2], port, seconds=4)
            wait_for(lambda: len(sink.counts()) == 2, "Celery tells the first", 30)
            broker.process.kill()
        due.spread_letters(staff, REPORTS, begins=database_now(), seconds=GONE * 0.8)
        gone = visits(due, clients[2:-2], port, seconds=GONE)
        due.wait_until_told(sink, seconds=IN_TIME)
        by = set(Heartbeat.objects.values_list("by", flat=True).filter(part__in=["looks", "escalations", "letters"]))
        with embedded_broker(FOLDER):
            back_at = database_now()
            live = Heartbeat.objects.filter(by="celery", bell_at__gt=back_at)
            wait_for(lambda: live.count() == len(PARTS), "Celery is back", 90)
            back = visits(due, clients[-2:], port, seconds=4)
            due.wait_until_told(sink, seconds=60)
    scale = f"{REPORTS:,} reports by form, {REPORTS:,} letters with a time of their own, {connection.vendor}"
    figures = due.figures(f"no broker for {GONE} s", scale, sink, in_time=IN_TIME)
    if figures.ambiguous or figures.came_twice:
        figures.broken.append("a broker that was gone cost a hand-off")
    if by != {"watchdog"}:
        figures.broken.append(f"the letters left by {sorted(by)}")
    if slowest(gone) > SLOW or any(each.status >= 400 for each in usual + gone + back):
        figures.broken.append("pages were slow or failed")
    figures.note = (
        f"sent by the watchdog, which waits {PATIENCE} s; {len(gone)} pages, slowest {slowest(gone) * 1000:.0f} ms"
        f" (with a broker {slowest(usual + back) * 1000:.0f} ms)"
    )
    figures.tell()
    assert figures.is_good, figures


def visits(due: Due, clients: Sequence[Client], port: int, *, seconds: float) -> list[Answered]:
    """Each of them opens Today, checks in by form and reads the answer, one after the other over so many seconds."""
    began, answers = time.monotonic(), []
    for n, client in enumerate(clients):
        time.sleep(max(0.0, began + n * seconds / len(clients) - time.monotonic()))
        visitor = Visitor(client, port)
        visitor.opens_today()
        uuid = uuid4()
        assert visitor.checks_in(uuid).status == 302, visitor.answers[-1]
        due.accepted(client, uuid, database_now())
        visitor.opens_today()
        answers += visitor.answers
    time.sleep(max(0.0, began + seconds - time.monotonic()))
    return answers


def slowest(answers: Sequence[Answered]) -> float:
    return max(each.seconds for each in answers)
