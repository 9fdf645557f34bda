"""Letters survive senders that are killed at every point of the hand-off."""

import pytest

from tests.chaos.stage import play, short_folder


@pytest.mark.processes
@pytest.mark.timeout(150)
def test_no_letter_is_lost_when_senders_are_killed_at_every_point():
    with short_folder() as folder:
        done = play("tests.chaos.letters_play", folder, seconds=140)
    print(done.stdout)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert "no letter was lost" in done.stdout
