"""A rule that reads what no page asks would be silent for ever: every fact the rules read is said on a page here."""

from dataclasses import fields
from uuid import uuid4

import pytest
import time_machine
from django.test import Client as Browser

from plans.followup.actions.care import care_of
from plans.followup.actions.reports import logs_of
from plans.followup.rules import Care, Log
from plans.journal.rules import Harm, Moment, StopReason
from tests.clock import NOW, TODAY
from tests.factories.library import OutcomeMeasureFactory
from tests.followup.maya import Maya, World, make_world

pytestmark = pytest.mark.django_db
COUNTED_BY_US = {"evidence", "trigger", "performed_at", "on"}
KNOWN_FROM_LOGS = {"today", "baseline", "first_log_on", "last_log_on"}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def post(browser: Browser, page: str, **typed: object) -> None:
    answer = browser.post(page, {"log": uuid4(), **typed})
    assert answer.status_code == 302, answer.context["form"].errors


@time_machine.travel(NOW, tick=False)
def test_every_fact_the_rules_read_can_be_said_on_a_page(world: World) -> None:
    maya = Maya(world, by_api=True)
    maya.runs_since(27)
    maya.is_asked([0])
    OutcomeMeasureFactory(clinic=maya.clinic, slug="peg-3", use="allow")
    moves = [str(move.uuid) for move in world.moves]
    stops = {f"stop_{move}": reason for move, reason in zip(moves, ("nerve", "sharp", "dizzy"), strict=True)}
    post(world.browser, "/check-in/", now_score=5, morning=6)
    rating = {f"psfs_{n}": 5 for n in (1, 2, 3)} | {f"psfs_{n}_name": f"Stairs {n}" for n in (1, 2, 3)}
    post(world.browser, "/questions/", groc_1=1, **rating)
    staff = Browser()
    staff.force_login(world.cast.bodyworker.user)
    post(staff, f"/clients/{maya.client.uuid}/contact/", kind="call", on=TODAY.isoformat())
    asked = {"program": maya.program, "move": moves, "items": moves, "before": 8, "after": 8, "can_wait": "no"}
    flags = {"flag_ces-saddle": "yes", "flag_dvt-leg": "no", "flag_night-pain": "no"}
    post(world.browser, "/log/", **asked, slept_badly="on", harm=["bruise"], **stops, **flags)

    logs = logs_of([maya.client.pk], now=NOW)[maya.client.pk]
    said = {each.name for log in logs for each in fields(Log) if getattr(log, each.name) not in (None, ())}
    assert said == {each.name for each in fields(Log)} > COUNTED_BY_US
    assert {score.moment for log in logs for score in log.scores} == set(Moment)
    care = care_of([maya.client], now=NOW)[maya.client.pk]
    known = {each.name for each in fields(Care) if getattr(care, each.name)} - KNOWN_FROM_LOGS
    assert known == {each.name for each in fields(Care)} - KNOWN_FROM_LOGS
    assert care.asked.planned


def test_every_reason_and_every_harm_the_rules_know_is_on_the_page(world: World) -> None:
    with time_machine.travel(NOW, tick=False):
        form = world.browser.get("/log/").context["form"]
    offered = [{value for value, _ in form.fields[f"stop_{move.uuid}"].choices if value} for move in world.moves]
    assert offered == [set(StopReason)] * len(world.moves)
    assert {value for value, _ in form.fields["harm"].choices} == set(Harm)
