"""Celery's bell for follow-up: read the database's clock, call one action. Nothing is carried in the message."""

from celery import shared_task

from accounts.post.actions import record_heartbeat
from accounts.post.querysets import database_now, round_time

from . import actions


@shared_task
def sweep_looks() -> None:
    now = round_time()
    actions.sweep_looks(now=now)
    record_heartbeat(part="looks", by="celery", began_at=now, now=database_now())


@shared_task
def sweep_escalations() -> None:
    now = round_time()
    actions.sweep_escalations(now=now)
    record_heartbeat(part="escalations", by="celery", began_at=now, now=database_now())


@shared_task
def sweep_digests() -> None:
    now = round_time()
    actions.sweep_digests(now=now)
    record_heartbeat(part="digests", by="celery", began_at=now, now=database_now())


@shared_task
def sweep_nudges() -> None:
    now = round_time()
    actions.sweep_nudges(now=now)
    record_heartbeat(part="nudges", by="celery", began_at=now, now=database_now())
