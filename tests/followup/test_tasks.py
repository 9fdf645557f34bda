"""Each bell reads the database's clock, calls one action and leaves a heartbeat."""

import datetime as dt

import pytest

from accounts.post import tasks as post
from accounts.post.models import Heartbeat
from accounts.post.querysets import database_now
from plans.followup import tasks
from plans.followup.models import Escalation
from plans.programs import tasks as programs
from tests.followup.speaking import severe_days

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("task", "part"),
    [
        (tasks.sweep_looks, "looks"),
        (tasks.sweep_escalations, "escalations"),
        (tasks.sweep_nudges, "nudges"),
        (tasks.sweep_digests, "digests"),
        (programs.sweep_endings, "endings"),
        (post.sweep_letters, "letters"),
    ],
)
def test_a_bell_leaves_a_heartbeat(task, part, settings):
    task.run()
    beat = Heartbeat.objects.get(part=part)
    assert beat.by == "celery"
    assert beat.began_at <= beat.ended_at


def test_the_bells_do_what_is_due_now(cast):
    severe_days(cast.client, last=database_now())
    tasks.sweep_looks.run()
    tasks.sweep_escalations.run()
    assert Escalation.objects.get().state == "notified"


def test_the_databases_clock_is_in_utc():
    now = database_now()
    assert now.utcoffset() == dt.timedelta(0)
    assert database_now() >= now
