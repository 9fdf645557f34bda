"""Is what the clock says to be believed? A process's own stopwatch must have run as far as the clock has."""

from dataclasses import dataclass

STRAYS = 300.0
"""Seconds that clock and stopwatch may differ from one look to the next; people are as well served by either."""
STANDS = 600.0
"""Seconds that a new time must stand before it is taken for right: nobody knows better, and cases wait."""


@dataclass
class Clock:
    """What one process knows of the time. `ahead`: how far the clock was ahead of the stopwatch when it was right."""

    ahead: float | None = None
    doubted: float | None = None
    doubted_since: float = 0.0

    def is_right(self, *, says: float, stopwatch: float) -> bool:
        """`says` is the clock's time and `stopwatch` what no clock's change moves, both in seconds.

        The first look of a process believes what it sees. A leap is doubted until the clock is back, or until
        the new time has stood for ten minutes.
        """
        ahead = says - stopwatch
        if self.ahead is not None and abs(ahead - self.ahead) > STRAYS:
            if self.doubted is None or abs(ahead - self.doubted) > STRAYS:
                self.doubted, self.doubted_since = ahead, stopwatch
            if stopwatch - self.doubted_since < STANDS:
                return False
        self.ahead, self.doubted = ahead, None
        return True
