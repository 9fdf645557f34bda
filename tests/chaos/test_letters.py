"""Letters survive senders that are killed at every point of the hand-off and at moments nobody chose."""

import pytest

from tests.chaos.figures import figures_in
from tests.chaos.stage import play, short_folder
from tests.processes import THE_SUITES_OWN


@pytest.mark.processes
@pytest.mark.timeout(150)
@pytest.mark.django_db(transaction=True)
def test_no_letter_is_lost_when_senders_are_killed_at_every_point():
    with short_folder() as folder:
        said = play("letters_play", folder, seconds=140, like=THE_SUITES_OWN, LETTERS="24", KILLS="8", SENDERS="2")
    (found,) = figures_in(said)
    assert found.is_good, said
    assert found.owed == 24
