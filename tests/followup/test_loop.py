"""The whole loop by real processes: log, case, letter; and nothing lost on the way."""

import pytest

from tests.chaos.stage import play, short_folder


@pytest.mark.processes
@pytest.mark.timeout(150)
def test_the_loop_survives_an_emptied_broker_and_a_killed_worker():
    with short_folder() as folder:
        done = play("tests.chaos.loop_play", folder, seconds=140)
    print(done.stdout)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert "nothing lost, nothing doubled" in done.stdout
