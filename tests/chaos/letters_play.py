"""Senders killed at every named point, several at once, against a real mail sink in a process of its own.

Prints what was lost, doubled and uncertain; fails when anything was lost or a letter has two Message-IDs.
"""

import datetime as dt
import os
import random
import signal
import sys
from collections import Counter
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from accounts.post.actions import queue_letter, sweep_letters  # noqa: E402
from accounts.post.delivery import Answer, EmailChannel  # noqa: E402
from accounts.post.models import Letter  # noqa: E402
from clinic.invariants import broken  # noqa: E402
from tests.chaos.stage import arrived, mail_sink  # noqa: E402
from tests.clock import NOW  # noqa: E402
from tests.factories.people import ClientFactory, ClinicFactory, MembershipFactory  # noqa: E402

FOLDER = Path(os.environ["PLAY_FOLDER"])
MAIL = FOLDER / "mail"
SEED = int(os.environ.get("SEED", "1"))
CASES = int(os.environ.get("CASES", "40"))
NUDGES = CASES // 2
ROUND = dt.timedelta(minutes=6)  # longer than a lease, so that each round finds what the last one lost
POINTS = ["claimed", "offered", "handed off", "given"]
SENDERS = 3


class Doomed(EmailChannel):
    """Dies without a word at one point of its n-th letter."""

    def __init__(self, point: str, at: int) -> None:
        super().__init__()
        self.point, self.left = point, at

    def _die_at(self, point: str) -> None:
        if point == self.point and self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def offer(self, *, address: str) -> None:
        self._die_at("claimed")
        super().offer(address=address)
        self._die_at("offered")

    def give(self, message: bytes) -> Answer:
        self._die_at("handed off")
        answer = super().give(message)
        self._die_at("given")
        self.left -= 1
        return answer


def write_letters() -> None:
    clinic = ClinicFactory()
    MembershipFactory(clinic=clinic, is_owner=True)
    staff = [MembershipFactory(clinic=clinic) for _ in range(4)]
    clients = [ClientFactory(clinic=clinic) for _ in range(4)]
    for n in range(CASES):
        queue_letter(
            clinic=clinic,
            kind="case-opened",
            audience="staff",
            membership=staff[n % 4],
            subject_kind="escalation",
            subject_id=n,
            due_at=NOW,
            dedupe_key=f"case:{n}",
            now=NOW,
        )
    for n in range(NUDGES):
        queue_letter(
            clinic=clinic,
            kind="session-ready",
            audience="client",
            client=clients[n % 4],
            subject_kind="nudge",
            subject_id=clients[n % 4].pk,
            due_at=NOW,
            dedupe_key=f"nudge:{n}",
            now=NOW,
        )


def sender(now: dt.datetime, channel: EmailChannel | None) -> int:
    """A process that carries some letters out; answers its id."""
    connection.close()
    pid = os.fork()
    if pid:
        return pid
    sweep_letters(now=now, limit=6, channel=channel)
    connection.close()
    os._exit(0)


def main() -> int:
    dice = random.Random(SEED)
    call_command("migrate", verbosity=0)
    write_letters()
    killed: Counter[str] = Counter()
    with mail_sink(settings.EMAIL_PORT, MAIL):
        now = NOW
        for n in range(200):
            point = POINTS[n % len(POINTS)]
            doomed = Doomed(point, dice.randrange(2)) if Letter.objects.waiting().exists() else None
            pids = [sender(now, doomed), *(sender(now, None) for _ in range(SENDERS - 1))]
            for pid in pids:
                _, status = os.waitpid(pid, 0)
                assert status in {0, signal.SIGKILL}, f"a sender ended with {status}"
                killed[point] += status == signal.SIGKILL
            now += ROUND
            if not Letter.objects.live().exists():
                break
    return report(killed)


def report(killed: Counter[str]) -> int:
    counts = Counter(message_id for message_id, _ in arrived(MAIL))
    kinds = dict(Letter.objects.values_list("message_id", "subject_kind"))
    states = Counter(Letter.objects.values_list("subject_kind", "state"))
    lost = [m for m, kind in kinds.items() if kind == "escalation" and not counts[m]]
    doubled = [m for m, count in counts.items() if count > 1]
    print(f"seed {SEED}: killed {dict(killed)}, states {dict(states)}, lost {len(lost)}, doubled {len(doubled)}")
    ambiguous = killed["handed off"] + killed["given"]
    assert set(counts) <= set(kinds), "a letter arrived under a Message-ID that is in no row"
    assert not lost, lost
    assert all(kinds[m] != "nudge" for m in doubled), "a reminder came twice"
    assert sum(count - 1 for count in counts.values()) <= killed["given"]
    assert states["nudge", "uncertain"] <= ambiguous
    assert {state for _, state in states} <= {"sent", "uncertain"}
    assert sum(killed.values()) >= len(POINTS), "too few were killed to prove anything"
    late = [(one.invariant.id, one.rows) for one in broken(now=NOW) if one.invariant.id in {"I8", "I9", "I10", "I11"}]
    assert not late, late
    print("no letter was lost, none has two Message-IDs, every ambiguous one is listed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
