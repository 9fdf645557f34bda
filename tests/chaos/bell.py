"""The clinic's own Celery app with its own tasks, rung twice a second: a loop in seconds, by real processes."""

from clinic.celery import app

app.conf.beat_schedule = {
    sentence: {**entry, "schedule": 0.5, "options": {"expires": 5.0}}
    for sentence, entry in app.conf.beat_schedule.items()
}
