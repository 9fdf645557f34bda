"""The engine's quick parts, one after the other, in a process that may lose its database or its life."""

import datetime as dt
import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection

from accounts.post.actions import sweep_letters
from plans.followup.actions import sweep_escalations, sweep_looks
from tests.chaos.scenes import ROUND, carry_out

SHARE = 50  # clients, cases or letters that one sweeper takes before it turns to another part
PAUSE = 1.0  # seconds
PARTS = (sweep_looks, sweep_escalations, sweep_letters)


def keep_sweeping(is_over: Callable[[], bool], clock: Callable[[], dt.datetime]) -> int:
    """What beat rings every ten seconds, nearly once a second; no part keeps the others from their turn."""
    while not is_over():
        try:
            for sweep in PARTS:
                sweep(now=clock(), limit=SHARE)
        except (OperationalError, InterfaceError):  # away, full, or locked for too long: the next round is near
            connection.close()
        time.sleep(PAUSE)
    return 0


def sweep_what_is_left(now: dt.datetime) -> dt.datetime:
    """Every part to its end, in rounds that outlast what a lost sender held; answers the time of the last."""
    for sweep in (sweep_looks, sweep_escalations):
        while sweep(now=now):
            pass
    sweep_letters(now=now)
    return carry_out(now + ROUND)
