"""When does the clinic look at its own obligations?

Beat only rings the bell; what is due stands in rows with a due time and an index, so a bell that
rings twice, late or not at all loses nothing. Intervals are fixed and in UTC: no crontab in local
time, no eta, no countdown anywhere.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

app = Celery("unknot")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Each line a sentence: what is swept, by which task, every how many seconds. A bell that nobody
# heard within its own interval is thrown away, so that a worker coming back finds no queue of them.
BEAT: dict[str, tuple[str, float]] = {
    "reports that came in are read": ("plans.followup.tasks.sweep_looks", 10.0),
    "cases that nobody took are told on": ("plans.followup.tasks.sweep_escalations", 10.0),
    "reminders whose time has come are written": ("plans.followup.tasks.sweep_nudges", 60.0),
    "the morning's list goes to bodyworkers": ("plans.followup.tasks.sweep_digests", 60.0),
    "programs whose last day has passed end": ("plans.programs.tasks.sweep_endings", 60.0),
    "letters that are due leave": ("accounts.post.tasks.sweep_letters", 10.0),
    "what must be true of the rows is asked": ("clinic.tasks.audit", 300.0),
}

app.conf.beat_schedule = {
    sentence: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for sentence, (task, seconds) in BEAT.items()
}
