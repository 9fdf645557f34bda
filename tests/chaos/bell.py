"""The clinic's own Celery app with its own tasks, rung many times as often: a loop in seconds, by real processes."""

import os

from clinic.celery import app

EVERY = float(os.environ.get("BELL", "0.5"))  # seconds
app.conf.beat_schedule = {
    sentence: {**entry, "schedule": EVERY if entry["schedule"] <= 60 else 5.0, "options": {"expires": 5.0}}
    for sentence, entry in app.conf.beat_schedule.items()
}
