"""One round of the whole engine, in its order: read reports, remind, end programs, tell on, carry letters out.

Celery rings each part by itself; this is the same round for a command, and for the watchdog when
Celery is silent. Every part may run beside itself: what is claimed here is skipped there.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from accounts.post.actions import record_heartbeat, sweep_letters
from accounts.post.models import Heartbeat
from accounts.post.querysets import database_now
from plans.followup.actions import sweep_digests, sweep_escalations, sweep_looks, sweep_nudges
from plans.programs.actions import finish_ended

log = logging.getLogger(__name__)

STALE_AFTER = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class Part:
    name: str
    sweep: Callable[..., object]


PARTS = (
    Part("looks", sweep_looks),
    Part("nudges", sweep_nudges),
    Part("digests", sweep_digests),
    Part("endings", finish_ended),
    Part("escalations", sweep_escalations),
    Part("letters", sweep_letters),
)


def tick(*, now: dt.datetime, by: str | None) -> dict[str, object]:
    """Every part once at `now`; answers what each did.

    `by` (watchdog or command) leaves a heartbeat; None is for a time that is not the real one. A
    part that fails does not keep the others from their work.
    """
    done: dict[str, object] = {}
    for part in PARTS:
        try:
            done[part.name] = part.sweep(now=now)
        except Exception:
            log.exception("the part %s failed", part.name)
            done[part.name] = "failed"
            continue
        if by is not None:
            record_heartbeat(part=part.name, by=by, began_at=now, now=database_now())
    return done


def is_stale(*, now: dt.datetime, since: dt.datetime) -> bool:
    """Has any part of the engine been silent for longer than STALE_AFTER? `since`: when we began to watch."""
    ended = dict(Heartbeat.objects.values_list("part", "ended_at"))
    return any(now - (ended.get(part.name) or since) > STALE_AFTER for part in PARTS)
