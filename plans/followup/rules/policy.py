"""Which numbers may a clinic choose, how far may each of them go, and which may only become stricter?

The bounds are ours (design) and need a clinician's review: they keep a slip of the finger from silencing a
rule. A safety number ends at the starter library's own value: it can be made stricter, never looser.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from .numbers import DEFAULT_NUMBERS, Numbers
from .rulebook import Rule
from .states import Urgency


class NumberUnit(StrEnum):
    """What a number counts."""

    SCORE = "score"
    POINTS = "points"
    TENTHS = "tenths of a point"
    PERCENT = "percent"
    DAYS = "days"
    HOURS = "hours"
    TIMES = "times"
    READINGS = "readings"
    MINUTES = "minutes"
    HALF_DAYS = "half working days"


class Stricter(StrEnum):
    """Which way a rule fires sooner or more often."""

    LOWER = "lower"
    HIGHER = "higher"


@dataclass(frozen=True)
class Bound:
    """From `lowest` to `highest`, both allowed. Where `is_safety`, one of the two is the default itself."""

    lowest: int
    highest: int
    unit: NumberUnit
    stricter: Stricter
    is_safety: bool = False

    def holds(self, number: int) -> bool:
        return self.lowest <= number <= self.highest


_U, _LOWER, _HIGHER = NumberUnit, Stricter.LOWER, Stricter.HIGHER

BOUNDS: dict[str, Bound] = {
    "severe_min": Bound(4, 7, _U.SCORE, _LOWER, is_safety=True),
    "very_severe_min": Bound(7, 9, _U.SCORE, _LOWER, is_safety=True),
    "sleepless_min": Bound(6, 8, _U.SCORE, _LOWER, is_safety=True),
    "days_in_row": Bound(2, 5, _U.DAYS, _LOWER),
    "alt_days": Bound(2, 5, _U.DAYS, _LOWER),
    "alt_of_last": Bound(3, 7, _U.DAYS, _HIGHER),
    "alt_window_days": Bound(5, 14, _U.DAYS, _HIGHER),
    "medical_days": Bound(7, 28, _U.DAYS, _LOWER),
    "medical_contacts": Bound(1, 4, _U.TIMES, _LOWER),
    "worse_points": Bound(1, 3, _U.POINTS, _LOWER),
    "worse_raised_points": Bound(1, 5, _U.POINTS, _LOWER),
    "worse_readings": Bound(2, 5, _U.READINGS, _LOWER),
    "worse_days_in_row": Bound(1, 3, _U.DAYS, _LOWER),
    "stops": Bound(1, 3, _U.TIMES, _LOWER),
    "stops_days": Bound(3, 14, _U.DAYS, _HIGHER),
    # Expected soreness takes days out of the count of severe ones, so it may hide less, never more.
    "sore_hours": Bound(24, 48, _U.HOURS, _LOWER, is_safety=True),
    "sore_max_rise": Bound(1, 3, _U.POINTS, _LOWER, is_safety=True),
    "sore_below": Bound(7, 9, _U.SCORE, _LOWER, is_safety=True),
    "sore_max_windows": Bound(0, 2, _U.TIMES, _LOWER, is_safety=True),
    "sore_windows_days": Bound(14, 28, _U.DAYS, _HIGHER, is_safety=True),
    "still_sore_hours": Bound(48, 96, _U.HOURS, _LOWER),
    "still_sore_until_hours": Bound(96, 336, _U.HOURS, _HIGHER),
    "week4_pct": Bound(5, 30, _U.PERCENT, _HIGHER),
    "week4_points": Bound(1, 2, _U.POINTS, _HIGHER),
    "week6_pct": Bound(20, 50, _U.PERCENT, _HIGHER),
    "week6_points": Bound(1, 3, _U.POINTS, _HIGHER),
    "week6_global_change": Bound(1, 4, _U.POINTS, _HIGHER),
    "adherence_pct": Bound(30, 80, _U.PERCENT, _HIGHER),
    "adherence_days": Bound(14, 28, _U.DAYS, _HIGHER),
    "average_days": Bound(5, 10, _U.DAYS, _HIGHER),
    "average_at_least": Bound(2, 4, _U.READINGS, _LOWER),
    # The calendar is searched 14 days ahead (judging.HORIZON_DAYS): no silence may be found later than that.
    "silent_days_severe": Bound(3, 10, _U.DAYS, _LOWER),
    "silent_days": Bound(7, 14, _U.DAYS, _LOWER),
    "non_adherence_days": Bound(7, 14, _U.DAYS, _LOWER),
    "better_pct": Bound(20, 50, _U.PERCENT, _LOWER),
    "better_points": Bound(1, 4, _U.POINTS, _LOWER),
    "well_max": Bound(0, 3, _U.SCORE, _HIGHER),
    "well_days": Bound(7, 28, _U.DAYS, _LOWER),
    "well_psfs_tenths": Bound(13, 40, _U.TENTHS, _LOWER),
    "judged_days": Bound(7, 14, _U.DAYS, _HIGHER),
    # Times may be made shorter. What is urgent, or about harm, never waits longer than the starter library says;
    # a routine answer may wait up to half as long again.
    "same_day_answer_hours": Bound(1, 4, _U.HOURS, _LOWER, is_safety=True),
    "within_days_answer_halves": Bound(1, 2, _U.HALF_DAYS, _LOWER, is_safety=True),
    "very_severe_answer_hours": Bound(1, 8, _U.HOURS, _LOWER, is_safety=True),
    "harm_answer_halves": Bound(1, 2, _U.HALF_DAYS, _LOWER, is_safety=True),
    "help_answer_halves": Bound(1, 2, _U.HALF_DAYS, _LOWER, is_safety=True),
    "stop_answer_halves": Bound(1, 2, _U.HALF_DAYS, _LOWER, is_safety=True),
    "medical_answer_halves": Bound(1, 6, _U.HALF_DAYS, _LOWER),
    "stays_answer_halves": Bound(1, 6, _U.HALF_DAYS, _LOWER),
    "worse_answer_halves": Bound(1, 9, _U.HALF_DAYS, _LOWER),
    "silent_answer_halves": Bound(1, 6, _U.HALF_DAYS, _LOWER),
    "emergency_remind_minutes": Bound(5, 30, _U.MINUTES, _LOWER, is_safety=True),
    "emergency_look_minutes": Bound(30, 240, _U.MINUTES, _LOWER, is_safety=True),
    "same_day_tier_2_minutes": Bound(15, 120, _U.MINUTES, _LOWER, is_safety=True),
    "same_day_tier_3_minutes": Bound(30, 240, _U.MINUTES, _LOWER, is_safety=True),
    "same_day_remind_minutes": Bound(15, 120, _U.MINUTES, _LOWER, is_safety=True),
    "same_day_look_minutes": Bound(30, 240, _U.MINUTES, _LOWER, is_safety=True),
    "urgent_tier_2_minutes": Bound(15, 240, _U.MINUTES, _LOWER, is_safety=True),
    "urgent_tier_3_minutes": Bound(30, 480, _U.MINUTES, _LOWER, is_safety=True),
    "urgent_remind_minutes": Bound(15, 240, _U.MINUTES, _LOWER, is_safety=True),
    "urgent_look_halves": Bound(1, 2, _U.HALF_DAYS, _LOWER, is_safety=True),
    "routine_tier_2_pct": Bound(10, 75, _U.PERCENT, _LOWER),
    "routine_tier_3_pct": Bound(20, 100, _U.PERCENT, _LOWER, is_safety=True),
    "routine_remind_halves": Bound(1, 3, _U.HALF_DAYS, _LOWER),
    "routine_look_halves": Bound(1, 6, _U.HALF_DAYS, _LOWER),
}
"""Every number of `Numbers`. For an offer, “stricter” means that it is made sooner."""

READ_BY: dict[Rule, tuple[str, ...]] = {
    Rule.RED_FLAG: ("same_day_answer_hours", "within_days_answer_halves"),
    Rule.VERY_SEVERE: ("very_severe_min", "sleepless_min", "very_severe_answer_hours"),
    Rule.ADVERSE_EVENT: ("harm_answer_halves",),
    Rule.ASKED_FOR_HELP: ("severe_min", "help_answer_halves"),
    Rule.SEVERE_14D: ("severe_min", "medical_days", "medical_contacts", "medical_answer_halves"),
    Rule.SEVERE_PERSISTENT: (
        "severe_min",
        "days_in_row",
        "alt_days",
        "alt_of_last",
        "alt_window_days",
        "stays_answer_halves",
    ),
    Rule.WORSENING: (
        "severe_min",
        "worse_points",
        "worse_raised_points",
        "worse_readings",
        "worse_days_in_row",
        "worse_answer_halves",
    ),
    Rule.IN_SESSION_STOP: ("stops", "stops_days", "stop_answer_halves"),
    Rule.SORENESS: (
        "severe_min",
        "sore_hours",
        "sore_max_rise",
        "sore_below",
        "sore_max_windows",
        "sore_windows_days",
        "still_sore_hours",
        "still_sore_until_hours",
    ),
    Rule.NO_IMPROVEMENT_6: ("week6_pct", "week6_points", "week6_global_change", "adherence_pct", "adherence_days"),
    Rule.NO_IMPROVEMENT_4: ("week4_pct", "week4_points", "adherence_pct", "adherence_days"),
    Rule.SILENT: ("severe_min", "silent_days_severe", "silent_days", "silent_answer_halves"),
    Rule.NON_ADHERENCE: ("severe_min", "adherence_pct", "non_adherence_days"),
    Rule.IMPROVEMENT: ("better_pct", "better_points", "average_days", "average_at_least"),
    Rule.DISCHARGE: ("well_max", "well_days", "well_psfs_tenths", "average_days", "average_at_least"),
}
"""The numbers each rule reads, the ones that say most first; a number may be read by several."""

TOLD_BY: dict[Urgency, tuple[str, ...]] = {
    Urgency.EMERGENCY_NOW: ("emergency_remind_minutes", "emergency_look_minutes"),
    Urgency.SAME_DAY: (
        "same_day_tier_2_minutes",
        "same_day_tier_3_minutes",
        "same_day_remind_minutes",
        "same_day_look_minutes",
    ),
    Urgency.URGENT: ("urgent_tier_2_minutes", "urgent_tier_3_minutes", "urgent_remind_minutes", "urgent_look_halves"),
    Urgency.ROUTINE: ("routine_tier_2_pct", "routine_tier_3_pct", "routine_remind_halves", "routine_look_halves"),
}
"""The numbers that say who is told when about a case of each urgency, the most urgent first."""

ANSWER_TIMES = frozenset(name for name in BOUNDS if "_answer_" in name)
"""How soon a case should be answered: the clinic's promise, the same for all its clients."""

