"""The engine does what a plain reference says, whatever hypothesis thinks of."""

import os

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from clinic.simulation.surgery import open_surgery
from tests.chaos.model import Model

EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "2"))
STEPS = int(os.environ.get("MODEL_STEPS", "8"))


@pytest.mark.django_db
def test_the_engine_and_the_reference_agree_after_every_act():
    open_surgery()
    # No shrinking: a slow machine's timeout would be taken for a finding and tried again for ever.
    once = settings(max_examples=EXAMPLES, stateful_step_count=STEPS, phases=[Phase.explicit, Phase.generate])
    run_state_machine_as_test(Model, settings=once)
