"""Celery's bell for the audit: read the database's clock, call one action."""

from celery import shared_task

from accounts.post.actions import record_heartbeat
from accounts.post.querysets import database_now, round_time
from clinic import audit as auditing
from clinic.parts import AUDIT


@shared_task
def audit() -> None:
    now = round_time()
    auditing.audit(now=now)
    record_heartbeat(part=AUDIT, by="celery", began_at=now, now=database_now())
