"""G6 and G7: what does a round of looking cost, with a million people and one in a hundred due?

The rows are written by the database itself; what is measured is the site's own sweep, as a worker calls it.
"""

import datetime as dt
import multiprocessing
import os
import resource
import signal
import time

from django.db import connection, connections
from django.utils import timezone

from accounts.people.models import Client, Clinic
from benchmarks import world
from benchmarks.measure import DatabaseClock, analyse
from benchmarks.results import Line, verdict
from plans.followup.actions import sweep_looks
from plans.followup.models import Assessment, Watch

LIMIT = 1000
SWEEPERS = 4
KILLED_AFTER = 0.3
HOUR = dt.timedelta(hours=1)


def watched(scale: int, now: dt.datetime) -> Clinic:
    """A clinic with so many people, each watched and none due."""
    clinic = Clinic.objects.create(slug=f"many-{scale}", name="Many")
    client = Client.objects.create(clinic=clinic, name="Client", zone="Europe/London", invited_at=now, accepted_at=now)
    multiplied(client, scale)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO followup_watch (clinic_id, client_id, next_look_at, looked_at)"
            " SELECT clinic_id, id, %s, %s FROM people_client WHERE clinic_id = %s",
            [now + 24 * HOUR, now - HOUR, clinic.pk],
        )
    analyse()
    return clinic


def multiplied(client: Client, times: int) -> None:
    """The same row so many times again, with a UUID of its own each."""
    columns = [str(field.column) for field in Client._meta.concrete_fields if not field.primary_key]
    values = ["gen_random_uuid()" if column == "uuid" else f"c.{column}" for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO people_client ({', '.join(columns)}) SELECT {', '.join(values)}"
            " FROM people_client c, generate_series(1, %s) WHERE c.id = %s",
            [times, client.pk],
        )


def spread(due: int) -> list[int]:
    """Ids from everywhere in the table: what is due does not lie side by side."""
    first, last = Watch.objects.order_by("pk")[0].pk, Watch.objects.order_by("-pk")[0].pk
    step = max(1, (last - first + 1) // due)
    return list(range(first, last + 1, step))[:due]


class Watchdog:
    """Wall time, our CPU and the database's, in seconds."""

    def __init__(self) -> None:
        self.database = DatabaseClock()

    def __enter__(self) -> "Watchdog":
        self.began = time.monotonic(), time.process_time(), self.database()
        return self

    def __exit__(self, *_: object) -> None:
        wall, ours, theirs = self.began
        self.wall = time.monotonic() - wall
        self.ours = time.process_time() - ours
        self.theirs = (self.database() - theirs) / 1e9


def run(*, quick: bool, scale: int) -> list[Line]:
    if connection.vendor != "postgresql":
        return []
    now = timezone.now()
    watched(scale, now)
    return [*nothing_due(now), *some_due(now, scale // 100), *four_sweepers(now, 500 if quick else 5000)]


def nothing_due(now: dt.datetime) -> list[Line]:
    sweep_looks(now=now)
    rounds = []
    for _ in range(20):
        with Watchdog() as spent:
            sweep_looks(now=now)
        rounds.append(spent.wall)
    best = sorted(rounds)[4] * 1000
    return [Line("G6", "a round with nothing due", "10 ms", f"{best:.1f} ms", verdict(best <= 10))]


def some_due(now: dt.datetime, due: int) -> list[Line]:
    """The second net, in its daily turn: the watches are due, and nobody has logged since."""
    Watch.objects.filter(pk__in=spread(due)).update(next_look_at=now - HOUR)
    analyse()
    before = memory()
    with Watchdog() as spent:
        while Watch.objects.due(now).exists():
            sweep_looks(now=now, limit=LIMIT)
    each = (spent.ours + spent.theirs) / due * 1e6
    is_met = each <= 60 and spent.wall <= 0.7 * due / 10_000
    found = f"{each:.0f} µs CPU a watch ({spent.ours / due * 1e6:.0f} ours), {spent.wall:.2f} s for {due:,}"
    after, grown = memory() / 1024, (memory() - before) / 1024
    room = f"{after:.0f} MiB at the most, migrations and seeding included; {grown:.1f} more by sweeping"
    return [
        Line("G6", "1 % due, nothing new", "60 µs CPU each, 0.7 s for 10,000", found, verdict(is_met)),
        Line("G6", "memory of the sweeping process", "80 MiB, flat", room, verdict(after <= 80 and grown < 1)),
    ]


def memory() -> int:
    """The most this process ever had, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def four_sweepers(now: dt.datetime, size: int) -> list[Line]:
    """So many people with a new log each; four sweepers at once, one of them killed in the middle."""
    practice = world.practice(size, now, logs=1)
    Client.objects.filter(clinic=practice.clinic).update(needs_look_since=now - HOUR)
    analyse()
    connections.close_all()
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=sweep_all, args=(now,)) for _ in range(SWEEPERS)]
    began = time.monotonic()
    for worker in workers:
        worker.start()
    time.sleep(KILLED_AFTER)
    os.kill(workers[0].pid or 0, signal.SIGKILL)
    for worker in workers:
        worker.join()
    sweep_all(now)
    took = time.monotonic() - began
    judged = Assessment.objects.filter(client__clinic=practice.clinic)
    lost = size - judged.values("client").distinct().count()
    doubled = judged.count() - judged.values("client", "trigger").distinct().count()
    found = f"{lost} lost, {doubled} doubled of {size:,}; {size / took:.0f} judged a second"
    return [
        Line("G7", "4 sweepers, one killed", "0 lost, 0 doubled", found, verdict(lost == 0 and doubled == 0)),
    ]


def sweep_all(now: dt.datetime) -> None:
    while sweep_looks(now=now, limit=LIMIT):
        pass
    connections.close_all()
