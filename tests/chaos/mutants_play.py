"""Every seeded bug in turn, seed after seed, until the net has caught it; first the sound engine, which must pass."""

from clinic.simulation.running import run_seed
from clinic.simulation.scratch import Beginning
from clinic.simulation.surgery import open_surgery
from tests.chaos.figures import Figures
from tests.chaos.mutants import MUTANTS, QUICK, broken_by
from tests.chaos.stage import size

SEED, SEEDS, DAYS = size("SEED", 1), size("SEEDS", 3), size("DAYS", 1)
HOURS = size("HOURS", 24)
"""Of each day: fewer in the suite, which has seconds."""
NO_CATCH = ("TypeError", "AttributeError", "NameError")
"""A bug that fails like this was written for another engine than the one of today."""
HARSH = 6
MOST = 8
"""Seeds that a bug is given to show itself."""


def main() -> None:
    open_surgery()
    beginning = Beginning()
    steps = 0
    try:
        for seed in range(SEED, SEED + SEEDS):
            played = run_seed(beginning, seed, days=DAYS, hours=HOURS)
            assert not played.problem, f"seed {seed}: {played.problem}"
            assert played == run_seed(beginning, seed, days=DAYS, hours=HOURS), (
                f"seed {seed} did not replay to the same rows"
            )
            steps += played.steps
        if HOURS == 24:
            harsh = run_seed(beginning, SEED, days=DAYS, harsh=HARSH)
            assert not harsh.problem, f"seed {SEED}, harsh: {harsh.problem}"
        Figures("workers killed and stalled in virtual time", f"{SEEDS} seeds of {DAYS} days", "steps", steps).tell()
        wanted = MUTANTS if size("ALL", 0) else QUICK
        survived = [words for words in wanted if not is_caught(words, beginning)]
    finally:
        beginning.forget()
    broken = [f"survived: {words}" for words in survived]
    Figures(
        "bugs put in on purpose", f"{len(wanted)} bugs", "bugs", len(wanted), lost=len(survived), broken=broken
    ).tell()
    assert not survived, survived


def is_caught(words: str, beginning: Beginning) -> bool:
    for seed in range(SEED, SEED + MOST):
        # What takes days to show gets them.
        days = DAYS + (seed - SEED)
        with broken_by(words):
            found = run_seed(beginning, seed, days=days, hours=HOURS, harsh=1 if seed == SEED else HARSH).problem
        if any(name in found for name in NO_CATCH):
            print(f"does not fit the engine any more: {words}: {found}", flush=True)
            return False
        if found:
            print(f"caught: {words}: seed {seed}, {found[:200]}", flush=True)
            return True
    print(f"survived: {words}", flush=True)
    return False
