"""Very severe reports, by the action that every form and the API call, and letters with a time of their own.

Each report opens a case that one bodyworker must be told of, once; nobody answers while a play lasts.
"""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import transaction

from accounts.people.models import Client, Membership
from accounts.post.actions import queue_letter
from accounts.post.models import Letter
from accounts.post.querysets import database_now
from plans.followup.models import Escalation, EscalationEvent
from plans.journal.actions import log_session
from plans.journal.models import Session
from plans.journal.rules import LogBody, LogSource, Moment, Report
from tests.chaos.figures import Figures
from tests.chaos.owed import Owed, compare, message_id_of
from tests.chaos.stage import Sink, wait_for

SCORE = 9
FAR = 1_000_000  # no case of a play has such an id


@dataclass
class Due:
    """What a play has brought about: logs that were accepted, and when each letter is due."""

    owed: Owed = field(default_factory=Owed)
    logs: dict[int, UUID] = field(default_factory=dict)
    reported: dict[int, dt.datetime] = field(default_factory=dict)
    at: dict[str, dt.datetime] = field(default_factory=dict)

    def report(self, client: Client, *, uuid: UUID | None = None) -> None:
        """One check-in; it counts once it was accepted."""
        now, uuid = database_now(), uuid or uuid4()
        log_session(client=client, body=severe(uuid, now), by=client.user, now=now, source=LogSource.API)
        self.accepted(client, uuid, now)

    def report_all(self, clients: Sequence[Client], *, rate: float, meanwhile: Callable[[], object] = bool) -> None:
        """So many reports a second; `meanwhile` is called many times a second."""
        began = time.monotonic()
        for n, client in enumerate(clients):
            while time.monotonic() - began < n / rate:
                meanwhile()
                time.sleep(0.02)
            self.report(client)

    def accepted(self, client: Client, uuid: UUID, at: dt.datetime) -> None:
        self.logs[client.pk], self.reported[client.pk] = uuid, at

    @transaction.atomic
    def spread_letters(self, staff: list[Membership], count: int, *, begins: dt.datetime, seconds: float) -> None:
        """So many letters to the staff, due evenly over the next seconds."""
        for n in range(count):
            member, key, due_at = staff[n % len(staff)], f"due:{n}", begins + dt.timedelta(seconds=n * seconds / count)
            what = {"audience": "staff", "membership": member, "subject_kind": "escalation", "subject_id": FAR + n}
            clinic = member.clinic
            queue_letter(clinic=clinic, kind="case-opened", due_at=due_at, dedupe_key=key, now=begins, **what)
            self.owed.owe(key, to=member.user.email)
            self.at[message_id_of(key)] = due_at

    def wait_until_told(self, sink: Sink, *, seconds: float, meanwhile: Callable[[], object] = bool) -> None:
        """Until the mail server has as many letters as there are, and no letter waits any more."""
        count = len(self.logs) + len(self.owed.letters)

        def all_is_told() -> bool:
            meanwhile()
            return len(sink.counts()) >= count and not Letter.objects.live().exists()

        wait_for(all_is_told, f"{count} letters leave", seconds)

    def figures(self, fault: str, scale: str, sink: Sink, *, in_time: float, now: dt.datetime | None = None) -> Figures:
        """Compared with the sink and audited; `in_time`: seconds that a letter may come after its time.

        `now`: the time of the last round, where a play went ahead of the clock.
        """
        figures = Figures(fault, scale)
        self.owe_first_words()
        compare(figures, self.owed, sink, now=now or database_now())
        figures.latest = self.latest(sink)
        figures.broken += self.wrong()
        if figures.latest > in_time:
            figures.broken.append(f"a letter came more than {in_time:.0f} s after its time")
        return figures

    def owe_first_words(self) -> None:
        """To each client's own bodyworker; the key of a letter names its case, so this comes last."""
        cases = dict(Escalation.objects.values_list("client_id", "pk"))
        for client in Client.objects.filter(pk__in=self.logs).prefetch_related("care__bodyworker__user"):
            own = client.care.get().bodyworker
            key = f"case:{cases.get(client.pk)}:1:1:{own.pk}"
            self.owed.owe(key, to=own.user.email)
            self.at[message_id_of(key)] = self.reported[client.pk]

    def latest(self, sink: Sink) -> float:
        """Seconds from its time to the mail server's having it, the worst of all that came."""
        first: dict[str, float] = {}
        for row in sink.rows():
            first.setdefault(row["id"], float(row["at"]))
        return max((first[name] - at.timestamp() for name, at in self.at.items() if name in first), default=0.0)

    def wrong(self) -> list[str]:
        """Accepted logs that are not there once, cases that were not raised once and told once."""
        found = []
        stored = dict(Session.objects.filter(client__in=self.logs).values_list("client_id", "uuid"))
        lost = [pk for pk, uuid in self.logs.items() if stored.get(pk) != uuid]
        if lost or Session.objects.count() != len(stored):
            found.append(f"{len(lost)} accepted logs lost, {Session.objects.count()} rows for {len(stored)} clients")
        events = EscalationEvent.objects.order_by("escalation", "sequence").values_list("escalation", "act", "tier")
        acts: dict[int, list[tuple[str, int]]] = {}
        for pk, act, tier in events:
            acts.setdefault(pk, []).append((act, tier))
        good = sum(each == [("raise", 0), ("tell", 1)] for each in acts.values())
        if not good == len(self.logs) == len(acts):
            found.append(f"{len(self.logs)} reports, {len(acts)} cases, {good} raised and told once")
        return found


def severe(uuid: UUID, now: dt.datetime) -> LogBody:
    return LogBody(uuid=uuid, program=None, performed_at=now, reports=(Report(Moment.CHECK_IN, SCORE),), can_wait=True)
