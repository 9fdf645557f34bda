"""A database that cannot write: the person is told that nothing is saved, and what they typed stays."""

from html import unescape
from uuid import uuid4

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client as Browser

from plans.journal.models import Session
from tests.clock import NOW
from tests.journal.logs import check_in

pytestmark = pytest.mark.django_db
CHECK_IN = "/check-in/"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def maya(cast):
    browser = Browser(raise_request_exception=False)
    browser.force_login(cast.client.user)
    return browser


def no_room(execute, sql, params, many, context):
    """What SQLite says on a full disk; `make chaos` fills a real one."""
    if sql.split(None, 1)[0] in {"INSERT", "UPDATE"}:
        raise OperationalError("database or disk is full")
    return execute(sql, params, many, context)


def put(browser, uuid):
    return browser.put(f"/api/v1/sessions/{uuid}/", check_in(4), content_type="application/json")


def test_a_form_says_that_nothing_is_saved_and_keeps_what_was_typed(maya):
    typed = {"log": str(uuid4()), "now_score": "4", "note": "after the long drive"}
    with connection.execute_wrapper(no_room):
        answer = maya.post(CHECK_IN, typed)
    words = unescape(answer.content.decode())
    assert answer.status_code == 503
    assert "This is NOT saved yet" in words
    assert "after the long drive" in words
    assert typed["log"] in words
    assert maya.post(CHECK_IN, typed).status_code == 302
    assert str(Session.objects.get().uuid) == typed["log"]


def test_a_correction_says_so_too(maya):
    uuid = uuid4()
    put(maya, uuid)
    with connection.execute_wrapper(no_room):
        answer = maya.post(f"/log/{uuid}/edit/", {"log": str(uuid), "now_score": "5", "revision": "1", "when": "today"})
    assert answer.status_code == 503
    assert Session.objects.get().revision == 1


def test_the_api_answers_a_problem_that_says_when_to_come_again(maya):
    uuid = uuid4()
    with connection.execute_wrapper(no_room):
        answer = put(maya, uuid)
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer["Retry-After"] == "60"
    assert answer.json()["detail"] == "Nothing of this was saved. Send the same again in a minute."
    assert put(maya, uuid).status_code == 201
