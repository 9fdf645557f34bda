"""One round of the whole engine, in its order: read reports, remind, end programs, tell on, carry letters out, audit.

Celery rings each part by itself; this is the same round for a command, and for the watchdog when
Celery is silent. Every part may run beside itself: what is claimed here is skipped there.
"""

import datetime as dt
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass

from accounts.post.actions import record_heartbeat, sweep_letters
from accounts.post.models import Heartbeat
from accounts.post.querysets import database_now
from clinic.audit import audit
from clinic.parts import AUDIT, is_silent, patience_with
from plans.followup.actions import sweep_digests, sweep_escalations, sweep_looks, sweep_nudges
from plans.programs.actions import finish_ended

log = logging.getLogger(__name__)


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
    Part(AUDIT, audit),
)
NAMES = tuple(part.name for part in PARTS)


def tick(*, now: dt.datetime, by: str | None, only: Collection[str] = NAMES) -> dict[str, object]:
    """The parts of these names once at `now`; answers what each did.

    `by` (watchdog or command) leaves a heartbeat; None is for a time that is not the real one, at which
    the audit keeps still. A part that fails does not keep the others from their work.
    """
    done: dict[str, object] = {}
    for part in PARTS:
        if part.name not in only or (by is None and part.name == AUDIT):
            continue
        try:
            done[part.name] = part.sweep(now=now)
        except Exception:
            log.exception("the part %s failed", part.name)
            done[part.name] = "failed"
            continue
        if by is not None:
            record_heartbeat(part=part.name, by=by, began_at=now, now=database_now())
    return done


def silent_parts(*, now: dt.datetime, since: dt.datetime) -> list[str]:
    """Parts that Celery has not ended in time and that are due. `since`: when we began to watch."""
    beats = {part: (rung, ended) for part, rung, ended in Heartbeat.objects.values_list("part", "bell_at", "ended_at")}
    return [part.name for part in PARTS if _needs_a_round(part.name, *beats.get(part.name, (None, None)), now, since)]


def _needs_a_round(
    part: str, rung_at: dt.datetime | None, ended_at: dt.datetime | None, now: dt.datetime, since: dt.datetime
) -> bool:
    patience = patience_with(part)
    rests = ended_at is not None and not is_silent(ended_at, now=now, longer_than=patience.rests)
    return not rests and is_silent(rung_at or since, now=now, longer_than=patience.stands_in_after)
