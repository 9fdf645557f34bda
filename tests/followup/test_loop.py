"""The whole loop by real processes: log, case, letter; and nothing lost on the way."""

import pytest

from tests.chaos.stage import play, short_folder
from tests.processes import THE_SUITES_OWN


@pytest.mark.processes
@pytest.mark.timeout(150)
@pytest.mark.django_db(transaction=True)
def test_the_loop_survives_an_emptied_broker_and_a_killed_worker():
    with short_folder() as folder:
        said = play("loop_play", folder, seconds=140, like=THE_SUITES_OWN)
    assert "nothing lost, nothing doubled" in said
