"""Seed after seed from the same beginning, and every pair of places at which two workers may be killed."""

import itertools
import logging
import random
from collections.abc import Iterable, Iterator

from .playing import Played, Player
from .scratch import Beginning


def run_seed(
    beginning: Beginning,
    seed: int,
    *,
    days: int = 1,
    hours: int = 24,
    kill_at: tuple[int, ...] | None = None,
    harsh: int = 1,
    weather: str = "kind",
) -> Played:
    """One seed, from the beginning; the same seed answers the same digest."""
    beginning.come_back()
    before, quiet = random.getstate(), logging.root.manager.disable
    random.seed(seed)  # the back-off's jitter
    logging.disable(logging.ERROR)  # what the engine says of its own crashes is expected here
    try:
        return Player(seed, days=days, hours=hours, kill_at=kill_at, harsh=harsh, weather=weather).play()
    finally:
        random.setstate(before)
        logging.disable(quiet)


def run_seeds(beginning: Beginning, seeds: Iterable[int], *, days: int) -> Iterator[tuple[int, Played]]:
    for seed in seeds:
        yield seed, run_seed(beginning, seed, days=days)


def run_pairs(
    beginning: Beginning, seed: int, *, most: int, hours: int = 24
) -> Iterator[tuple[tuple[int, int], Played]]:
    """The first hours of a seed again and again, with workers killed at every pair of its steps; at most so many."""
    steps = run_seed(beginning, seed, hours=hours, kill_at=()).steps
    pairs = list(itertools.combinations(range(1, steps + 1), 2))
    random.Random(seed).shuffle(pairs)  # noqa: S311
    for pair in pairs[:most]:
        yield pair, run_seed(beginning, seed, hours=hours, kill_at=pair)
