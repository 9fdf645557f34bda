"""Beat and worker as processes on a real broker: the bell is heard, and a lost bell is no lost work."""

import pytest

from clinic.celery import BEAT
from tests.processes import eventually, scratch_site

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]

ROUNDS = "select part, ended_at from post_heartbeat where ended_at is not null"


@pytest.fixture
def site(tmp_path):
    with scratch_site(tmp_path) as running:
        running.start("mail")
        running.start("web")
        yield running


def all_parts_ran(site, since=""):
    rounds = [part for part, ended_at in site.rows(ROUNDS) if str(ended_at) > since]
    return rounds if rounds and site.status("/health/engine") == 200 else None


def test_the_engine_runs_and_goes_on_after_the_broker_is_emptied_and_the_worker_killed(site):
    worker = site.start("worker")
    site.start("beat")
    first = eventually(lambda: all_parts_ran(site), seconds=60, what="round of the engine")
    assert first

    site.empty_the_broker()
    site.kill(worker)
    latest = max(str(ended_at) for _, ended_at in site.rows(ROUNDS))
    site.start("worker")
    assert eventually(lambda: all_parts_ran(site, since=latest), seconds=60, what="round after the kill")
    assert len(BEAT) >= len(first)
