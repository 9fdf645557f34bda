"""Techniques over the API: seen by the staff of their clinic, searched, narrowed, paged."""

import pytest
from django.urls import reverse

from plans.library.models import Muscle, Technique
from tests.factories.library import ClinicalReviewFactory, TechniqueRevisionFactory

pytestmark = pytest.mark.usefixtures("stocked")

LIST = "/api/v1/techniques/"


@pytest.fixture
def library(cast):
    return cast.harbour


@pytest.fixture
def jo(cast, client):
    client.force_login(cast.bodyworker.user)
    return client


def url_of(library, slug):
    return reverse("api-technique", args=[Technique.objects.of(library).get(slug=slug).uuid])


def everything(client, address, **asked):
    """All pages of a list."""
    page, found = client.get(address, asked).json(), []
    while True:
        found += page["results"]
        if page["next"] is None:
            return found
        page = client.get(page["next"]).json()


def test_the_staff_read_every_technique_page_by_page(library, jo):
    first = jo.get(LIST)
    assert first.status_code == 200
    assert len(first.json()["results"]) == 20
    slugs = [row["slug"] for row in everything(jo, LIST)]
    assert len(slugs) == len(set(slugs)) == 58


def test_a_row_says_that_it_needs_review(library, jo):
    row = jo.get(LIST).json()["results"][0]
    assert row == {
        "uuid": row["uuid"],
        "slug": "foam-roll-gluteals",
        "name": "Foam roll: buttock",
        "kind": "foam-roller",
        "delivered_by": "client",
        "intensity": "moderate",
        "equipment": ["foam-roller"],
        "estimated_minutes": 4,
        "revision": 1,
        "state": "in_review",
        "needs_clinician_review": True,
    }


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("glute", "glute-bridge"),
        ("piriformis knot", "ball-release-piriformis-chair"),
        ("buttock ball", "ball-release-glute-wall"),
    ],
)
def test_a_search_answers_the_likeliest_first(library, jo, typed, first):
    assert jo.get(LIST, {"q": typed}).json()["results"][0]["slug"] == first


def test_a_search_keeps_its_order_from_page_to_page(library, jo):
    found = everything(jo, LIST, q="buttock", page_size=5)
    assert [row["slug"] for row in found] == [t.slug for t in Technique.objects.search(library, "buttock")]


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"region": "hip-buttock"}, 24),
        ({"kind": "ball"}, 9),
        ({"equipment": "wall"}, 9),
        ({"delivered_by": "bodyworker"}, 5),
        ({"region": "hip-buttock", "kind": "ball", "equipment": "chair"}, 1),
        ({"q": "zebra"}, 0),
        ({"q": ""}, 58),
    ],
)
def test_a_list_is_narrowed(library, jo, asked, number):
    assert len(everything(jo, LIST, **asked)) == number


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"region": "moon"}, "region"),
        ({"kind": "magic"}, "kind"),
        ({"equipment": "drill"}, "equipment"),
        ({"delivered_by": "robot"}, "delivered_by"),
        ({"q": "x" * 101}, "q"),
    ],
)
def test_a_value_nobody_knows_is_answered_with_its_field(library, jo, asked, field):
    answer = jo.get(LIST, asked)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_technique_comes_with_all_that_keeps_people_safe(library, jo):
    body = jo.get(url_of(library, "double-pigeon")).json()
    assert body["max_discomfort"] == 6
    assert body["dosage"] == {
        "sets": 1,
        "reps": None,
        "hold_s": 45,
        "duration_s": None,
        "per_side": True,
        "rest_s": 15,
        "sessions_per_week_min": 3,
        "sessions_per_week_max": 5,
    }
    assert "hip-replacement" in [row["slug"] for row in body["contraindications"]]
    assert body["cautions"]
    assert body["stop_when"]
    assert [row["slug"] for row in body["muscles"]] == ["piriformis", "gluteus-maximus", "gluteus-medius"]
    assert [row["number"] for row in body["drawings"]] == [1, 2]
    assert all(row["alt"] for row in body["drawings"])
    easier = jo.get(reverse("api-technique", args=[body["easier"][0]]))
    assert easier.status_code == 200


def test_a_reviewed_text_needs_no_review(cast, library, jo):
    ClinicalReviewFactory(revision=Technique.objects.of(library).get(slug="cat-cow").current)
    assert jo.get(url_of(library, "cat-cow")).json()["needs_clinician_review"] is False


# Who may ask.


def test_a_visitor_is_not_let_in(library, client):
    assert client.get(LIST).status_code == 401
    assert client.get(url_of(library, "cat-cow")).status_code == 401


@pytest.mark.parametrize("person", ["client", "meadow_bodyworker", "meadow_client"])
def test_a_technique_of_a_clinic_one_does_not_work_for_is_not_there(cast, library, client, person):
    client.force_login(getattr(cast, person).user)
    assert client.get(LIST).json()["results"] == []
    assert client.get(url_of(library, "cat-cow")).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_library_is_only_read(library, jo, method):
    assert getattr(jo, method)(LIST).status_code == 405


# What it costs.


def test_a_page_asks_as_often_for_ten_times_as_many(library, jo, django_assert_max_num_queries):
    jo.get(LIST)
    with django_assert_max_num_queries(12) as before:
        jo.get(LIST, {"q": "buttock", "page_size": 5})
    muscle = Muscle.objects.of(library).get(slug="piriformis")
    for n in range(60):
        TechniqueRevisionFactory(technique__clinic=library, name=f"Ball {n}: buttock").muscles.add(muscle)
    with django_assert_max_num_queries(len(before.captured_queries)):
        assert len(jo.get(LIST, {"q": "buttock", "page_size": 50}).json()["results"]) == 50
