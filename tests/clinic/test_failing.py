"""What people and programs are told when it broke on our side."""

import pytest
from django.db import OperationalError, connection
from django.test import Client as Browser


def away(execute, sql, params, many, context):
    raise OperationalError("the connection is lost")


def broken(execute, sql, params, many, context):
    raise ArithmeticError


@pytest.fixture
def visitor(db):
    browser = Browser(raise_request_exception=False)
    browser.cookies["sessionid"] = "somebody"
    return browser


@pytest.mark.parametrize(("fault", "status", "words"), [(away, 503, "NOT saved"), (broken, 500, "not your fault")])
def test_a_page_says_whether_the_database_is_away(visitor, fault, status, words):
    with connection.execute_wrapper(fault):
        answer = visitor.post("/check-in/", {"now_score": "4"})
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert answer.headers.get("Retry-After") == ("60" if fault is away else None)


@pytest.mark.parametrize(("fault", "status"), [(away, 503), (broken, 500)])
def test_a_program_gets_a_problem_document(visitor, fault, status):
    with connection.execute_wrapper(fault):
        answer = visitor.get("/api/v1/today/")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status


def test_nothing_of_the_fault_is_told(visitor):
    with connection.execute_wrapper(away):
        answer = visitor.get("/api/v1/today/")
    assert "connection" not in answer.content.decode()
