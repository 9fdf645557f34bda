"""Senders killed at every named point and at moments nobody chose, several at once, until all letters are out.

Two of three letters are about cases and must arrive; the third is a reminder and may be uncertain instead.
"""

import datetime as dt
import random
from functools import partial

from django.conf import settings
from django.db import connection

from accounts.post.actions import sweep_letters
from accounts.post.delivery import EmailChannel
from accounts.post.models import Letter
from tests.chaos.children import POINTS, Doomed, Nowhere, child, ends, kill_later, warm_up
from tests.chaos.figures import Figures
from tests.chaos.owed import Owed, compare
from tests.chaos.scenes import write_letters
from tests.chaos.stage import FOLDER, Sink, size
from tests.clock import NOW

SEED, LETTERS, KILLS, SENDERS = size("SEED", 1), size("LETTERS", 60), size("KILLS", 12), size("SENDERS", 3)
ROUND = dt.timedelta(seconds=61)  # longer than a lease, so that each round finds what the last one lost


def work(now: dt.datetime, limit: int, channel: EmailChannel | None) -> int:
    sweep_letters(now=now, limit=limit, channel=channel)
    return 0


def play_out(dice: random.Random) -> tuple[int, dt.datetime]:
    """Rounds of several senders, one of them doomed, until nothing waits; answers how many were killed."""
    killed, now = 0, NOW
    share = max(1, LETTERS // (KILLS * SENDERS * 2))
    for n in range(KILLS * 20):
        doomed, pids = killed < KILLS, []
        if doomed and n % 2:
            channel: EmailChannel | None = Doomed(POINTS[n // 2 % len(POINTS)], dice.randrange(share))
            pids.append(child(partial(work, now, share, channel)))
        pids += [child(partial(work, now, share if doomed else 1000, None)) for _ in range(SENDERS - len(pids))]
        if doomed and not n % 2:
            kill_later(pids[0], dice, within=0.02 + share * 0.003)
        killed += ends(pids)["killed"]
        now += ROUND
        if not Letter.objects.live().exists():
            break
    return killed, now


def main() -> None:
    owed, sink, dice = Owed(), Sink(FOLDER), random.Random(SEED)
    write_letters(owed, LETTERS, now=NOW)
    warm_up(partial(sweep_letters, now=NOW, limit=SENDERS, channel=Nowhere()))
    with sink.serving(settings.EMAIL_PORT):
        killed, now = play_out(dice)
    assert killed >= KILLS * 3 // 4, f"only {killed} were killed: too few to prove anything"
    figures = Figures(
        "senders killed", f"{LETTERS:,} letters, {killed} SIGKILLs, {SENDERS} processes, {connection.vendor}"
    )
    compare(figures, owed, sink, now=now)
    # Every kill costs one hand-off without an answer at most.
    assert figures.ambiguous <= killed, figures
    assert figures.came_twice <= figures.ambiguous, figures
    figures.note = f"seed {SEED}"
    figures.tell()
    assert figures.is_good, figures
