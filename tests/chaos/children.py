"""Processes that do one piece of the engine's work and may be killed in the middle of it."""

import os
import random
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable

from django.db import connection, transaction

from accounts.post.delivery import Answer, EmailChannel, NotTaken
from accounts.post.rules import AttemptEnd

POINTS = ["claimed", "offered", "handed off", "given"]


class Nowhere(EmailChannel):
    """Postpones every letter, without a word to anybody."""

    def offer(self, *, address: str) -> None:
        raise NotTaken(Answer(AttemptEnd.POSTPONED, 451, "later"))


def warm_up(*works: Callable[[], object]) -> None:
    """Do this and forget it: templates and statements that a parent knows, no child need compile again."""
    with transaction.atomic():
        for work in works:
            work()
        transaction.set_rollback(True)


def child(work: Callable[[], object], *, dies_at: int | None = None) -> int:
    """A process that does this, and is killed at its n-th statement; answers its id.

    It ends with 1 where the work answers something true, with 3 where it fails.
    """
    connection.close()
    pid = os.fork()
    if pid:
        return pid
    left = dies_at

    def count(execute, sql, params, many, context):
        nonlocal left
        if left is not None:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    code = 3
    try:
        with connection.execute_wrapper(count):
            code = int(bool(work()))
        connection.close()
    except BaseException:  # noqa: BLE001 (the child has no caller that could hear of it)
        traceback.print_exc()
    os._exit(code)


def ends(pids: list[int]) -> Counter[str]:
    """How these children ended: killed, or ended with a code."""
    found: Counter[str] = Counter()
    for pid in pids:
        _, status = os.waitpid(pid, 0)
        found["killed" if os.WIFSIGNALED(status) else f"ended {os.WEXITSTATUS(status)}"] += 1
    assert not found["ended 3"], found
    return found


def kill_later(pid: int, dice: random.Random, *, within: float) -> None:
    """SIGKILL at a moment nobody chose; a child that has ended by then is left alone."""
    time.sleep(dice.random() * within)
    os.kill(pid, signal.SIGKILL)  # its own child, not waited for yet: the id is still its own


class Doomed(EmailChannel):
    """Dies without a word at one point of its n-th letter, or stands still there once (SIGSTOP)."""

    def __init__(self, point: str, at: int, *, by: signal.Signals = signal.SIGKILL) -> None:
        super().__init__()
        self.point, self.left, self.by = point, at, by

    def _die_at(self, point: str) -> None:
        if point == self.point and self.left == 0:
            self.point = ""
            os.kill(os.getpid(), self.by)

    def offer(self, *, address: str) -> None:
        self._die_at("claimed")
        super().offer(address=address)
        self._die_at("offered")

    def give(self, message: bytes) -> Answer:
        self._die_at("handed off")
        answer = super().give(message)
        self._die_at("given")
        self.left -= 1
        return answer
