"""From when to when may a program's first day be set?"""

import datetime as dt

# Our choice: a program that was begun in the room last week, and one that waits for the end of a long holiday.
EARLIEST_START_DAYS = 14
LATEST_START_DAYS = 90


class StartOutOfRange(ValueError):
    """The first day is too far back or too far ahead to be meant."""


def refuse_far_start(starts_on: dt.date, today: dt.date) -> None:
    """Both are days in the client's zone. Raises StartOutOfRange."""
    ahead = (starts_on - today).days
    if not -EARLIEST_START_DAYS <= ahead <= LATEST_START_DAYS:
        raise StartOutOfRange(f"{starts_on} is {ahead} days from {today}")
