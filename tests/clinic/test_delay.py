"""When follow-up stands still, the staff read it on every page, and clients do not."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.post.models import Heartbeat
from clinic import delay
from clinic.tick import NAMES
from tests.factories.post import HeartbeatFactory

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
BANNER = "Follow-up has been delayed since"


@pytest.fixture(autouse=True)
def _asked_anew(calm_engine):
    """Here the pages ask the rows."""
    delay.keep(None, seconds=0)
    yield
    delay.keep(None, seconds=0)


@pytest.fixture
def page(cast, client):
    def of(user=None, where="desk:caseload") -> str:
        client.force_login(user or cast.bodyworker.user)
        return client.get(reverse(where)).content.decode()

    return of


def beats(**late: dt.datetime) -> None:
    for part in NAMES:
        HeartbeatFactory(part=part, ended_at=late.get(part, timezone.now()))


def test_an_engine_that_runs_is_not_spoken_of(page):
    beats()
    assert BANNER not in page()


def test_an_engine_that_stands_still_is_said_with_its_time(page, cast):
    stopped = timezone.now() - 8 * MINUTE
    beats(looks=stopped, letters=stopped + MINUTE)
    shown = page()
    assert f"{BANNER} today, {timezone.localtime(stopped):%H:%M}".lower() in shown.lower()
    assert BANNER in page(cast.owner.user, "post:letters")


def test_an_engine_that_never_ran_is_said_too(page):
    assert "Follow-up has not run yet" in page()


def test_a_late_audit_delays_nobody(page):
    beats(audit=timezone.now() - 60 * MINUTE)
    assert BANNER not in page()


def test_a_client_does_not_read_it(page, cast):
    beats(looks=timezone.now() - 8 * MINUTE)
    assert "Follow-up" not in page(cast.client.user, "today:today")


def test_the_answer_is_kept_for_a_while(django_assert_num_queries):
    beats(looks=timezone.now() - 8 * MINUTE)
    first = delay.engine_delay()
    Heartbeat.objects.all().delete()
    with django_assert_num_queries(0):
        assert delay.engine_delay() == first
