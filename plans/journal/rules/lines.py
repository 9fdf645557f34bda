"""From which scores is a log answered at once? The clinic's own numbers, as follow-up hands them down."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Lines:
    """Scores 0-10. From `severe` the client is asked whether it can wait; from `very_severe`, or `sleepless` after
    a night without sleep, the program rests and somebody is told.

    The starter library's numbers (design: cpk, boonstra-2016), which a clinic's rules may only make lower.
    """

    severe: int = 7
    very_severe: int = 9
    sleepless: int = 8


DEFAULT_LINES = Lines()


def lines_from(*layers: Mapping[str, object]) -> Lines:
    """The default with each layer on top. What is no score below the default is passed over: a line that was
    stored wrongly must not silence an answer."""
    found = asdict(DEFAULT_LINES)
    for layer in layers:
        found |= {name: line for name, line in layer.items() if name in found and _is_stricter(name, line)}
    return Lines(**found)


def _is_stricter(name: str, line: object) -> bool:
    highest: int = getattr(DEFAULT_LINES, name)
    return isinstance(line, int) and not isinstance(line, bool) and 0 < line <= highest
