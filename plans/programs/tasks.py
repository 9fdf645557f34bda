"""Celery's bell for programs: read the database's clock, call one action."""

from celery import shared_task

from accounts.post.actions import record_heartbeat
from accounts.post.querysets import database_now, round_time

from .actions import finish_ended


@shared_task
def sweep_endings() -> None:
    now = round_time()
    finish_ended(now=now)
    record_heartbeat(part="endings", by="celery", began_at=now, now=database_now())
