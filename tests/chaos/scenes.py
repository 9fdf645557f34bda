"""Letters that a play finds waiting, and the rounds that carry them out."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.people.models import Client, Clinic, Membership
from accounts.post.actions import queue_letter, sweep_letters
from accounts.post.models import Incident, Letter
from tests.chaos.owed import Owed
from tests.chaos.people import clinic_with
from tests.factories.journal import PainReportFactory, SessionFactory

ROUND = dt.timedelta(seconds=61)  # longer than a lease, so that each round finds what the last one lost


@transaction.atomic
def write_letters(owed: Owed, count: int, *, now: dt.datetime, tag: str = "") -> tuple[Clinic, list[Membership]]:
    """Two of three are about cases and must arrive; the third is a reminder and may be uncertain instead.

    A new clinic each time, whose owner comes first; `tag` keeps the keys of several apart.
    """
    clinic, staff, clients = clinic_with(4, count // 3)
    for n, client in enumerate(clients):
        what = {"audience": "client", "client": client, "subject_kind": "nudge", "subject_id": client.pk}
        key = f"{tag}nudge:{n}"
        queue_letter(clinic=clinic, kind="session-ready", due_at=now, dedupe_key=key, now=now, **what)
        owed.owe(key, to=client.email, gentle=True)
    for n in range(count - len(clients)):
        member, key = staff[n % len(staff)], f"{tag}case:{n}"
        what = {"audience": "staff", "membership": member, "subject_kind": "escalation", "subject_id": n}
        queue_letter(clinic=clinic, kind="case-opened", due_at=now, dedupe_key=key, now=now, **what)
        owed.owe(key, to=member.user.email)
        owed.allow(f"{key}:second", to=staff[0].user.email)
    return clinic, staff


@transaction.atomic
def severe_reports(clients: Sequence[Client], arrivals: Sequence[dt.datetime]) -> None:
    """A check-in of 9 of each of them, come in at these times and not read yet."""
    for client, at in zip(clients, arrivals, strict=True):
        PainReportFactory(session=SessionFactory(client=client, performed_at=at), score=9)
        client.needs_look_since = at
    Client.objects.bulk_update(clients, ["needs_look_since"], batch_size=200)


def allow_incidents(owed: Owed, clinic: Clinic, owner: Membership) -> None:
    """The owner is told of each incident, by letter too."""
    for incident in Incident.objects.filter(clinic=clinic):
        owed.allow(f"incident:{incident.pk}:{owner.pk}", to=owner.user.email)


def carry_out(now: dt.datetime, *, every: dt.timedelta = ROUND, most: int = 300) -> dt.datetime:
    """Rounds until no letter waits; answers the time of the last. Raises AssertionError where some wait for ever."""
    for _ in range(most):
        sweep_letters(now=now)
        if not Letter.objects.live().exists():
            return now
        now += every
    raise AssertionError(f"still waiting: {list(Letter.objects.live().values('dedupe_key', 'state', 'reason')[:5])}")
