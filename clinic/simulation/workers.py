"""Workers that stand still at every boundary of a transaction, until a scheduler lets one of them go on.

The real sweeps run unchanged. Each worker is a thread, but only the one that was let go runs, so all of
them share one database connection and a seed replays exactly. A worker that stands can be killed there,
or be left standing while the hours pass.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections

_mine = threading.local()


class Crash(BaseException):
    """The process ended here, without a word; no handler of the engine may catch it."""


class Worker:
    """One process of the engine, as a row of steps."""

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        self.name, self.work = name, work
        self.where = "at the start"
        self.is_over = False
        self.was_killed = self.has_slept = False
        self.failure: BaseException | None = None
        self._dies = ""
        self._go, self._back = _shut(), _shut()
        self._thread: threading.Thread | None = None

    def step(self, *, dies: str = "") -> None:
        """On to the next boundary, or to the end. `dies`: "here", or "in the transaction" that begins here."""
        self._dies = dies
        if self._thread is None:
            shared = connections["default"]
            self._thread = threading.Thread(target=self._run, args=(shared,), daemon=True)
            self._thread.start()
        self._go.release()
        self._back.acquire()

    def finish(self) -> None:
        while not self.is_over:
            self.step()

    def stand(self, where: str) -> None:
        """Called from inside the work: wait here until let go."""
        self.where = where
        self._back.release()
        self._go.acquire()
        if self._dies == "here":
            raise Crash(where)

    def may_commit(self) -> bool:
        return self._dies != "in the transaction"

    def _run(self, shared: Any) -> None:
        self._go.acquire()
        connections["default"] = shared
        _mine.worker = self
        try:
            if self._dies == "here":
                raise Crash(self.where)
            self.work()
        except Crash:
            self.was_killed = True
        except Exception as failure:  # noqa: BLE001 (it is the scheduler's, in the thread that asks)
            self.failure = failure
        finally:
            self.is_over = True
            self._back.release()


def _shut() -> threading.Lock:
    """Opened by whoever lets go, shut by whoever comes through: a turn at a time needs no more."""
    lock = threading.Lock()
    lock.acquire()
    return lock


def stand(where: str) -> None:
    """A boundary that is no transaction's: a word to the mail server."""
    worker = getattr(_mine, "worker", None)
    if worker is not None:
        worker.stand(where)


@contextmanager
def boundaries() -> Iterator[None]:
    """Make every worker stand before and after each transaction, and before each statement outside of one."""
    wrapper: Any = connection
    set_autocommit, commit = wrapper.set_autocommit, wrapper.commit

    def change(autocommit: bool, *args: Any, **more: Any) -> None:
        if not autocommit:
            stand("before a transaction")
        set_autocommit(autocommit, *args, **more)
        if autocommit:
            stand("after a transaction")

    def end() -> None:
        worker = getattr(_mine, "worker", None)
        if worker is not None and not worker.may_commit():
            wrapper.rollback()
            raise Crash("in a transaction")
        commit()

    def say(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not wrapper.in_atomic_block and not sql.lstrip().upper().startswith(("SELECT", "BEGIN")):
            stand("before a statement")
        return execute(sql, params, many, context)

    shared = connections["default"]
    shared.inc_thread_sharing()
    wrapper = shared
    set_autocommit, commit = shared.set_autocommit, shared.commit
    shared.set_autocommit, shared.commit = change, end  # type: ignore[method-assign]
    try:
        with shared.execute_wrapper(say):
            yield
    finally:
        del shared.set_autocommit, shared.commit
        shared.dec_thread_sharing()
