"""A phone sends what it kept for weeks, one log after the other, and is read while it does."""

import datetime as dt

import pytest

from plans.followup.actions import sweep_looks
from plans.followup.models import Escalation
from tests.clock import NOW
from tests.followup.speaking import report

pytestmark = pytest.mark.django_db
DAY, SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)


def families(client) -> list[str]:
    return list(Escalation.objects.filter(client=client).values_list("family", flat=True).order_by("family"))


def test_nobody_is_called_silent_whose_logs_are_just_coming_in(cast):
    for n, days in enumerate((36, 32, 28, 24, 20, 16, 12, 8, 4, 1)):
        now = NOW + n * SECOND
        report(cast.client, 8 if days > 20 else 2, at=NOW - days * DAY, received_at=now)
        sweep_looks(now=now)
    sweep_looks(now=NOW + 5 * 60 * SECOND)
    assert "contact" not in families(cast.client)


def test_who_has_sent_all_and_was_silent_is_asked_after_two_minutes_later(cast):
    report(cast.client, 8, at=NOW - 9 * DAY, received_at=NOW)
    sweep_looks(now=NOW)
    assert "contact" not in families(cast.client)
    sweep_looks(now=NOW + 119 * SECOND)
    assert "contact" not in families(cast.client)
    sweep_looks(now=NOW + 121 * SECOND)
    assert families(cast.client) == ["contact"]
