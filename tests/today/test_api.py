"""The day by API."""

import pytest
import time_machine
from django.test import Client as Browser

from plans.programs.models import PlannedSession
from tests.clock import NOW
from tests.today.courses import give

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def test_today_says_what_is_planned_with_the_own_dosage(cast):
    course = give(cast.client, by=cast.bodyworker.user)
    browser = Browser()
    browser.force_login(cast.client.user)
    said = browser.get("/api/v1/today/").json()
    (program,) = said["programs"]
    assert said["on"] == "2026-03-10"
    assert program["stands"] == "planned"
    assert program["planned_session"] == str(PlannedSession.objects.get(program=course.program).uuid)
    assert [asked["sets"] for asked in program["prescriptions"]] == [2, 2]


def test_somebody_without_a_record_has_no_today(cast):
    browser = Browser()
    browser.force_login(cast.bodyworker.user)
    assert browser.get("/api/v1/today/").status_code == 404


def test_nobody_has_no_today_without_signing_in(db):
    assert Browser().get("/api/v1/today/").status_code == 401
