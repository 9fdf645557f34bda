"""A mail server that postpones, refuses, hangs, drops, dawdles or is not there: what each letter must come to.

Every way it behaves is a scene of its own: three rounds of trouble, then a good server until nothing waits.
Being away takes hours of virtual time.
"""

import datetime as dt

from django.conf import settings
from django.db import connection

from accounts.post.actions import sweep_letters
from clinic.running.broker import free_port
from tests.chaos.figures import Figures
from tests.chaos.owed import Owed, compare
from tests.chaos.scenes import ROUND, allow_incidents, carry_out, write_letters
from tests.chaos.sink import MODES
from tests.chaos.stage import FOLDER, Sink, size
from tests.clock import NOW

LETTERS, HOURS = size("LETTERS", 6), size("HOURS", 6)
REFUSES = {"rcpt-550", "dot-550"}
NO_ANSWER = {"hang-after-dot", "drop-after-dot", "drop-after-data"}
ROUNDS = 3


def main() -> None:
    settings.EMAIL_TIMEOUT = 0.4  # of every word; the server hangs for 30 s
    sink, port, now = Sink(FOLDER), settings.EMAIL_PORT, NOW
    failed = []
    with sink.serving(port):
        for mode, words in MODES.items():
            figures, now = scene(sink, mode, words, now)
            failed += [] if figures.is_good else [figures]
        settings.EMAIL_PORT = free_port()
        figures = away(sink, port)
        failed += [] if figures.is_good else [figures]
    assert not failed, failed


def scene(sink: Sink, mode: str, words: str, now: dt.datetime) -> tuple[Figures, dt.datetime]:
    owed = Owed()
    clinic, (owner, *_) = write_letters(owed, LETTERS, now=now, tag=f"{mode}:")
    if mode in REFUSES:
        owed.refused.update(owed.letters)
    sink.begin()
    sink.behaves(mode)
    for _ in range(ROUNDS):
        sweep_letters(now=now)
        now += ROUND
    sink.behaves("kind")
    now = carry_out(now)
    allow_incidents(owed, clinic, owner)
    figures = Figures(f"the mail server {words}", f"{LETTERS:,} letters, {connection.vendor}")
    compare(figures, owed, sink, now=now)
    if mode not in NO_ANSWER and (figures.ambiguous or figures.came_twice):
        figures.broken.append("an answer was taken for none")
    if mode in NO_ANSWER and figures.ambiguous < LETTERS:
        figures.broken.append("no answer was taken for one")
    figures.tell()
    return figures, now + ROUND


def away(sink: Sink, port: int) -> Figures:
    """Nobody listens for hours; then all of it comes, once each, within the wait of the last try."""
    owed, began = Owed(), NOW + dt.timedelta(days=1)
    write_letters(owed, LETTERS * 5, now=began, tag="away:")
    sink.begin()
    back = began + dt.timedelta(hours=HOURS)
    now = began
    while now < back:
        sweep_letters(now=now)
        now += dt.timedelta(minutes=2)
    settings.EMAIL_PORT = port
    now = carry_out(back, every=dt.timedelta(seconds=10))
    figures = Figures(
        f"no mail server for {HOURS} virtual hours", f"{LETTERS * 5:,} letters, {connection.vendor}", latest=0
    )
    compare(figures, owed, sink, now=now)
    figures.latest = (now - back).total_seconds()
    figures.note = "latest: after it came back"
    if figures.ambiguous or figures.came_twice or figures.latest > 60:
        figures.broken.append("not all of it came at once when it was back")
    figures.tell()
    return figures
