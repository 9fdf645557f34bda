"""The clinic's own processes: worker, beat, watchdog and pages, and the broker that some of them lean on."""

import contextlib
import os
from collections.abc import Callable, Iterator

import redis

from accounts.post.models import Heartbeat
from clinic.running.broker import embedded_broker
from clinic.tick import PARTS
from tests.chaos.stage import FOLDER, wait_for

WORKER = ["-m", "celery", "-A", "tests.chaos.bell", "--quiet", "worker", "--concurrency", "2"]
WORKER += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "warning"]
BEAT = ["-m", "celery", "-A", "tests.chaos.bell", "--quiet", "beat", "--loglevel", "warning"]
BEAT += ["--scheduler", "celery.beat:Scheduler", "--pidfile="]


@contextlib.contextmanager
def broker() -> Iterator[Callable[[], object]]:
    """A broker for worker and beat; yields what empties it, of a shared one only our own database."""
    if os.environ.get("REDIS_URL"):
        yield redis.Redis.from_url(os.environ["REDIS_URL"]).flushdb
        return
    with embedded_broker(FOLDER) as embedded:
        os.environ.update(embedded.environ)
        yield redis.Redis(unix_socket_path=embedded.environ["VALKEY_SOCKET"]).flushall


def wait_until_alive() -> None:
    """Until every part of the engine has ended a round that beat rang for."""
    wait_for(lambda: Heartbeat.objects.filter(by="celery").count() == len(PARTS), "every part lives", 45)
