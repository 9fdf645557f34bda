"""A backup is taken, the clinic goes on for some hours, and the backup is put back.

It knows nothing of what left since. Nothing may leave it until a person says so; then what the lost hours had sent
goes again under the Message-IDs and with the words it had, and what is new under IDs that nobody has seen.
"""

import datetime as dt
from collections.abc import Sequence
from functools import partial

from django.conf import settings
from django.db import connection

from accounts.people.models import Client, Clinic, Membership
from accounts.post.actions import hold_letters, lift_stop, sweep_letters
from plans.followup.actions import sweep_escalations, sweep_looks
from plans.followup.models import Escalation
from tests.chaos.children import child, ends
from tests.chaos.figures import Figures
from tests.chaos.owed import Owed, compare
from tests.chaos.people import clinic_with
from tests.chaos.scenes import carry_out, severe_reports, write_letters
from tests.chaos.stage import FOLDER, Sink, copied, size
from tests.clock import NOW

LETTERS, THIRDS = size("LETTERS", 12), size("THIRDS", 2)
CASES = 3 * THIRDS  # so that a lost case and the new one in its place have the same bodyworker
LATER, RESTORED, RELEASED = (NOW + dt.timedelta(hours=n) for n in (1, 2, 3))
"""All of it before a second tier is due."""


def main() -> None:
    owed, again, sink = Owed(), Owed(), Sink(FOLDER)
    with sink.serving(settings.EMAIL_PORT):
        clinics = [write_letters(owed, LETTERS, now=NOW, tag="before:")]
        clinic, (owner, *carers), clients = clinic_with(3, CASES * 3)
        clinics.append((clinic, [owner, *carers]))
        first, lost, new = clients[:CASES], clients[CASES : CASES * 2], clients[CASES * 2 :]
        open_cases(first, owed, owner, now=NOW)
        clinics.append(write_letters(again, LETTERS, now=LATER, tag="after:"))
        with copied():  # the hours that will be lost
            open_cases(lost, owed, owner, now=LATER)
        went = sink.counts()
        hold_letters(reason="a backup was put back", now=RESTORED)
        severe_reports(new, [RESTORED] * CASES)
        for minutes in range(0, 60, 10):
            ends([child(partial(ring, RESTORED + dt.timedelta(minutes=minutes))) for _ in range(3)])
        left = sum((sink.counts() - went).values())
        owe_first_tier(again, new, owner)
        now = release(clinics)
    owed.letters |= again.letters
    # A reminder of the lost hours comes twice too: a person has said so, and it is one letter to whoever reads mail.
    owed.may |= again.may
    figures = Figures(
        "an old backup was put back", f"{len(owed.letters):,} letters, {CASES * 3} cases, {connection.vendor}"
    )
    compare(figures, owed, sink, now=now)
    if left:
        figures.broken.append(f"{left} letters left before anybody released them")
    if figures.came_twice != LETTERS or len(went) != 2 * LETTERS + 2 * CASES:
        figures.broken.append(f"{figures.came_twice} went again, {len(went)} before")
    figures.note = f"{left} left before they were released; what the lost hours had sent went again"
    figures.tell()
    assert figures.is_good, figures


def ring(now: dt.datetime) -> int:
    sweep_looks(now=now)
    sweep_escalations(now=now)
    sweep_letters(now=now)
    return 0


def open_cases(clients: Sequence[Client], owed: Owed, owner: Membership, *, now: dt.datetime) -> None:
    """Each of them reports severe pain, and all letters that are due leave."""
    severe_reports(clients, [now] * len(clients))
    ring(now)
    carry_out(now)
    owe_first_tier(owed, clients, owner)


def owe_first_tier(owed: Owed, clients: Sequence[Client], owner: Membership) -> None:
    """One letter to the own bodyworker; held for long, its owner is written to as well."""
    for case in Escalation.objects.filter(client__in=clients):
        own = case.client.care.get().bodyworker
        owed.owe(f"case:{case.pk}:1:1:{own.pk}", to=own.user.email)
        owed.allow(f"case:{case.pk}:1:1:{own.pk}:second", to=owner.user.email)


def release(clinics: Sequence[tuple[Clinic, Sequence[Membership]]]) -> dt.datetime:
    for clinic, (owner, *_) in clinics:
        lift_stop(clinic=clinic, by=owner.user, now=RELEASED)
    return carry_out(RELEASED)
