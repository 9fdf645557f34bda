"""What a part of the benchmarks found, as one line of the report."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """`goal` is empty for a figure that is only there to be read."""

    goal: str
    words: str
    must: str
    found: str
    verdict: str


def verdict(is_met: bool) -> str:
    return "met" if is_met else "missed"
