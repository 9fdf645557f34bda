"""The simulation passes on the engine as it is, replays exactly, and catches bugs that are put in on purpose."""

import pytest

from tests.chaos.figures import figures_in
from tests.chaos.mutants import MUTANTS, QUICK
from tests.chaos.stage import play, short_folder
from tests.processes import THE_SUITES_OWN


def test_there_are_thirty_bugs_to_be_caught():
    assert len(MUTANTS) >= 30
    assert set(QUICK) <= set(MUTANTS)


@pytest.mark.processes
@pytest.mark.timeout(150)
@pytest.mark.django_db(transaction=True)
def test_a_seed_replays_exactly_and_seeded_bugs_are_caught():
    with short_folder() as folder:
        said = play("mutants_play", folder, seconds=140, like=THE_SUITES_OWN, SEED="19", SEEDS="1", HOURS="5")
    steps, bugs = figures_in(said)
    assert steps.owed > 100
    assert bugs.owed == len(QUICK)
    assert bugs.is_good, said
