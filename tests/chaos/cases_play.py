"""Very severe reports come in, and nobody answers: each case must be told to two tiers, in order and in time.

Sweepers run as they do at work, several at once, and are killed at random moments and random statements. The
clock is the real one from the first report on; then it jumps to the minute in which the second tier is due.
"""

import datetime as dt
import os
import random
import signal
import time
from functools import partial

from django.conf import settings
from django.db import connection

from accounts.people.models import Client
from accounts.post.actions import sweep_letters
from accounts.post.models import Letter
from plans.followup.actions import sweep_escalations, sweep_looks
from plans.followup.models import Escalation, EscalationEvent
from tests.chaos.children import Nowhere, child, ends, warm_up
from tests.chaos.figures import Figures
from tests.chaos.owed import Owed, compare
from tests.chaos.people import clinic_with
from tests.chaos.scenes import severe_reports
from tests.chaos.stage import FOLDER, Sink, size
from tests.chaos.sweeping import keep_sweeping, sweep_what_is_left
from tests.clock import NOW

SEED, CASES, KILLS = size("SEED", 1), size("CASES", 20), size("KILLS", 8)
RATE = size("RATE", 10)  # reports a second
SWEEPERS = size("SWEEPERS", 3)
SECOND_TIER = dt.timedelta(hours=4)  # of an urgent case (rules.json, urgencies)
IN_TIME = 60.0  # seconds


class Clock:
    """Real seconds, counted from a virtual moment."""

    def __init__(self, begins: dt.datetime) -> None:
        self.begins, self.real = begins, time.time()

    def now(self) -> dt.datetime:
        return self.of(time.time())

    def of(self, real: float) -> dt.datetime:
        return self.begins + dt.timedelta(seconds=real - self.real)


def write_reports() -> tuple[list[Client], list[dt.datetime]]:
    _, _, clients = clinic_with(3, CASES)
    arrivals = [NOW + dt.timedelta(seconds=n / RATE) for n in range(CASES)]
    severe_reports(clients, arrivals)
    return clients, arrivals


def phase(begins: dt.datetime, seconds: float, kills: int, dice: random.Random) -> tuple[Clock, int]:
    """Sweepers for so many seconds, one of them killed every now and then; answers how many were."""
    clock, killed = Clock(begins), 0
    stop = begins + dt.timedelta(seconds=seconds)
    start = partial(child, partial(keep_sweeping, lambda: clock.now() >= stop, clock.now))
    pids = [start(dies_at=dice.randrange(20, 400)) for _ in range(SWEEPERS)]
    for n in range(kills):
        time.sleep(seconds * 0.8 / kills)
        one = dice.randrange(SWEEPERS)
        killed += _kill(pids[one])
        pids[one] = start(dies_at=dice.randrange(20, 400) if n % 2 else None)
    return clock, killed + ends(pids)["killed"]


def _kill(pid: int) -> int:
    os.kill(pid, signal.SIGKILL)
    return ends([pid])["killed"]


def owed_by(clients: list[Client]) -> Owed:
    """One letter to the own bodyworker, one to the first colleague who is not that one."""
    owed = Owed()
    cases = dict(Escalation.objects.values_list("client_id", "pk"))
    carers = {client.pk: client.care.get().bodyworker for client in clients}
    everybody = sorted({carer.pk: carer for carer in carers.values()}.items())
    for client in clients:
        own = carers[client.pk]
        cover = next(carer for pk, carer in everybody if pk != own.pk)
        for tier, member in ((1, own), (2, cover)):
            owed.owe(f"case:{cases.get(client.pk)}:1:{tier}:{member.pk}", to=member.user.email)
    return owed


def out_of_order() -> int:
    """Cases that were not raised, told to the first and told to the second tier, each once and in this order."""
    wanted = [("raise", 0), ("tell", 1), ("tell", 2)]
    found = 0
    for case in Escalation.objects.all():
        events = EscalationEvent.objects.filter(escalation=case).order_by("sequence")
        found += list(events.values_list("act", "tier")) != wanted
    return found


def main() -> None:
    dice, sink = random.Random(SEED), Sink(FOLDER)
    clients, arrivals = write_reports()
    seconds = CASES / RATE
    warm_up(
        partial(sweep_looks, now=NOW, limit=1),
        partial(sweep_escalations, now=NOW),
        partial(sweep_letters, now=NOW, channel=Nowhere()),
    )
    tail = max(float(size("TAIL", 8)), min(30.0, seconds / 2))
    with sink.serving(settings.EMAIL_PORT):
        first, killed = phase(NOW, seconds + tail, KILLS // 2, dice)
        sweep_what_is_left(first.now())  # when the clock jumps it would be late, and take a second way
        # Counted from the case's own beginning: who was found late is told on as much later.
        last = (Escalation.objects.latest("opened_at").opened_at - arrivals[-1]).total_seconds()
        second, more = phase(NOW + SECOND_TIER, seconds + tail + max(0.0, last), KILLS - KILLS // 2, dice)
        now = sweep_what_is_left(second.now())
    killed += more
    owed = owed_by(clients)
    figures = Figures(
        "sweepers killed", f"{CASES:,} cases of two tiers, {killed} SIGKILLs, {connection.vendor}", owed=0
    )
    compare(figures, owed, sink, now=now)
    figures.latest = latest(sink, clients, arrivals, (first, second))
    missed = CASES - Escalation.objects.count()
    if missed or out_of_order():
        figures.broken.append(f"{missed} cases missed, {out_of_order()} out of order")
    if figures.latest > IN_TIME:
        figures.broken.append("a letter came more than 60 s after its time")
    figures.note = f"seed {SEED}"
    figures.tell()
    assert killed >= KILLS // 2, f"only {killed} were killed: too few to prove anything"
    assert Letter.objects.live().count() == 0
    assert figures.is_good, figures


def latest(sink: Sink, clients: list[Client], arrivals: list[dt.datetime], clocks: tuple[Clock, Clock]) -> float:
    """Seconds from the time a tier was due to the mail server's having its letter, the worst of all."""
    first: dict[str, float] = {}
    for row in sink.rows():
        first.setdefault(row["id"], float(row["at"]))
    due: dict[str, dt.datetime] = {}
    arrived = {client.pk: at for client, at in zip(clients, arrivals, strict=True)}
    cases = Escalation.objects.in_bulk()
    for letter in Letter.objects.filter(subject_kind="escalation"):
        case = cases[letter.subject_id]
        due[letter.message_id] = case.opened_at + SECOND_TIER if letter.tier == 2 else arrived[case.client_id]
    worst = 0.0
    for name, at in due.items():
        clock = clocks[at >= NOW + SECOND_TIER]
        if name in first:
            worst = max(worst, (clock.of(first[name]) - at).total_seconds())
    return worst
