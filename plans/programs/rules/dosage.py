"""How much of a technique is asked, and how long does it take?"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

# Seconds for one slow repetition without a hold: it makes the library's own minutes come out.
SECONDS_PER_REP = 5


@dataclass(frozen=True)
class Dose:
    """Sets, repetitions, and seconds of hold, of work (per side when `per_side`) and of rest between sets."""

    sets: int = 1
    reps: int | None = None
    hold_s: int | None = None
    duration_s: int | None = None
    per_side: bool = False
    rest_s: int | None = None


DOSE_FIELDS = frozenset(field.name for field in fields(Dose))


def resolve_dose(technique: Dose, sets: int | None = None, override: Mapping[str, Any] | None = None) -> Dose:
    """The dose of one line of a template: `override` wins, then `sets`, then the technique's own.

    Raises ValueError when `override` names a field that a dose does not have.
    """
    unknown = sorted(set(override or {}) - DOSE_FIELDS)
    if unknown:
        raise ValueError(f"a dosage has no field {unknown[0]!r}")
    return Dose(**{**asdict(technique), **({"sets": sets} if sets else {}), **(override or {})})


def seconds_of(dose: Dose) -> int:
    """Seconds of one round of a technique, rests between sets and sides included."""
    if dose.duration_s:
        work = dose.duration_s
    elif dose.hold_s:
        work = dose.hold_s * (dose.reps or 1)
    else:
        work = SECONDS_PER_REP * (dose.reps or 0)
    rounds = max(1, dose.sets) * (2 if dose.per_side else 1)
    return rounds * work + (rounds - 1) * (dose.rest_s or 0)


def minutes_of(doses: Sequence[Dose]) -> int:
    """Whole minutes of a session, at least one when it asks for anything."""
    seconds = sum(seconds_of(dose) for dose in doses)
    return max(1, round(seconds / 60)) if doses else 0
