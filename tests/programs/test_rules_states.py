"""What may become of a program."""

import pytest

from plans.programs.rules import ProgramEvent, ProgramState, TransitionNotAllowed, after

O, R, P, L, F = ProgramState  # noqa: E741

# Every cell: a state, and what start, pause, lock, resume and finish make of it. None is refused.
CELLS = {
    O: (R, P, L, None, F),
    R: (None, P, L, None, F),
    P: (None, P, L, R, F),
    L: (None, L, L, R, F),
    F: (None, None, None, None, None),
}


@pytest.mark.parametrize("event", ProgramEvent)
@pytest.mark.parametrize("state", ProgramState)
def test_every_cell_is_decided(state, event):
    expected = CELLS[state][list(ProgramEvent).index(event)]
    if expected is None:
        with pytest.raises(TransitionNotAllowed):
            after(state, event)
    else:
        assert after(state, event) is expected


def test_a_pause_never_lifts_a_lock():
    assert after(ProgramState.LOCKED, ProgramEvent.PAUSE) is ProgramState.LOCKED


def test_nothing_wakes_a_finished_program():
    assert not [event for event in ProgramEvent if (ProgramState.FINISHED, event) in CELLS]
