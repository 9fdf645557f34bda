"""What did a rule find that opened no case, and should the client read of it today?"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from accounts.people.models import Client
from plans.followup.models import Assessment, Review
from plans.followup.rules import Opens, Rule
from plans.today.rules import ABOUT_A_PROGRAM, NOTE_OF_REVIEW, Note, note_of

# Expected soreness is over after two days: so long it is said, and no longer.
SORE_FOR = dt.timedelta(days=2)


@dataclass(frozen=True)
class NoteSeen:
    """A note with the figures in it."""

    note: Note
    params: dict[str, Any]

    @property
    def goes_first(self) -> bool:
        """What to do differently is read before the session; a word about the program after it."""
        return self.note not in ABOUT_A_PROGRAM


def note_for(client: Client, *, now: dt.datetime, is_running: bool, is_cared_for: bool) -> NoteSeen | None:
    """The client's one note of today, in two statements at most."""
    if is_cared_for:
        return None
    open_now = Review.objects.open().filter(client=client, rule__in=list(NOTE_OF_REVIEW))
    reviews = dict(open_now.values_list("rule", "params"))
    sore = is_expected_soreness(client, now=now)
    note = note_of(reviews, is_sore=sore, is_running=is_running, is_cared_for=is_cared_for)
    if note is None:
        return None
    return NoteSeen(note, next((params for rule, params in reviews.items() if NOTE_OF_REVIEW[rule] is note), {}))


def is_expected_soreness(client: Client, *, now: dt.datetime) -> bool:
    """Whether a log of the last two days was marked as the soreness that something new brings."""
    read = Assessment.objects.filter(client=client, judged_at__gt=now - SORE_FOR).values_list("findings", flat=True)
    return any(
        finding["rule"] == Rule.SORENESS and finding["opens"] == Opens.MARK for findings in read for finding in findings
    )
