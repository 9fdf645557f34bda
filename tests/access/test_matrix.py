"""Nobody gets through a door that is not theirs, and no door is forgotten."""

import re
from uuid import uuid4

import pytest
from django.urls import resolve

from tests.access.matrix import CHAPTERS, MATRIX
from tests.access.personas import METHODS
from tests.access.routes import routes
from tests.access.walker import findings_at, foreign_findings_at, of_the_other_clinic


def test_every_route_has_a_name():
    assert [pattern for name, pattern in routes() if not name] == []


def test_every_route_has_an_entry():
    assert sorted({name for name, _ in routes()} - set(MATRIX)) == []


def test_every_entry_has_a_route():
    assert sorted(set(MATRIX) - {name for name, _ in routes()}) == []


def test_no_route_is_entered_twice():
    assert sum(len(chapter.DOORS) for chapter in CHAPTERS) == len(MATRIX)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(MATRIX))
def test_everyone_gets_what_the_matrix_says(world, name):
    found = list(findings_at(world, name, MATRIX[name]))
    assert not found, "\n".join(found)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, door in sorted(MATRIX.items()) if of_the_other_clinic(door)])
def test_ids_of_the_other_clinic_lead_nowhere(world, name):
    found = list(foreign_findings_at(world, name, MATRIX[name]))
    assert not found, "\n".join(found)


def test_every_method_of_the_schema_is_in_the_matrix(client, db):
    schema = client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    told = {
        (resolve(re.sub(r"{[^}]*}", str(uuid4()), path)).url_name, method.upper())
        for path, methods in schema["paths"].items()
        for method in methods
        if method.upper() in METHODS
    }
    assert len(told) > 10
    assert sorted((name, method) for name, method in told if method not in MATRIX[name].declared()) == []
