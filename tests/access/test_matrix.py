"""Nobody gets through a door that is not theirs, and no door is forgotten."""

import pytest

from tests.access.matrix import CHAPTERS, MATRIX
from tests.access.routes import routes
from tests.access.walker import findings_at


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
