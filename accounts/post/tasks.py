"""Celery's bell for the post: read the database's clock, call one action. Ids only, and here not even those."""

from celery import shared_task

from .actions import record_heartbeat
from .actions import sweep_letters as sweep
from .querysets import database_now, round_time


@shared_task
def sweep_letters() -> None:
    now = round_time()
    sweep(now=now)
    record_heartbeat(part="letters", by="celery", began_at=now, now=database_now())
