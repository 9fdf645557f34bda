"""When does a program end by itself?"""

import datetime as dt

# The session of the last day can still be logged on the two days after it.
STILL_OPEN = dt.timedelta(days=2)


def is_long_over(ends_on: dt.date, *, today: dt.date) -> bool:
    """Is its last day so long ago that nothing of it is still to be logged? Both days are the client's own."""
    return today > ends_on + STILL_OPEN
