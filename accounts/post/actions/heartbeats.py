"""The engine's sign of life."""

import datetime as dt

from ..models import Heartbeat

CELERY = "celery"


def record_heartbeat(*, part: str, by: str, began_at: dt.datetime, now: dt.datetime) -> None:
    """This part of the engine has just ended a round; `by` is celery, watchdog or command."""
    fields: dict[str, object] = {"began_at": began_at, "ended_at": now, "by": by}
    if by == CELERY:
        fields["bell_at"] = now
    if not Heartbeat.objects.filter(part=part).update(**fields):
        Heartbeat.objects.update_or_create(part=part, defaults=fields)
