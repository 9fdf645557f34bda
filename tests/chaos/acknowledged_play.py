"""Colleagues take cases at the very minute in which the next tier is told: each case is one or the other first.

Several processes take, each as another colleague and in another order; several move cases on and carry letters
out. A case is told to the second tier and then taken, or taken and then told to nobody any more.
"""

import datetime as dt
import json
import random
import time
from collections import Counter
from functools import partial

from django.conf import settings
from django.db import OperationalError, connection

from accounts.people.models import Client, Membership
from accounts.post.actions import sweep_letters
from accounts.post.models import Letter
from plans.followup.actions import AlreadyAcknowledged, acknowledge_escalation, sweep_escalations, sweep_looks
from plans.followup.models import Escalation, EscalationEvent
from tests.chaos.children import child, ends
from tests.chaos.figures import Figures
from tests.chaos.owed import Owed, compare, message_id_of
from tests.chaos.people import clinic_with
from tests.chaos.scenes import carry_out, severe_reports
from tests.chaos.stage import FOLDER, Sink, size
from tests.clock import NOW

SEED, CASES, PEOPLE = size("SEED", 1), size("CASES", 50), size("PEOPLE", 3)
MOVERS, STEPS = 3, 4
READS_FOR = 0.06  # seconds at most, before the button
SECOND_TIER = NOW + dt.timedelta(hours=4)  # of an urgent case (rules.json, urgencies)
TAKEN_AND_TOLD = [("raise", 0), ("tell", 1), ("tell", 2), ("acknowledge", 0)]
TAKEN = [("raise", 0), ("tell", 1), ("acknowledge", 0)]


def main() -> None:
    sink = Sink(FOLDER)
    _, staff, clients = clinic_with(PEOPLE, CASES)
    severe_reports(clients, [NOW] * CASES)
    with sink.serving(settings.EMAIL_PORT):
        sweep_looks(now=NOW)
        sweep_escalations(now=NOW)
        carry_out(NOW)
        cases = list(Escalation.objects.order_by("pk").values_list("pk", flat=True))
        assert len(cases) == CASES, len(cases)
        race = [partial(take, member, cases) for member in staff[1:]]
        ends([child(work) for work in [*race, *[partial(move, n) for n in range(MOVERS)]]])
        now = carry_out(SECOND_TIER)
        sweep_escalations(now=now + dt.timedelta(hours=1))
        now = carry_out(now + dt.timedelta(hours=1))
    figures = judge(sink, clients, staff, now)
    figures.tell()
    assert figures.is_good, figures


def take(member: Membership, cases: list[int]) -> int:
    """Every case, in an order of one's own; writes down which of them one was told to have."""
    dice = random.Random(SEED + member.pk)
    dice.shuffle(cases)
    mine, others = [], {}
    for pk in cases:
        time.sleep(dice.random() * READS_FOR)
        try:
            persistently(partial(acknowledge_escalation, escalation=Escalation(pk=pk), by=member.user, now=SECOND_TIER))
            mine.append(pk)
        except AlreadyAcknowledged as earlier:
            others[pk] = earlier.by.pk if earlier.by else None
    (FOLDER / f"taken-{member.pk}.json").write_text(json.dumps({"by": member.user_id, "mine": mine, "others": others}))
    return 0


def move(n: int) -> int:
    """What beat rings, all at once; the first of them in small steps, so that there is a race for each case."""
    while Escalation.objects.due(SECOND_TIER).exists():
        persistently(partial(sweep_escalations, now=SECOND_TIER, limit=STEPS if n else 1))
        persistently(partial(sweep_letters, now=SECOND_TIER, limit=STEPS))
    return 0


def persistently(work) -> None:
    while True:
        try:
            return work()
        except OperationalError:  # SQLite: somebody else has been writing for too long
            connection.close()


def judge(sink: Sink, clients: list[Client], staff: list[Membership], now: dt.datetime) -> Figures:
    owed, wrong = Owed(), Counter()
    answers = [json.loads(file.read_text()) for file in FOLDER.glob("taken-*.json")]
    taken_by = {pk: answer["by"] for answer in answers for pk in answer["mine"]}
    wrong["taken twice"] = sum(len(answer["mine"]) for answer in answers) - len(taken_by)
    wrong["taken by nobody"] = CASES - len(taken_by)
    for answer in answers:
        wrong["another was named first"] += sum(taken_by[int(pk)] != by for pk, by in answer["others"].items())
    carers = {client.pk: client.care.get().bodyworker for client in clients}
    counts, told_first = sink.counts(), 0
    for case in Escalation.objects.select_related("client"):
        own = carers[case.client_id]
        cover = next(member for member in staff[1:] if member.pk != own.pk)
        owed.owe(f"case:{case.pk}:1:1:{own.pk}", to=own.user.email)
        owed.owe(f"case:{case.pk}:1:seen", to=case.client.email)
        events = list(EscalationEvent.objects.filter(escalation=case).order_by("sequence"))
        acts, second = [(event.act, event.tier) for event in events], f"case:{case.pk}:1:2:{cover.pk}"
        wrong["out of order"] += acts not in (TAKEN, TAKEN_AND_TOLD)
        wrong["not in one sequence"] += [event.sequence for event in events] != list(range(1, len(events) + 1))
        wrong["held by another than who was told so"] += case.acked_by_id != taken_by.get(case.pk)
        if acts == TAKEN_AND_TOLD:
            told_first += 1
            owed.allow(second, to=cover.user.email)
            wrong["told, and neither sent nor taken back"] += not (
                counts[message_id_of(second)] or is_taken_back(second)
            )
    figures = Figures(
        "acknowledgements against the timer of the next tier",
        f"{CASES:,} cases, {PEOPLE} who take, {MOVERS} who tell, {connection.vendor}",
    )
    compare(figures, owed, sink, now=now)
    figures.broken += [f"{count} {what}" for what, count in wrong.items() if count]
    figures.note = f"{told_first:,} told first, {CASES - told_first:,} taken first; seed {SEED}"
    assert 0 < told_first < CASES, f"{told_first} told first: no race"
    return figures


def is_taken_back(key: str) -> bool:
    return Letter.objects.filter(dedupe_key=key, state="cancelled", reason="acknowledged").exists()
