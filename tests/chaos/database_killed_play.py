"""PostgreSQL is killed with all of its processes and started again, while reports come in and letters leave.

The server is one of the play's own. Who reports sends the same log again until it is accepted, as a phone does.
"""

import datetime as dt
import json
import random
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from accounts.people.models import Client
from accounts.post.querysets import database_now
from plans.journal.actions import log_session
from plans.journal.rules import LogBody, LogSource
from tests.chaos.children import child, ends
from tests.chaos.cluster import Cluster, cluster, server_folder
from tests.chaos.figures import Figures
from tests.chaos.people import clinic_with
from tests.chaos.reports import Due, severe
from tests.chaos.stage import FOLDER, Sink, size
from tests.chaos.sweeping import keep_sweeping, sweep_what_is_left

SEED, KILLS, SENDERS = size("SEED", 1), size("KILLS", 3), size("SENDERS", 3)
REPORTS, LETTERS = size("REPORTS", 20), size("LETTERS", 60)
RATE = size("RATE", 4)  # reports a second
IN_TIME = 180.0  # seconds: letters in hand wait for their lease to end, and may be in hand at several kills
FAULT = "PostgreSQL killed with all of its processes"


def main() -> None:
    binaries = server_folder()
    if binaries is None:
        Figures(FAULT, "not played", note="no server binaries here (initdb, postgres)").tell()
        return
    with cluster(binaries, FOLDER) as server:
        move_to(server)
        figures = scene(server)
    figures.tell()
    assert figures.is_good, figures


def move_to(server: Cluster) -> None:
    connection.close()
    where = {"HOST": "127.0.0.1", "PORT": server.port, "NAME": "postgres", "USER": "postgres", "PASSWORD": ""}
    connection.settings_dict.update(where)
    call_command("migrate", verbosity=0)


def scene(server: Cluster) -> Figures:
    dice, sink, due = random.Random(SEED), Sink(FOLDER), Due()
    _, staff, clients = clinic_with(3, REPORTS)
    over, accepted = FOLDER / "over", FOLDER / "accepted.jsonl"
    due.spread_letters(staff, LETTERS, begins=database_now(), seconds=REPORTS / RATE)
    with sink.serving(settings.EMAIL_PORT):
        senders = [child(partial(keep_sweeping, over.exists, timezone.now)) for _ in range(SENDERS)]
        reporter = child(partial(report_until_accepted, clients, accepted))
        gone = sum(kill_and_start(server, dice) for _ in range(KILLS))
        connection.close()
        ends([reporter])
        over.touch()
        ends(senders)
        now = sweep_what_is_left(database_now())
    known = {client.pk: client for client in clients}
    for line in accepted.read_text().splitlines():
        row = json.loads(line)
        due.accepted(known[row["client"]], UUID(row["uuid"]), dt.datetime.fromisoformat(row["at"]))
    scale = f"{REPORTS:,} reports, {LETTERS:,} letters, {KILLS} times, {SENDERS} senders"
    figures = due.figures(FAULT, scale, sink, in_time=IN_TIME, now=now)
    if figures.ambiguous > KILLS * SENDERS or figures.came_twice > figures.ambiguous:
        figures.broken.append("more than one hand-off for each sender and kill")
    figures.note = f"seed {SEED}; {gone} processes killed"
    return figures


def kill_and_start(server: Cluster, dice: random.Random) -> int:
    time.sleep(1 + dice.random() * REPORTS / RATE / KILLS)
    count = server.kill()
    time.sleep(dice.random() * 2)
    server.start()
    return count


def report_until_accepted(clients: Sequence[Client], accepted: Path) -> int:
    began = time.monotonic()
    for n, client in enumerate(clients):
        time.sleep(max(0.0, began + n / RATE - time.monotonic()))
        at = timezone.now()
        body = severe(uuid4(), at)
        while not _is_accepted(client, body):
            time.sleep(0.1)
        row = {"client": client.pk, "uuid": str(body.uuid), "at": timezone.now().isoformat()}
        with accepted.open("a") as lines:
            lines.write(json.dumps(row) + "\n")
    return 0


def _is_accepted(client: Client, body: LogBody) -> bool:
    try:
        log_session(client=client, body=body, by=client.user, now=timezone.now(), source=LogSource.API)
    except (OperationalError, InterfaceError):
        connection.close()
        return False
    return True
