"""Which safety questions are asked, and in what order?"""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from .states import FlagUrgency

MOST_QUESTIONS = 6
MOST_OF_A_GROUP = 2
# Asked at intake and in the profile; a pain log is not the place (the library's weekly note).
ASKED_ELSEWHERE = frozenset({"inflammatory", "pregnancy-signs", "low-mood-crisis"})
_SPEED = {FlagUrgency.EMERGENCY_NOW: 0, FlagUrgency.SAME_DAY: 1, FlagUrgency.WITHIN_DAYS: 2}


class Flag(Protocol):
    """What is read of a red flag; an empty `ask_for_regions` is every site."""

    slug: str
    group: str
    urgency: str
    ask_for_regions: list[str]
    position: int


FlagT = TypeVar("FlagT", bound=Flag)


def fits_site(flag: Flag, content_regions: Iterable[str]) -> bool:
    """Whether the question makes sense where it hurts."""
    return not flag.ask_for_regions or bool(set(flag.ask_for_regions) & set(content_regions))


def red_flags_for(
    flags: Sequence[FlagT], content_regions: Iterable[str], *, limit: int = MOST_QUESTIONS
) -> list[FlagT]:
    """The few safety questions asked after a very bad score, a stop or “cannot wait”: emergencies first.

    A person in pain answers six questions well and twenty badly, so six are chosen: those about the site
    before those about every site, within each the more urgent first, and two of a group at most, so that
    five ways to ask about one nerve do not crowd out the broken bone. A warning sign that can wait for
    days is left to the weekly check. A yes to any question outside this choice is never lost: the weekly
    check asks all of them, and “something is wrong” is on every screen.
    The number six and the order are ours (design); the questions and urgencies are the library's.
    """
    sites = set(content_regions)
    fitting = [
        flag
        for flag in flags
        if flag.slug not in ASKED_ELSEWHERE and flag.urgency != FlagUrgency.WITHIN_DAYS and fits_site(flag, sites)
    ]
    chosen: list[FlagT] = []
    for flag in sorted(fitting, key=lambda f: (not f.ask_for_regions, speed(f), f.position)):
        if len(chosen) == limit:
            break
        if sum(other.group == flag.group for other in chosen) < MOST_OF_A_GROUP:
            chosen.append(flag)
    return sorted(chosen, key=lambda f: (speed(f), not f.ask_for_regions, f.position))


def speed(flag: Flag) -> int:
    """0 for an emergency, 1 for the same day, 2 for within days."""
    return _SPEED[FlagUrgency(flag.urgency)]
