"""Every seeded bug in turn, until the net has caught it; first the sound engine, which must pass.

Each bug has a play of its own, in which it is known to show itself. Where the engine or the dice have changed
since, all plays are tried, and the bug's line says which of them to write down.
"""

import gc
from dataclasses import dataclass, field

from clinic.simulation.checking import WORK_FAILED
from clinic.simulation.playing import Played
from clinic.simulation.running import run_pairs, run_seed
from clinic.simulation.scratch import Beginning
from clinic.simulation.surgery import open_surgery
from tests.chaos.figures import Figures
from tests.chaos.mutants import MUTANTS, QUICK, How, broken_by
from tests.chaos.stage import size

SEED, SEEDS, DAYS = size("SEED", 1), size("SEEDS", 3), size("DAYS", 1)
HOURS = size("HOURS", 24)
"""Of each day: fewer in the suite, which has seconds."""
NO_CATCH = ("TypeError", "AttributeError", "NameError", WORK_FAILED)
"""A bug that fails like this was written for another engine than the one of today."""
HARSH = 6
PAIRS = size("PAIRS", 5)
PAIRED, PAIRED_HOURS = 8, 12
"""The seed whose first hours are killed at pairs: in them a case opens, rises and is taken, and another opens."""
REPLAYED = 5
"""Of so many seeds one is played twice, and must leave the same rows."""
TRIES: tuple[How, ...] = (
    *({"seed": seed, "hours": 8} for seed in (6, 8, 18, 19)),
    *({"seed": 19, "hours": 8, "weather": weather} for weather in ("silent", "down", "later")),
    *({"seed": seed, "harsh": HARSH} for seed in (6, 8, 18)),
    {"seed": 6, "harsh": HARSH, "weather": "down"},
    *({"seed": seed, "days": 6, "hours": 4} for seed in (105, 8, 1)),
    {"seed": 1, "days": 11, "hours": 3},
    {"seed": 6, "days": 3, "harsh": HARSH},
    {"seed": 8, "days": 6},
)
"""What a bug is given that its own play does not catch any more: first what is cheap, at the end what is long."""


@dataclass
class Net:
    """The plays of one beginning. `sound`: what became of those that the engine as it is was given already."""

    beginning: Beginning
    sound: dict[str, Played] = field(default_factory=dict)

    def play(self, how: How) -> Played:
        return run_seed(self.beginning, **how)

    def must_pass(self, how: How) -> Played:
        """A catch in a play that the sound engine fails proves nothing."""
        key = str(sorted({"days": 1, "hours": 24, **how}.items()))
        if key not in self.sound:
            played = self.play(how)
            assert not played.problem, f"{how}: {played.problem}"
            self.sound[key] = played
        return self.sound[key]

    def catches(self, words: str) -> bool:
        own = MUTANTS[words].caught_in
        for how in (own, *(TRIES if HOURS == 24 else ())):
            with broken_by(words):
                found = self.play(how).problem
            if not found:
                continue
            if any(name in found for name in NO_CATCH):
                print(f"does not fit the engine any more: {words}: {found}", flush=True)
                return False
            self.must_pass(how)
            said = "caught" if how is own else "caught, but not in its own play any more"
            print(f"{said}: {words}: {how}, {found[:200]}", flush=True)
            return True
        print(f"survived: {words}", flush=True)
        return False


def main() -> None:
    open_surgery()
    gc.freeze()  # Django's classes stay, and nobody need look through them again and again
    net = Net(Beginning())
    try:
        play_seeds(net)
        if HOURS == 24:
            net.must_pass({"seed": SEED, "days": DAYS, "harsh": HARSH})
            play_pairs(net)
        wanted = MUTANTS if size("ALL", 0) else QUICK
        survived = [words for words in wanted if not net.catches(words)]
    finally:
        net.beginning.forget()
    broken = [f"survived: {words}" for words in survived]
    Figures(
        "bugs put in on purpose", f"{len(wanted)} bugs", "bugs", len(wanted), lost=len(survived), broken=broken
    ).tell()
    assert not survived, survived


def play_seeds(net: Net) -> None:
    steps = 0
    for seed in range(SEED, SEED + SEEDS):
        how = {"seed": seed, "days": DAYS, "hours": HOURS}
        played = net.must_pass(how)
        steps += played.steps
        if (seed - SEED) % REPLAYED == 0:
            assert played == net.play(how), f"seed {seed} did not replay to the same rows"
    Figures("workers killed and stalled in virtual time", f"{SEEDS} seeds of {DAYS} days", "steps", steps).tell()


def play_pairs(net: Net) -> None:
    """The same hours, killed at two of their steps; every pair is another day."""
    found = [
        f"killed at {pair}: {played.problem}"
        for pair, played in run_pairs(net.beginning, PAIRED, most=PAIRS, hours=PAIRED_HOURS)
        if played.problem
    ]
    Figures(
        "workers killed at pairs of steps", f"{PAIRS} pairs of {PAIRED_HOURS} hours", "days", PAIRS, broken=found
    ).tell()
    assert not found, found
