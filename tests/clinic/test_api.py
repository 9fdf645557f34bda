"""The manners of the whole API: what is wrong is a problem document, wherever it is met."""

import pytest

PROBLEM = "application/problem+json"


@pytest.mark.parametrize("path", ["/api/v1/nowhere/", "/api/v1/sessions/no-uuid/", "/api/nowhere"])
def test_an_unknown_address_is_answered_in_the_apis_own_form(client, db, path):
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
    assert answer.json()["title"] == "There is nothing here that you may see"


def test_an_unknown_page_stays_a_page(client, db):
    answer = client.get("/nowhere/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_an_address_without_its_last_stroke_leads_on(client, db):
    assert client.get("/api/v1/sessions").status_code == 301


@pytest.mark.parametrize("kind", ["sessions", "clients", "programs", "techniques", "escalations"])
def test_a_cursor_that_is_none_is_named(client, cast, kind):
    client.force_login(cast.bodyworker.user)
    answer = client.get(f"/api/v1/{kind}/", {"cursor": "zzz", "q": "glute"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "cursor"
