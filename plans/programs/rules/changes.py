"""What may be changed in a running program, line by line, and within which bounds?"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

# Wide enough for every record of the starter library, narrow enough to catch a slip of the finger; seconds where _s.
BOUNDS: dict[str, tuple[int, int]] = {
    "sets": (1, 20),
    "reps": (1, 100),
    "hold_s": (1, 600),
    "duration_s": (5, 7200),
    "rest_s": (0, 600),
    "sessions_per_week": (1, 7),
}
MAY_BE_EMPTY = frozenset({"reps", "hold_s", "duration_s", "rest_s"})


class DosageOutOfRange(ValueError):
    """A number of a dosage that cannot be meant; `field` names it."""

    def __init__(self, field: str) -> None:
        low, high = BOUNDS.get(field, (0, 0))
        super().__init__(f"{field} is {low} to {high}" if high else f"a dosage has no field {field!r}")
        self.field = field
        self.low = low
        self.high = high


@dataclass(frozen=True)
class ChangeDose:
    """New numbers for one line; fields that are not named stay."""

    line: UUID
    dose: Mapping[str, int | None]

    def __post_init__(self) -> None:
        for field, value in self.dose.items():
            refuse_dose(field, value)


@dataclass(frozen=True)
class ChangeTechnique:
    """Another technique on one line, at that technique's own dosage."""

    line: UUID
    technique: str


@dataclass(frozen=True)
class TakeOut:
    line: UUID


@dataclass(frozen=True)
class AddTechnique:
    """One more technique at the end of the phase at `phase` (its position)."""

    phase: int
    technique: str
    sessions_per_week: int

    def __post_init__(self) -> None:
        refuse_dose("sessions_per_week", self.sessions_per_week)


Change = ChangeDose | ChangeTechnique | TakeOut | AddTechnique


def refuse_dose(field: str, value: int | None) -> None:
    """Raises DosageOutOfRange."""
    if value is None and field in MAY_BE_EMPTY:
        return
    low, high = BOUNDS.get(field, (0, -1))
    if value is None or not low <= value <= high:
        raise DosageOutOfRange(field)
