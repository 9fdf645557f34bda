"""What clients of the simulation are like: who never writes, who writes after the reminder, and who gets worse."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.post.rules import zone_of

from .reference import Case
from .surgery import ZONES

EVENING = dt.time(20, 15)
"""Reminders leave at half past six and there is a round every 105 minutes: whoever writes now has had theirs."""


LONG = dt.timedelta(days=4)


@dataclass(frozen=True)
class Habits:
    """`never` leaves every reminder unanswered; `in_the_evening` answers each on its day."""

    never: str
    in_the_evening: str

    @classmethod
    def thrown(cls, dice: random.Random) -> "Habits":
        return cls(*dice.sample(list(ZONES), 2))

    def writes(
        self, cases: Sequence[Case], wrote_at: Mapping[str, dt.datetime], now: dt.datetime, dice: random.Random
    ) -> tuple[str, bool]:
        """Who logs now, at no time of their own, and whether it is because what they have told has become worse.

        Nobody who wrote once is silent for a week: that is the calendar's rule, of which the reference knows nothing.
        """
        quiet = [name for name, at in wrote_at.items() if now - at > LONG]
        if quiet:
            return min(quiet, key=lambda name: wrote_at[name]), False
        told = [
            case.client for case in cases if case.urgency == "routine" and case.state in {"notified", "acknowledged"}
        ]
        if told and dice.random() < 0.4:
            return dice.choice(told), True
        return dice.choice([name for name in ZONES if name not in {self.never, self.in_the_evening}]), False

    def evening_after(self, begins: dt.datetime, dice: random.Random) -> dt.datetime:
        """When the client who writes in the evening does so within the day from then on."""
        local = begins.astimezone(zone_of(ZONES[self.in_the_evening]))
        evening = dt.datetime.combine(local.date(), EVENING, local.tzinfo)
        if evening <= local:
            evening = dt.datetime.combine(local.date() + dt.timedelta(days=1), EVENING, local.tzinfo)
        return evening.astimezone(dt.UTC) + dice.randrange(40) * dt.timedelta(minutes=1)
