"""Where does a day or a score lie in a picture?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

TOP_SCORE = 10
LEAST_TOP = 18
Say = Callable[[str], str]
DayWords = Callable[[date], str]
Place = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """The picture's size and margins in its own units; text is not scaled, so a phone has a frame of its own."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    dot: float
    day_marks: int
    suffix: str = ""

    def without_headroom(self) -> "Frame":
        """The same picture without the room above it where changes of the program are named."""
        return replace(self, top=LEAST_TOP, height=self.height - self.top + LEAST_TOP)


WIDE = Frame(width=720, height=366, left=26, right=84, top=56, bottom=62, dot=4.6, day_marks=6)
PHONE = Frame(width=318, height=330, left=24, right=78, top=50, bottom=58, dot=5, day_marks=3, suffix=" chart--phone")


def short_day(on: date) -> str:
    """“14 Mar”: English, for a caller that has no other words."""
    return f"{on.day} {on:%b}"


@dataclass(frozen=True)
class Axes:
    """Where a day and a score lie in a frame."""

    frame: Frame
    first: date
    last: date

    @property
    def per_day(self) -> float:
        inner = self.frame.width - self.frame.left - self.frame.right - 26
        return inner / max((self.last - self.first).days, 1)

    @property
    def end(self) -> int:
        return self.frame.width - self.frame.right

    def x(self, on: date) -> float:
        return self.frame.left + 13 + (on - self.first).days * self.per_day

    def y(self, score: float) -> float:
        high = self.frame.height - self.frame.top - self.frame.bottom
        return self.frame.top + (TOP_SCORE - score) / TOP_SCORE * high

    def shows(self, on: date) -> bool:
        return self.first <= on <= self.last


def points(places: Sequence[Place]) -> str:
    """The `points` of a polyline."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
