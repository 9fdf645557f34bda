"""One log sent a thousand times at once, and the logs of forty days of many phones that come all at once.

Everything goes through the door that phones use, in several processes. The phones' logs are read while they come.
"""

import datetime as dt
import hashlib
import json
import random
import time
from collections import Counter
from functools import partial
from uuid import UUID, uuid4

from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client as Phone

from accounts.people.models import AuditEvent, Client
from accounts.post.actions import sweep_letters
from accounts.post.models import Letter
from accounts.post.querysets import database_now
from plans.followup.actions import sweep_escalations, sweep_looks
from plans.followup.models import Assessment, Escalation
from plans.journal.models import PainReport, Session
from tests.chaos.children import child, ends
from tests.chaos.figures import Figures
from tests.chaos.owed import Owed, compare
from tests.chaos.people import clinic_with
from tests.chaos.scenes import carry_out
from tests.chaos.stage import FOLDER, Sink, size
from tests.journal.logs import check_in

Log = tuple[int, UUID, dict[str, object]]
"""Whose, its UUID, and what it says."""
SEED, SAME, QUEUED, SENDERS = size("SEED", 1), size("SAME", 100), size("QUEUED", 60), size("SENDERS", 6)
OF_EACH, EVERY = 10, dt.timedelta(days=4)
COURSES = {
    "well all along": [3] * OF_EACH,
    "better since": [8] * 4 + [2] * (OF_EACH - 4),
    "bad of late": [2] * (OF_EACH - 1) + [9],
}
"""What each third of the phones has to say, the oldest first."""


def main() -> None:
    sink = Sink(FOLDER)
    with sink.serving(settings.EMAIL_PORT):
        found = [the_same(sink), forty_days(sink)]
    assert all(figures.is_good for figures in found), found


def the_same(sink: Sink) -> Figures:
    """One row, and every sending is answered with the same log."""
    _, _, (client,) = clinic_with(1, 1)
    uuid, body = uuid4(), check_in(4, performed_at=(database_now() - dt.timedelta(hours=1)).isoformat())
    share = SAME // SENDERS
    ends([child(partial(send_all, n, [(client.pk, uuid, body)] * share)) for n in range(SENDERS)])
    answers = [answer for n in range(SENDERS) for answer in answers_of(n)]
    statuses, texts = Counter(status for status, _ in answers), {text for _, text in answers}
    now = read_all(database_now())
    figures = Figures(
        "the same log many times at once",
        f"{len(answers):,} sendings, {SENDERS} processes, {connection.vendor}",
        "logs",
        owed=1,
    )
    compare(figures, Owed(), sink, now=now)
    rows = (Session.objects.filter(uuid=uuid), PainReport.objects.filter(session__uuid=uuid))
    audited = AuditEvent.objects.filter(verb="session_logged", subject_id__in=rows[0].values("pk"))
    counts = [*(row.count() for row in rows), audited.count()]
    if counts != [1, 1, 1] or len(texts) != 1 or statuses != {201: 1, 200: len(answers) - 1}:
        figures.broken.append(f"rows {counts}, answers {dict(statuses)}, {len(texts)} texts")
    figures.note = "one answered 201, all others 200, all with the same text"
    figures.tell()
    return figures


