"""G6 and G7: what does a round of looking cost, with a million people and one in a hundred due?

The rows are written by the database itself; what is measured is the site's own sweep, as a worker calls it.
"""

import datetime as dt
import multiprocessing
import os
import signal
import time
from typing import Any
from uuid import uuid4

import django
from django.db import connection, connections
from django.utils import timezone

# A new process that is told to sweep alone begins here.
django.setup()

from accounts.people.models import Client, Clinic  # noqa: E402
from benchmarks import world  # noqa: E402
from benchmarks.measure import DatabaseClock, analyse  # noqa: E402
from benchmarks.results import Line, verdict  # noqa: E402
from plans.followup.actions import sweep_looks  # noqa: E402
from plans.followup.models import Assessment, Watch  # noqa: E402
from plans.journal.models import PainReport, Session  # noqa: E402

LIMIT = 1000
SWEEPERS = 4
KILLED_AFTER = 2.0
HOUR = dt.timedelta(hours=1)
SPREAD = dt.timedelta(minutes=50)


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
    lines = [*nothing_due(now), *some_due(now, scale // 100)]
    size = 5_000 if quick else 50_000
    return [*lines, *four_sweepers(now, size), *behind_a_snapshot(now, size // 5)]


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
    make_due(now, due)
    with Watchdog() as spent:
        while Watch.objects.due(now).exists():
            sweep_looks(now=now, limit=LIMIT)
    each = (spent.ours + spent.theirs) / due * 1e6
    is_met = each <= 60 and spent.wall <= 0.7 * due / 10_000
    found = f"{each:.0f} µs CPU a watch ({spent.ours / due * 1e6:.0f} ours), {spent.wall:.2f} s for {due:,}"
    make_due(now, due)
    before, after = in_a_new_process(now)
    room = (
        f"{after / 1024:.0f} MiB in a process that does nothing else; {(after - before) / 1024:.1f} of it by sweeping"
    )
    return [
        Line("G6", "1 % due, nothing new", "60 µs CPU each, 0.7 s for 10,000", found, verdict(is_met)),
        Line("G6", "memory of the sweeping process (PSS)", "80 MiB, flat", room, verdict(after <= 80 * 1024)),
    ]


def make_due(now: dt.datetime, due: int) -> None:
    Watch.objects.filter(pk__in=spread(due)).update(next_look_at=now - HOUR)
    analyse()


def in_a_new_process(now: dt.datetime) -> tuple[int, int]:
    """PSS in KiB of a process that was only started, and after it swept all that is due."""
    connections.close_all()
    context = multiprocessing.get_context("spawn")
    told: Any = context.Queue()
    child = context.Process(target=swept_alone, args=(connection.settings_dict["NAME"], now, told))
    child.start()
    before, after = told.get(timeout=300)
    child.join()
    return before, after


def swept_alone(database: str, now: dt.datetime, told: Any) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = database
    sweep_looks(now=now, limit=1)
    before = memory()
    while Watch.objects.due(now).exists():
        sweep_looks(now=now, limit=LIMIT)
    told.put((before, memory()))
    connections.close_all()


def memory() -> int:
    """This process's fair share of its memory, in KiB."""
    with open("/proc/self/smaps_rollup") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def four_sweepers(now: dt.datetime, size: int) -> list[Line]:
    """So many people with a new log each; four sweepers at once, one of them killed in the middle, and a bell
    that rings twice: two more begin."""
    clinic = logged(size, now)
    began = time.monotonic()
    workers = [sweeper(now) for _ in range(SWEEPERS)]
    time.sleep(KILLED_AFTER)
    os.kill(workers[0].pid or 0, signal.SIGKILL)
    workers += [sweeper(now), sweeper(now)]
    for worker in workers:
        worker.join()
    sweep_all(now)
    took = time.monotonic() - began
    judged = Assessment.objects.filter(client__clinic=clinic)
    lost = size - judged.values("client").distinct().count()
    doubled = judged.count() - judged.values("client", "trigger").distinct().count()
    found = f"{lost} lost, {doubled} doubled of {size:,}; {size / took:.0f} judged a second"
    words = "4 sweepers, one killed, the bell doubled"
    return [Line("G7", words, "0 lost, 0 doubled", found, verdict(lost == 0 and doubled == 0))]


def sweeper(now: dt.datetime) -> Any:
    connections.close_all()
    worker = multiprocessing.get_context("fork").Process(target=sweep_all, args=(now,))
    worker.start()
    return worker


def sweep_all(now: dt.datetime) -> None:
    while sweep_looks(now=now, limit=LIMIT):
        pass
    connections.close_all()


def behind_a_snapshot(now: dt.datetime, size: int) -> list[Line]:
    """While somebody holds an old snapshot open (a backup, a long report), nothing that was claimed can be cleaned
    away: each claim passes over the remains of those before it."""
    clinic = logged(size, now)
    free = judged_a_second(now, size)
    mark(clinic, now)
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT COUNT(*) FROM people_client")
        held = judged_a_second(now, size)
        cursor.execute("ROLLBACK")
    other.close()
    found = f"{held / free:.0%} of the rate without one ({held:.0f} and {free:.0f} a second, of {size:,})"
    return [Line("G7", "behind a snapshot that is held open", "60 %", found, verdict(held >= 0.6 * free))]


def judged_a_second(now: dt.datetime, size: int) -> float:
    began = time.process_time(), DatabaseClock()
    start = began[1]()
    while sweep_looks(now=now, limit=LIMIT):
        pass
    return size / (time.process_time() - began[0] + (began[1]() - start) / 1e9)


def logged(size: int, now: dt.datetime) -> Clinic:
    """A clinic with so many people in care, each with one log that nobody has read."""
    word = uuid4().hex[:8]
    clinic = Clinic.objects.create(slug=f"logged-{word}", name="Many")
    user = world.person(f"sam-{word}", "Sam")
    client = Client.objects.create(clinic=clinic, name="Client", zone="Europe/London", invited_at=now, accepted_at=now)
    multiplied(client, size - 1)
    day = now.date()
    session = Session.objects.create(
        clinic=clinic,
        client=client,
        performed_at=now - HOUR,
        local_on=day,
        zone="Europe/London",
        recorded_at=now - HOUR,
        received_at=now - HOUR,
        logged_by=user,
        source="page",
        first_digest="0" * 64,
        shown_at=now,
    )
    PainReport.objects.create(
        clinic=clinic,
        client=client,
        session=session,
        moment="check_in",
        score=4,
        performed_at=now - HOUR,
        local_on=day,
    )
    for_each_client(session, clinic)
    for_each_session(PainReport.objects.get(session=session), clinic)
    mark(clinic, now)
    return clinic


def mark(clinic: Clinic, now: dt.datetime) -> None:
    """Not all at one instant: people write one after the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_client SET needs_look_since = %s - (id %% 3000) * INTERVAL '1 second' WHERE clinic_id = %s",
            [now - (HOUR - SPREAD), clinic.pk],
        )
    analyse()


def for_each_client(session: Session, clinic: Clinic) -> None:
    values = {"uuid": "gen_random_uuid()", "client_id": "c.id"}
    columns = [str(field.column) for field in Session._meta.concrete_fields if not field.primary_key]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO journal_session ({', '.join(columns)})"
            f" SELECT {', '.join(values.get(column, f's.{column}') for column in columns)}"
            " FROM people_client c, journal_session s WHERE c.clinic_id = %s AND s.id = %s AND c.id <> s.client_id",
            [clinic.pk, session.pk],
        )


def for_each_session(report: PainReport, clinic: Clinic) -> None:
    values = {"session_id": "s.id", "client_id": "s.client_id"}
    columns = [str(field.column) for field in PainReport._meta.concrete_fields if not field.primary_key]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO journal_painreport ({', '.join(columns)})"
            f" SELECT {', '.join(values.get(column, f'r.{column}') for column in columns)}"
            " FROM journal_session s, journal_painreport r"
            " WHERE s.clinic_id = %s AND r.id = %s AND s.id <> r.session_id",
            [clinic.pk, report.pk],
        )
