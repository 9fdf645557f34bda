"""The clock leaps two hours ahead, 400 days ahead or two hours back, and comes right again.

Workers live through it: each has its own stopwatch, as at work, and rings the clinic's own tasks at every moment of
virtual time. A leap of one round must change nothing at all. One that stands for half an hour is believed, for nobody
knows better: what it had written may be early, but nothing may sleep until that time comes.
"""

import datetime as dt
import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings
from django.db import OperationalError, connection

from accounts.people.models import Client, Membership
from accounts.post import querysets
from accounts.post import tasks as post
from accounts.post.models import Letter
from accounts.post.querysets import ClockInDoubt
from plans.followup import tasks as followup
from plans.followup.actions import close_review, resolve_escalation
from plans.followup.models import Escalation, Review
from plans.programs import tasks as programs
from tests.chaos.children import child, ends
from tests.chaos.figures import Figures
from tests.chaos.owed import Owed, compare, message_id_of
from tests.chaos.people import clinic_with
from tests.chaos.scenes import severe_reports
from tests.chaos.stage import FOLDER, Sink, copied, size
from tests.clock import NOW, TODAY, at
from tests.factories.journal import PainReportFactory, SessionFactory
from tests.factories.programs import PhaseFactory, PlannedSessionFactory, ProgramFactory, ProgramVersionFactory

CLIENTS, WORKERS = size("CLIENTS", 3), size("WORKERS", 2)
"""Clients who report severe pain, as many who are reminded, and as many who report after the leaps."""
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
STEP = 60 * MINUTE
SECOND_TIER, ANSWERED, REPORTED, ANSWERED_TOO, ENDS = 4 * 60, 6 * 60, 7 * 60, 12 * 60, 36 * 60
"""Minutes from NOW."""
REMINDED = at("2026-03-10", "18:30")
LEAPS = (30.5, 9 * 60 + 10, 9 * 60 + 40)
"""Minutes at which the clock is wrong for one round: in the morning, before the reminders, and after them."""
BELLS = (
    followup.sweep_looks,
    followup.sweep_nudges,
    followup.sweep_digests,
    programs.sweep_endings,
    followup.sweep_escalations,
    post.sweep_letters,
)
TIME = FOLDER / "time.json"


def main() -> None:
    sink, found = Sink(FOLDER), []
    with sink.serving(settings.EMAIL_PORT):
        for words, leap in (("2 hours ahead", 120), ("400 days ahead", 400 * 1440), ("2 hours back", -120)):
            with copied():
                found.append(Scene(sink, leap * MINUTE).play(f"the clock was {words} for a round, three times"))
        with copied():
            found.append(Scene(sink, 400 * DAY, stands=30).play("the clock was 400 days ahead for half an hour"))
    assert all(figures.is_good for figures in found), found


