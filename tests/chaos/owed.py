"""What must have been sent, worked out from the scenario alone, and how the sink's own log compares with it.

Nothing here looks at the table of letters to decide what was owed; it is only asked, afterwards, whether
every hand-off without an answer stands in a row that a person can see.
"""

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass, field

from django.conf import settings

from accounts.post.models import Delivery, Incident, Letter
from clinic.invariants import broken
from tests.chaos.figures import Figures
from tests.chaos.stage import Sink


def message_id_of(key: str) -> str:
    """The one Message-ID that the letter with this key may ever have, worked out anew."""
    seal = hmac.new(settings.SECRET_KEY.encode(), f"message-id:{key}".encode(), hashlib.sha256).hexdigest()[:40]
    return f"<{seal}@{settings.MESSAGE_ID_DOMAIN}>"


@dataclass
class Owed:
    """Letters of a scenario by Message-ID; `gentle` ones may be uncertain instead of sent twice, `refused` ones
    must be dead and never come, and those that it `may` hold are second ways of late ones."""

    letters: dict[str, str] = field(default_factory=dict)
    gentle: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    may: dict[str, str] = field(default_factory=dict)

    def owe(self, key: str, *, to: str, gentle: bool = False) -> None:
        name = message_id_of(key)
        self.letters[name] = to
        if gentle:
            self.gentle.add(name)

    def allow(self, key: str, *, to: str) -> None:
        self.may[message_id_of(key)] = to


def compare(figures: Figures, owed: Owed, sink: Sink, *, now: dt.datetime) -> Figures:
    """Fill in what the sink and the audit say; prints what is wrong."""
    rows, counts = sink.rows(), sink.counts()
    uncertain = set(Letter.objects.filter(state="uncertain").values_list("message_id", flat=True))
    dead = set(Letter.objects.filter(state="dead").values_list("message_id", flat=True))
    ended = (owed.gentle & uncertain) | (owed.refused & dead)
    missing = [name for name in owed.letters if not counts[name] and name not in ended]
    known = owed.may | owed.letters
    strangers = {name for name in counts if name not in known or name in owed.refused}
    astray = [row for row in rows if row["id"] in known and row["to"] != known[row["id"]]]
    bodies = {(row["id"], row["body"]) for row in rows}
    figures.owed += len(owed.letters)
    figures.lost += len(missing)
    figures.second_ids += len(strangers) + len(astray) + len(bodies) - len(counts)
    figures.came_twice += sum(count - 1 for count in counts.values())
    gentle_twice = [name for name in owed.gentle if counts[name] > 1]
    ambiguous = Delivery.objects.filter(outcome="ambiguous").values_list("letter__message_id", flat=True)
    figures.ambiguous += sum(name in known for name in ambiguous)
    figures.unlisted += unlisted()
    figures.broken += audit(now)
    if gentle_twice:
        figures.broken.append(f"{len(gentle_twice)} reminders came twice")
    if not figures.is_good:
        print("missing", missing[:5], "strangers", sorted(strangers)[:5], "astray", astray[:5])
    return figures


def unlisted() -> int:
    """Hand-offs that are under way in no process and that no row says how they ended; uncertain letters
    without an incident."""
    hanging = Delivery.objects.filter(ended_at__isnull=True).count()
    told = Incident.objects.filter(letter__isnull=False).values("letter")
    return hanging + Letter.objects.filter(state__in=["uncertain", "dead"]).exclude(pk__in=told).count()


def audit(now: dt.datetime, *, but: frozenset[str] = frozenset()) -> list[str]:
    """The invariants that do not hold, by name; `but` names those that a play's short cuts break."""
    found = [one for one in broken(now=now) if one.invariant.id not in but]
    for one in found:
        print(f"{one.invariant.id}: not so that {one.invariant.statement}: {one.rows[:5]}")
    return sorted({one.invariant.id for one in found})
