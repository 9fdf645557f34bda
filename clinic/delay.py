"""Since when does follow-up stand still? Every page of the staff asks, so each process keeps the answer for a while."""

import datetime as dt
import time
from dataclasses import dataclass

from accounts.post.models import Heartbeat
from accounts.post.querysets import database_now
from clinic.parts import AUDIT, late_parts

KEPT_SECONDS = 15.0


@dataclass(frozen=True)
class Delay:
    """`since` is the end of the last round of the part that is latest; None where one never ended a round."""

    since: dt.datetime | None


@dataclass
class Kept:
    """Not in the cache server: that one may be what is gone."""

    delay: Delay | None = None
    until: float = 0.0


_kept = Kept()


def engine_delay() -> Delay | None:
    """Two small look-ups at most every KEPT_SECONDS, and none in between."""
    if time.monotonic() >= _kept.until:
        keep(_asked(), seconds=KEPT_SECONDS)
    return _kept.delay


def keep(delay: Delay | None, *, seconds: float) -> None:
    _kept.delay, _kept.until = delay, time.monotonic() + seconds


def _asked() -> Delay | None:
    ended = dict(Heartbeat.objects.exclude(part=AUDIT).values_list("part", "ended_at"))
    if not ended:
        return Delay(None)
    late = [ended[part] for part in late_parts(ended.items(), now=database_now())]
    if not late:
        return None
    known = [at for at in late if at is not None]
    return Delay(min(known) if len(known) == len(late) else None)
