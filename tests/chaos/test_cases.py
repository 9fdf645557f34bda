"""Cases are told on in order while those who tell them are killed at every statement."""

import pytest

from tests.chaos.stage import play, short_folder


@pytest.mark.processes
@pytest.mark.timeout(150)
def test_no_case_is_missed_or_doubled_when_sweepers_are_killed():
    with short_folder() as folder:
        done = play("tests.chaos.cases_play", folder, seconds=140)
    print(done.stdout)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert "no case was missed" in done.stdout
