"""Cases are told on in order and in time while those who tell them are killed."""

import pytest

from tests.chaos.figures import figures_in
from tests.chaos.stage import play, short_folder
from tests.processes import THE_SUITES_OWN


@pytest.mark.processes
@pytest.mark.timeout(150)
@pytest.mark.django_db(transaction=True)
def test_no_case_is_missed_or_told_out_of_order_when_sweepers_are_killed():
    with short_folder() as folder:
        said = play("cases_play", folder, seconds=140, like=THE_SUITES_OWN, CASES="8", KILLS="4", RATE="40", TAIL="1")
    (found,) = figures_in(said)
    assert found.is_good, said
    assert found.owed == 16
