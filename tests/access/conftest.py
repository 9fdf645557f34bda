"""One world for all cells: made once, every cell rolled back, thrown away at the end."""

import pytest
import time_machine
from django.db import connection, transaction

from tests.access.world import make_world
from tests.clock import NOW


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker):
    """Tests that use it carry the django_db mark as well: without one no test database is made."""
    name = str(connection.settings_dict["NAME"])
    assert "memory" in name or "test_" in name, f"{name} is no test database"
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)
