"""Every seeded bug in turn, seed after seed, until the net has caught it; first the sound engine, which must pass."""

from typing import Any

from clinic.simulation.running import run_pairs, run_seed
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
PAIRS = size("PAIRS", 5)
TRIES: tuple[dict[str, Any], ...] = (
    {"seed": 4, "hours": 8},
    {"seed": 2, "hours": 10},
    {"seed": 1, "hours": 10, "weather": "silent"},
    {"seed": 1, "harsh": HARSH},
    {"seed": 2, "harsh": HARSH},
    {"seed": 3, "weather": "later"},
    {"seed": 3, "days": 2},
    {"seed": 4, "days": 3, "harsh": 3},
    {"seed": 5, "days": 3, "harsh": HARSH},
    {"seed": 6, "days": 6},
)
"""The plays that a bug is given to show itself in, the cheapest first; the sound engine must pass each of them."""


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
            play_pairs(beginning)
        Figures("workers killed and stalled in virtual time", f"{SEEDS} seeds of {DAYS} days", "steps", steps).tell()
        wanted = MUTANTS if size("ALL", 0) else QUICK
        passed: set[int] = set()
        survived = [words for words in wanted if not is_caught(words, beginning, passed)]
    finally:
        beginning.forget()
    broken = [f"survived: {words}" for words in survived]
    Figures(
        "bugs put in on purpose", f"{len(wanted)} bugs", "bugs", len(wanted), lost=len(survived), broken=broken
    ).tell()
    assert not survived, survived


def is_caught(words: str, beginning: Beginning, passed: set[int]) -> bool:
    """`passed`: places of the plays that the sound engine is known to pass; a catch in another proves nothing."""
    tries = TRIES if HOURS == 24 else ({"seed": SEED, "hours": HOURS},)
    for n, each in enumerate(tries):
        with broken_by(words):
            found = run_seed(beginning, **each).problem
        if not found:
            continue
        if any(name in found for name in NO_CATCH):
            print(f"does not fit the engine any more: {words}: {found}", flush=True)
            return False
        if n not in passed:
            sound = run_seed(beginning, **each).problem
            assert not sound, f"{each}: {sound}"
            passed.add(n)
        print(f"caught: {words}: {each}, {found[:200]}", flush=True)
        return True
    print(f"survived: {words}", flush=True)
    return False


def play_pairs(beginning: Beginning) -> None:
    """A day of the seed, killed at two of its steps; every pair is another day."""
    found = [
        f"killed at {pair}: {played.problem}"
        for pair, played in run_pairs(beginning, SEED, most=PAIRS)
        if played.problem
    ]
    Figures("workers killed at pairs of steps", f"{PAIRS} pairs of one day", "days", PAIRS, broken=found).tell()
    assert not found, found
