"""A sender that stands still past its lease and then goes on: its token is no longer good for anything.

It is stopped (SIGSTOP) at every named point of its first letter, five virtual minutes pass in which others
take over, and it is let go (SIGCONT) with all that it believes it holds.
"""

import datetime as dt
import os
import signal
from functools import partial

from django.conf import settings
from django.db import connection

from accounts.post.actions import sweep_letters
from tests.chaos.children import POINTS, Doomed, child, ends
from tests.chaos.figures import Figures
from tests.chaos.owed import Owed, compare
from tests.chaos.scenes import carry_out, write_letters
from tests.chaos.stage import FOLDER, Sink, size
from tests.clock import NOW

LETTERS = size("LETTERS", 9)
STANDS = dt.timedelta(minutes=5)
AMBIGUOUS = {"handed off", "given"}


def main() -> None:
    owed, sink, now = Owed(), Sink(FOLDER), NOW
    twice_at_most = 0
    with sink.serving(settings.EMAIL_PORT):
        for point in POINTS:
            write_letters(owed, LETTERS, now=now, tag=f"{point}:")
            frozen = child(partial(sweep_letters_as, Doomed(point, 0, by=signal.SIGSTOP), now))
            _, status = os.waitpid(frozen, os.WUNTRACED)
            assert os.WIFSTOPPED(status), status
            now = carry_out(now + STANDS)
            os.kill(frozen, signal.SIGCONT)
            ends([frozen])
            now = carry_out(now + STANDS)
            twice_at_most += point in AMBIGUOUS
    figures = Figures(
        "a sender stood still for 5 virtual minutes", f"{len(owed.letters):,} letters, {connection.vendor}"
    )
    compare(figures, owed, sink, now=now)
    if figures.came_twice > twice_at_most:
        figures.broken.append("a lost lease handed a letter off")
    figures.tell()
    assert figures.is_good, figures


def sweep_letters_as(channel: Doomed, now: dt.datetime) -> int:
    sweep_letters(now=now, channel=channel)
    return 0
