"""Cases by API: what may be seen, and who was first."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.people.actions import create_token
from tests.factories.followup import EscalationFactory
from tests.followup.speaking import acts

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast):
    return EscalationFactory(client=cast.client, readings=[{"on": "2026-03-10", "score": 8, "session": 12}])


@pytest.fixture
def api(client):
    def call(user, method, path, body=None):
        now = timezone.now()
        _, plain = create_token(user=user, name="test", expires_at=now + dt.timedelta(days=1), by=user, now=now)
        return getattr(client, method)(
            f"/api/v1/escalations/{path}",
            data=body,
            content_type="application/json",
            headers={"Authorization": f"Token {plain}"},
        )

    return call


def test_anonymous_gets_401(client, case):
    assert client.get("/api/v1/escalations/").status_code == 401


def test_staff_see_the_cases_of_their_clients(cast, case, api):
    body = api(cast.bodyworker.user, "get", "").json()
    assert [row["uuid"] for row in body["results"]] == [str(case.uuid)]
    assert body["results"][0]["readings"] == [{"on": "2026-03-10", "score": 8}]


@pytest.mark.parametrize("who", ["colleague", "curator", "meadow_owner"])
def test_others_see_nothing_and_get_404(cast, case, api, who):
    user = getattr(cast, who).user
    assert api(user, "get", "").json()["results"] == []
    assert api(user, "get", f"{case.uuid}/").status_code == 404
    assert api(user, "post", f"{case.uuid}/acknowledge/", {}).status_code == 404
    assert api(user, "post", f"{case.uuid}/resolve/", {"outcome": "called"}).status_code == 404


def test_the_client_gets_404(cast, case, api):
    assert api(cast.client.user, "get", f"{case.uuid}/").status_code == 404


def test_a_case_is_read_with_its_events(cast, case, api):
    api(cast.bodyworker.user, "post", f"{case.uuid}/acknowledge/", {})
    body = api(cast.owner.user, "get", f"{case.uuid}/").json()
    assert (body["state"], body["acked_by"]) == ("acknowledged", "Jo Marsh")
    assert [event["act"] for event in body["events"]] == ["acknowledge"]


def test_the_second_person_gets_409_with_who_was_first(cast, case, api):
    assert api(cast.bodyworker.user, "post", f"{case.uuid}/acknowledge/", {}).status_code == 200
    answer = api(cast.owner.user, "post", f"{case.uuid}/acknowledge/", {})
    assert (answer.status_code, answer.json()["by"]) == (409, "Jo Marsh")


def test_a_case_is_resolved_with_outcome_and_note(cast, case, api):
    answer = api(cast.bodyworker.user, "post", f"{case.uuid}/resolve/", {"outcome": "called", "note": "Rests."})
    assert (answer.status_code, answer.json()["outcome"], answer.json()["note"]) == (200, "called", "Rests.")
    assert acts(case) == ["acknowledge", "resolve"]


@pytest.mark.parametrize(
    ("action", "body", "field"),
    [
        ("resolve", {}, "outcome"),
        ("resolve", {"outcome": "vanished"}, "outcome"),
        ("resolve", {"outcome": "no_answer"}, "note"),
        ("resolve", {"outcome": "called", "note": "x" * 4001}, "note"),
        ("resolve", {"outcome": "called", "colour": "red"}, "colour"),
        ("acknowledge", {"follow_up_by": "yesterday"}, "follow_up_by"),
        ("acknowledge", {"follow_up_by": "2020-01-01T00:00:00Z"}, "follow_up_by"),
    ],
)
def test_a_bad_answer_names_its_field(cast, case, api, action, body, field):
    answer = api(cast.bodyworker.user, "post", f"{case.uuid}/{action}/", body)
    assert answer.status_code == 400
    assert [row["field"] for row in answer.json()["errors"]] == [field]
    assert acts(case) == []


def test_a_state_that_does_not_exist_is_named(cast, case, api):
    assert api(cast.owner.user, "get", "?state=asleep").json()["errors"][0]["field"] == "state"


def test_the_list_costs_the_same_statements_for_more_cases(cast, api, django_assert_max_num_queries):
    for client in (cast.client, cast.colleagues_client):
        for family in ("severe", "safety", "contact"):
            EscalationFactory(client=client, family=family)
    with django_assert_max_num_queries(9):
        assert len(api(cast.owner.user, "get", "").json()["results"]) == 6
