"""A rehearsal as a strip of days: on which of them would a case have opened, and was one opened really?"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from plans.followup.actions import Opened

LABEL_EVERY = 7


@dataclass
class StripDay:
    """Cases of one day: opened by both, only with the numbers tried, and only really.

    A case that both open may have come a day apart: it stands where the numbers tried would have opened it.
    """

    on: dt.date
    both: int = 0
    new: int = 0
    gone: int = 0
    is_labelled: bool = False

    @property
    def cases(self) -> int:
        return self.both + self.new + self.gone


def strip_of(opened: Iterable[Opened], *, days: int, now: dt.datetime) -> list[StripDay]:
    """One for each of the last `days` days and today, oldest first, in the active zone."""
    today = timezone.localdate(now)
    found = defaultdict(list)
    for each in opened:
        found[timezone.localdate(each.at)].append(each)
    strip = []
    for ago in range(days, -1, -1):
        day = StripDay(today - dt.timedelta(days=ago), is_labelled=ago % LABEL_EVERY == 0)
        for each in found[day.on]:
            day.both += each.finding is not None and each.real is not None
            day.new += each.real is None
            day.gone += each.finding is None
        strip.append(day)
    return strip