@dataclass
class Scene:
    """One clinic and its day and a half. `stands`: minutes for which the clock is wrong; 0 is one round."""

    sink: Sink
    leap: dt.timedelta
    stands: int = 0
    staff: list[Membership] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)
    came: dict[str, dt.datetime] = field(default_factory=dict)
    """The right time at which a letter was first in the sink."""
    early: set[str] = field(default_factory=set)
    """Letters that were written at the wrong time."""

    def play(self, fault: str) -> Figures:
        self.sink.begin()
        _, self.staff, self.clients = clinic_with(3, CLIENTS * 3)
        severe_reports(self.clients[:CLIENTS], [NOW] * CLIENTS)
        for client in self.clients[CLIENTS : 2 * CLIENTS]:
            is_reminded(client)
        with working(WORKERS) as ring:
            for minute, leap in self.moments():
                now = NOW + minute * MINUTE
                self.people_act(minute, now)
                ring(now, leap)
                self.look(now, is_wrong=bool(leap))
        return self.judge(fault, NOW + ENDS * MINUTE)

    def moments(self) -> list[tuple[float, dt.timedelta]]:
        """Minutes from NOW at which all is rung, and how far the clock is wrong then."""
        right = dict.fromkeys(range(0, ENDS + 1, STEP // MINUTE), dt.timedelta())
        if not self.stands:
            right |= dict.fromkeys([minute + 1 for minute in LEAPS], dt.timedelta())
            return sorted((right | dict.fromkeys(LEAPS, self.leap)).items())
        begins = LEAPS[0]
        wrong = {begins + n: self.leap for n in range(0, self.stands, 5)}
        back = {begins + self.stands + n: dt.timedelta() for n in (0, 5, 10, 15)}
        right = {minute: leap for minute, leap in right.items() if not begins < minute < begins + self.stands}
        return sorted((right | wrong | back).items())

    def people_act(self, minute: float, now: dt.datetime) -> None:
        if minute in {ANSWERED, ANSWERED_TOO}:
            for case in Escalation.objects.live():
                resolve_escalation(escalation=case, outcome="called", note="", by=self.staff[0].user, now=now)
            for review in Review.objects.open():
                close_review(review=review, by=self.staff[0].user, now=now)
        if minute == REPORTED:
            severe_reports(self.clients[2 * CLIENTS :], [now] * CLIENTS)

    def look(self, now: dt.datetime, *, is_wrong: bool) -> None:
        for name in self.sink.counts():
            self.came.setdefault(name, now)
        if is_wrong:
            ahead = Letter.objects.filter(created_at__gt=now + DAY)
            self.early |= set(ahead.values_list("message_id", flat=True))

    def judge(self, fault: str, now: dt.datetime) -> Figures:
        owed, due = Owed(), {}
        for first, minute, answered in ((0, 0, ANSWERED), (2 * CLIENTS, REPORTED, ANSWERED_TOO)):
            reported = Escalation.objects.filter(client__in=self.clients[first : first + CLIENTS], family="severe")
            for case in reported.select_related("client"):
                self.owe_case(case, owed, due, minute, answered)
        for client in self.clients[CLIENTS : 2 * CLIENTS]:
            for n in range(2):
                owe(
                    owed, due, f"nudge:{client.pk}:{TODAY + n * DAY}", client.email, at("2026-03-10", "18:30") + n * DAY
                )
        return self.compared(fault, owed, due, now)

    def owe_case(self, case: Escalation, owed: Owed, due: dict[str, dt.datetime], minute: int, answered: int) -> None:
        """Told to the own bodyworker, four hours later to a colleague, and the client hears that it was seen."""
        own = case.client.care.get().bodyworker
        cover = next(member for member in self.staff[1:] if member.pk != own.pk)
        for tier, member in ((1, own), (2, cover)):
            when = NOW + (minute + (tier - 1) * SECOND_TIER) * MINUTE
            owe(owed, due, f"case:{case.pk}:1:{tier}:{member.pk}", member.user.email, when)
        owe(owed, due, f"case:{case.pk}:1:seen", case.client.email, NOW + answered * MINUTE)

    def compared(self, fault: str, owed: Owed, due: dict, now: dt.datetime) -> Figures:
        figures = Figures(
            fault, f"{len(self.clients)} clients, 36 virtual hours, {WORKERS} workers, {connection.vendor}"
        )
        if self.stands:
            later = Letter.objects.exclude(message_id__in=owed.letters.keys())
            for name, address in later.values_list("message_id", "address"):
                owed.may[name] = address
        compare(figures, owed, self.sink, now=now)
        late = {name: self.came[name] - when for name, when in due.items() if name in self.came}
        figures.latest = max(wait.total_seconds() for wait in late.values())
        if figures.latest > STEP.total_seconds() or figures.came_twice:
            figures.broken.append("a letter came late or twice")
        too_early = {name for name, wait in late.items() if wait < -MINUTE} - self.early
        if too_early or (self.early and not self.stands):
            figures.broken.append(f"{len(too_early)} letters came before their time, {len(self.early)} written then")
        figures.note = f"latest: after it was due, with a round every {STEP // MINUTE} min"
        if self.stands:
            figures.note += f"; {len(self.early)} letters were written early"
        figures.tell()
        return figures


def owe(owed: Owed, due: dict[str, dt.datetime], key: str, address: str, when: dt.datetime) -> None:
    owed.owe(key, to=address)
    due[message_id_of(key)] = when


def is_reminded(client: Client) -> None:
    """A program for longer than the clock leaps, a session each day, and a mild word yesterday."""
    yesterday = NOW - DAY
    session = SessionFactory(client=client, performed_at=yesterday, local_on=yesterday.date())
    PainReportFactory(session=session, score=3)
    program = ProgramFactory(client=client, starts_on=TODAY, ends_on=TODAY + 500 * DAY)
    phase = PhaseFactory(version=ProgramVersionFactory(program=program))
    for n in range(3):
        PlannedSessionFactory(phase=phase, on=TODAY + n * DAY)


@contextmanager
def working(count: int) -> Iterator:
    """Workers that live; answers what rings all bells in each of them at a time, and waits for them."""
    rung = 0

    def ring(now: dt.datetime, leap: dt.timedelta) -> None:
        nonlocal rung
        rung += 1
        say({"n": rung, "clock": (now + leap).isoformat(), "stopwatch": (now - NOW).total_seconds()})
        while any(not (FOLDER / f"done-{rung}-{n}").exists() for n in range(count)):
            time.sleep(0.01)

    say({"n": 0})
    for file in FOLDER.glob("done-*"):
        file.unlink()
    pids = [child(lambda n=n: work(n)) for n in range(count)]
    try:
        yield ring
    finally:
        say({"n": -1})
        ends(pids)


def say(words: dict[str, object]) -> None:
    half = TIME.with_suffix(".half")
    half.write_text(json.dumps(words))
    half.rename(TIME)


def work(number: int) -> int:
    """A worker: the machine's clock is the play's, for none of ours can be set."""
    moment = {"n": 0}
    clock = lambda: dt.datetime.fromisoformat(str(moment["clock"]))  # noqa: E731
    querysets.stopwatch = lambda: moment["stopwatch"]
    for module in (querysets, post, followup, programs):
        module.database_now = clock
    while moment["n"] >= 0:
        said = json.loads(TIME.read_text())
        if said["n"] == moment["n"]:
            time.sleep(0.01)
            continue
        moment = said
        if moment["n"] > 0:
            ring_all()
            (FOLDER / f"done-{moment['n']}-{number}").touch()
    return 0


def ring_all() -> Counter[str]:
    ends_of: Counter[str] = Counter()
    for bell in BELLS:
        try:
            bell.run()
        except ClockInDoubt:
            ends_of["in doubt"] += 1
        except OperationalError:  # SQLite: somebody else has been writing for too long
            connection.close()
    return ends_of