def forty_days(sink: Sink) -> Figures:
    """All are kept, each client is judged by how they are now, and nobody is written to about the past."""
    _, _, clients = clinic_with(3, QUEUED // OF_EACH)
    sink.begin()
    now = database_now()
    queues = {client.pk: queue_of(client, n, now) for n, client in enumerate(clients)}
    dice = random.Random(SEED)
    phones = [shuffled(list(queues.values())[n::SENDERS], dice) for n in range(SENDERS)]
    readers = [child(partial(read_until_over, FOLDER / "logs.over")) for _ in range(2)]
    ends([child(partial(send_all, n, logs)) for n, logs in enumerate(phones)])
    (FOLDER / "logs.over").touch()
    ends(readers)
    now = read_all(database_now())
    statuses = Counter(status for n in range(SENDERS) for status, _ in answers_of(n))
    owed, wrong = Owed(), Counter({f"answers {status}": count for status, count in statuses.items() if status != 201})
    for n, client in enumerate(clients):
        course = list(COURSES)[n % len(COURSES)]
        cases = list(Escalation.objects.filter(client=client))
        wrong["logs not kept"] += OF_EACH - Session.objects.filter(client=client).count()
        wrong["logs not judged"] += OF_EACH - judged(client)
        wrong["more than one case"] += len(cases) > 1
        if len(cases) > 1:
            print(course, [(case.rule, case.opened_at, case.readings) for case in cases])
        is_told = is_about_now(cases, queues[client.pk])
        wrong["no case about how they are now"] += course == "bad of late" and not is_told
        wrong["a case about nothing"] += course == "well all along" and bool(cases)
        for case in cases:
            own = client.care.get().bodyworker
            owed.owe(f"case:{case.pk}:1:1:{own.pk}", to=own.user.email)
            if case.generation > 1:  # it rose
                owed.owe(f"case:{case.pk}:{case.generation}:1:{own.pk}", to=own.user.email)
    figures = Figures(
        "phones send what they kept for 40 days", f"{QUEUED:,} logs, {len(clients)} phones, {connection.vendor}"
    )
    compare(figures, owed, sink, now=now)
    figures.broken += [f"{count} {what}" for what, count in wrong.items() if count]
    figures.note = f"{sum(statuses.values()):,} logs kept, {figures.owed} letters"
    figures.tell()
    return figures


def queue_of(client: Client, n: int, now: dt.datetime) -> list[Log]:
    """What this phone has kept, in the order in which it was written down."""
    scores = list(COURSES.values())[n % len(COURSES)]
    ats = [now - (OF_EACH - day) * EVERY + dt.timedelta(days=3) for day in range(OF_EACH)]
    more = {"sent_at": now.isoformat()}
    return [
        (client.pk, uuid4(), check_in(score, performed_at=at.isoformat(), **more))
        for score, at in zip(scores, ats, strict=True)
    ]


def judged(client: Client) -> int:
    return Assessment.objects.filter(client=client, trigger__startswith="session:").count()


def is_about_now(cases: list[Escalation], queue: list[Log]) -> bool:
    newest = Session.objects.filter(uuid=queue[-1][1]).values_list("pk", flat=True).first()
    return any(reading["session"] == newest for case in cases for reading in case.readings)


def shuffled(queues: list[list[Log]], dice: random.Random) -> list[Log]:
    """Phones that send at the same time, each its own logs in order."""
    left = [list(reversed(queue)) for queue in queues]
    return [dice.choice([queue for queue in left if queue]).pop() for _ in range(sum(map(len, left)))]


def send_all(number: int, logs: list[Log]) -> int:
    """One process of phones; writes down how each log was answered."""
    phones: dict[int, Phone] = {}
    answers = []
    for pk, uuid, body in logs:
        if pk not in phones:
            phones[pk] = Phone(HTTP_HOST="127.0.0.1")
            phones[pk].force_login(Client.objects.get(pk=pk).user)
        answer = phones[pk].put(f"/api/v1/sessions/{uuid}/", json.dumps(body), content_type="application/json")
        answers.append((answer.status_code, hashlib.sha256(answer.content).hexdigest()))
        if answer.status_code not in {200, 201}:
            print(answer.status_code, answer.content[:300], flush=True)
    (FOLDER / f"answers-{number}.json").write_text(json.dumps(answers))
    return 0


def answers_of(number: int) -> list[tuple[int, str]]:
    return [(status, text) for status, text in json.loads((FOLDER / f"answers-{number}.json").read_text())]


def read_until_over(over) -> int:
    while not over.exists():
        try:
            sweep_looks(now=database_now())
            sweep_escalations(now=database_now())
            sweep_letters(now=database_now())
        except OperationalError:  # SQLite: somebody else has been writing for too long
            connection.close()
        time.sleep(0.5)
    return 0


def read_all(now: dt.datetime) -> dt.datetime:
    """Everything that came is read, told and carried out."""
    sweep_looks(now=now)
    sweep_escalations(now=now)
    return carry_out(now) if Letter.objects.live().exists() else now
