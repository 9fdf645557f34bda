"""A broker that is emptied every two seconds while reports come in and letters are due: nobody may notice."""

import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection

from accounts.post.querysets import database_now
from tests.chaos.loop import BEAT, WORKER, broker, wait_until_alive
from tests.chaos.people import clinic_with
from tests.chaos.reports import Due
from tests.chaos.stage import FOLDER, Sink, process, size

REPORTS, LETTERS = size("REPORTS", 15), size("LETTERS", 15)
RATE = size("RATE", 3)  # reports a second
EVERY = 2.0  # seconds
IN_TIME = 30.0  # seconds; the loop itself takes one or two


class Emptied:
    """Empties it when called, but not more often than every so many seconds."""

    def __init__(self, empty: Callable[[], object], *, every: float) -> None:
        self.empty, self.every = empty, every
        self.count, self.last = 0, time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self.last >= self.every:
            self.empty()
            self.count, self.last = self.count + 1, time.monotonic()


def main() -> None:
    sink, due = Sink(FOLDER), Due()
    _, staff, clients = clinic_with(3, REPORTS)
    with (
        broker() as empty,
        sink.serving(settings.EMAIL_PORT),
        process(*BEAT, log="beat.log"),
        process(*WORKER, log="worker.log"),
    ):
        wait_until_alive()
        emptied = Emptied(empty, every=EVERY)
        due.spread_letters(staff, LETTERS, begins=database_now(), seconds=REPORTS / RATE)
        due.report_all(clients, rate=RATE, meanwhile=emptied)
        due.wait_until_told(sink, seconds=90, meanwhile=emptied)
    scale = f"{REPORTS:,} reports and {LETTERS:,} letters with a time of their own, {emptied.count} times, "
    figures = due.figures("the broker is emptied every 2 s", scale + connection.vendor, sink, in_time=IN_TIME)
    if figures.ambiguous or figures.came_twice:
        figures.broken.append("an emptied broker cost a hand-off")
    figures.note = f"bells {10 / 0.5:.0f} times as often as usual"
    figures.tell()
    assert emptied.count >= REPORTS / RATE / EVERY - 1, emptied.count
    assert figures.is_good, figures