SAFETY_RULES = frozenset({Rule.RED_FLAG, Rule.VERY_SEVERE, Rule.ADVERSE_EVENT, Rule.ASKED_FOR_HELP})
"""They can be made stricter, never looser and never be off."""

NO_MORE_THAN: tuple[tuple[str, str], ...] = (
    ("alt_days", "alt_of_last"),
    ("alt_days", "alt_window_days"),
    ("severe_min", "very_severe_min"),
    ("worse_points", "worse_raised_points"),
    ("sore_hours", "still_sore_hours"),
    ("still_sore_hours", "still_sore_until_hours"),
    ("week4_pct", "week6_pct"),
    ("average_at_least", "average_days"),
    ("same_day_tier_2_minutes", "same_day_tier_3_minutes"),
    ("urgent_tier_2_minutes", "urgent_tier_3_minutes"),
    ("routine_tier_2_pct", "routine_tier_3_pct"),
)
"""Pairs of which the first may not be above the second: else a part of the rule could never fire."""


class NumberFault(StrEnum):
    UNKNOWN = "unknown"
    NOT_WHOLE = "not_whole"
    OUTSIDE = "outside"
    ABOVE = "above"


@dataclass(frozen=True)
class NumberProblem:
    """What is wrong with one number; `other` is the number that it may not be above."""

    name: str
    fault: NumberFault
    other: str = ""


