"""The starter library takes a while to bring in: once for a module of tests that only look at it."""

from copy import deepcopy

import pytest
from django.db import transaction

from plans.library.actions import import_library
from tests.clock import NOW
from tests.conftest import make_cast


@pytest.fixture(scope="module")
def stocked(django_db_setup, django_db_blocker):
    """The cast, with the starter library at Harbour. A module asks for it with `pytestmark`, for all of its tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = make_cast()
        import_library(clinic=cast.harbour, by=None, now=NOW)
        yield cast
        transaction.set_rollback(True)


@pytest.fixture
def cast(request, db):
    """What one test does to the people is not seen by the next: each has its own copy of them."""
    if "stocked" in request.fixturenames:
        return deepcopy(request.getfixturevalue("stocked"))
    return make_cast()
