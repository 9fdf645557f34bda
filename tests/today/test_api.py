"""The day by API."""

from uuid import uuid4

import pytest
import time_machine
from django.test import Client as Browser

from plans.programs.models import PlannedSession
from tests.clock import NOW
from tests.factories.library import RedFlagFactory, WeeklyBundleFactory
from tests.journal.logs import check_in
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


def test_today_lists_the_weekly_questions_until_they_are_answered(cast):
    bundle = WeeklyBundleFactory(clinic=cast.harbour, slug="weekly-limb", question="One leg newly swollen?")
    flag = RedFlagFactory(clinic=cast.harbour, slug="dvt-leg", question="Is one calf swollen?")
    bundle.flags.add(flag)
    browser = Browser()
    browser.force_login(cast.client.user)
    assert browser.get("/api/v1/today/").json()["weekly"] == [
        {
            "slug": "weekly-limb",
            "question": "One leg newly swollen?",
            "red_flags": [{"slug": "dvt-leg", "question": "Is one calf swollen?", "version": 1}],
        }
    ]
    body = check_in(red_flags=[{"slug": "dvt-leg", "answer": False, "version": 1}])
    assert browser.put(f"/api/v1/sessions/{uuid4()}/", body, content_type="application/json").status_code == 201
    assert browser.get("/api/v1/today/").json()["weekly"] == []