def problems_of(changed: Mapping[str, object], *, base: Numbers = DEFAULT_NUMBERS) -> list[NumberProblem]:
    """Everything that keeps these numbers, on top of `base`, from being a policy; empty when they may be used."""
    found = [problem for name, number in changed.items() if (problem := _problem_of(name, number))]
    if found:
        return found
    chosen = with_numbers(base, changed)
    return [
        NumberProblem(low, NumberFault.ABOVE, high)
        for low, high in NO_MORE_THAN
        if getattr(chosen, low) > getattr(chosen, high)
    ]


def _problem_of(name: str, number: object) -> NumberProblem | None:
    bound = BOUNDS.get(name)
    if bound is None:
        return NumberProblem(name, NumberFault.UNKNOWN)
    if not isinstance(number, int) or isinstance(number, bool):
        return NumberProblem(name, NumberFault.NOT_WHOLE)
    return None if bound.holds(number) else NumberProblem(name, NumberFault.OUTSIDE)


def with_numbers(base: Numbers, changed: Mapping[str, object]) -> Numbers:
    """`base` with these numbers in place of its own; call it with numbers that have no problem."""
    return replace(base, **changed)  # type: ignore[arg-type]


def own_numbers(chosen: Numbers, *, base: Numbers = DEFAULT_NUMBERS) -> dict[str, int]:
    """Only what differs from `base`: what a policy's row keeps."""
    return {name: getattr(chosen, name) for name in BOUNDS if _differs(name, chosen, base)}


def _differs(name: str, chosen: Numbers, base: Numbers) -> bool:
    return bool(getattr(chosen, name) != getattr(base, name))


@dataclass(frozen=True)
class Change:
    """One number that is another one now."""

    name: str
    before: int
    after: int

    @property
    def is_stricter(self) -> bool:
        lower = BOUNDS[self.name].stricter is Stricter.LOWER
        return (self.after < self.before) is lower


def changes_between(before: Numbers, chosen: Numbers) -> list[Change]:
    """What a policy changes, in the order of the numbers."""
    return [
        Change(name, getattr(before, name), getattr(chosen, name)) for name in BOUNDS if _differs(name, chosen, before)
    ]
