"""Five beats ring at once for two workers, because somebody started too many: nothing may happen twice."""

import os
from contextlib import ExitStack

from django.conf import settings
from django.db import connection

from accounts.post.querysets import database_now
from tests.chaos.loop import BEAT, WORKER, broker, wait_until_alive
from tests.chaos.people import clinic_with
from tests.chaos.reports import Due
from tests.chaos.stage import FOLDER, Sink, process, size

BEATS, WORKERS = size("BEATS", 5), size("WORKERS", 2)
REPORTS, LETTERS = size("REPORTS", 15), size("LETTERS", 15)
RATE = size("RATE", 3)  # reports a second
IN_TIME = 30.0  # seconds


def main() -> None:
    os.environ["BELL"] = "1"
    sink, due = Sink(FOLDER), Due()
    _, staff, clients = clinic_with(3, REPORTS)
    with broker(), sink.serving(settings.EMAIL_PORT), ExitStack() as running:
        for n in range(BEATS):
            running.enter_context(process(*BEAT, log=f"beat{n}.log"))
        for n in range(WORKERS):
            running.enter_context(process(*WORKER, "--hostname", f"worker{n}@%h", log=f"worker{n}.log"))
        wait_until_alive()
        due.spread_letters(staff, LETTERS, begins=database_now(), seconds=REPORTS / RATE)
        due.report_all(clients, rate=RATE)
        due.wait_until_told(sink, seconds=90)
    scale = f"{REPORTS:,} reports and {LETTERS:,} letters with a time of their own, {connection.vendor}"
    figures = due.figures(f"{BEATS} beats ring at once for {WORKERS} workers", scale, sink, in_time=IN_TIME)
    if figures.ambiguous or figures.came_twice:
        figures.broken.append("two did the same")
    figures.note = "each rings 10 times as often as usual"
    figures.tell()
    assert figures.is_good, figures
