"""Cases through three tiers while sweepers are killed at every statement in turn, several at once.

At the end fifty people acknowledge the same case in the same moment, against a timer.
"""

import datetime as dt
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import OperationalError, connection  # noqa: E402

from accounts.people.actions import mark_needs_look  # noqa: E402
from accounts.people.models import Client  # noqa: E402
from accounts.post.models import Letter  # noqa: E402
from clinic.invariants import broken  # noqa: E402
from plans.followup.actions import (  # noqa: E402
    AlreadyAcknowledged,
    acknowledge_escalation,
    sweep_escalations,
    sweep_looks,
)
from plans.followup.models import Assessment, Escalation, EscalationEvent  # noqa: E402
from tests.clock import NOW  # noqa: E402
from tests.factories.journal import PainReportFactory, SessionFactory  # noqa: E402
from tests.factories.people import (  # noqa: E402
    CareRelationshipFactory,
    ClientFactory,
    ClinicFactory,
    MembershipFactory,
)

SEED = int(os.environ.get("SEED", "1"))
CASES = int(os.environ.get("CASES", "12"))
PEOPLE = int(os.environ.get("PEOPLE", "8"))
HOUR = dt.timedelta(hours=1)
ROUNDS = [NOW, NOW + 4 * HOUR, NOW + 8 * HOUR]
"""An urgent case: the first tier at once, the second after four hours, the third after eight."""
dice = random.Random(SEED)


def write_reports() -> None:
    clinic = ClinicFactory()
    MembershipFactory(clinic=clinic, is_owner=True, is_bodyworker=False)
    staff = [MembershipFactory(clinic=clinic) for _ in range(3)]
    for n in range(CASES):
        client = ClientFactory(clinic=clinic)
        CareRelationshipFactory(client=client, bodyworker=staff[n % 3])
        PainReportFactory(session=SessionFactory(client=client), score=9)
        mark_needs_look(client=client, now=NOW)


def child(work: Callable[[], object], *, dies_at: int | None = None) -> int:
    """A process that does this, and is killed at its n-th statement; answers its id."""
    connection.close()
    pid = os.fork()
    if pid:
        return pid
    left = dies_at

    def count(execute, sql, params, many, context):
        nonlocal left
        if left is not None:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    code = 3
    with connection.execute_wrapper(count):
        code = int(bool(work()))
    connection.close()
    os._exit(code)


def ends(pids: list[int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for pid in pids:
        _, status = os.waitpid(pid, 0)
        found["killed" if os.WIFSIGNALED(status) else f"ended {os.WEXITSTATUS(status)}"] += 1
    return found


def sweep(now: dt.datetime) -> int:
    sweep_looks(now=now, limit=10)
    sweep_escalations(now=now, limit=30)
    return 0


def main() -> int:
    call_command("migrate", verbosity=0)
    write_reports()
    killed = 0
    for now in ROUNDS:
        for _ in range(40):
            pids = [child(partial(sweep, now), dies_at=dice.randrange(120)) for _ in range(2)]
            found = ends([*pids, child(partial(sweep, now))])
            killed += found["killed"]
            waiting = Client.objects.needing_a_look().exists() or Escalation.objects.due(now).exists()
            if not waiting:
                break
        assert not waiting, "the engine did not get through"
    report(killed)
    acknowledge_together()
    found = [(one.invariant.id, one.rows) for one in broken(now=ROUNDS[-1])]
    assert found == [], found
    print("no case was missed, doubled or told out of order; one of many took it")
    return 0


def report(killed: int) -> None:
    cases = list(Escalation.objects.order_by("pk"))
    print(f"seed {SEED}: {len(cases)} cases, {killed} sweepers killed")
    assert killed >= 3, "too few were killed to prove anything"
    assert len(cases) == CASES
    assert Assessment.objects.count() == CASES
    assert sorted(case.number for case in cases) == list(range(1, CASES + 1))
    expected = [("raise", 0, NOW), ("tell", 1, NOW), ("tell", 2, ROUNDS[1]), ("tell", 3, ROUNDS[2])]
    for case in cases:
        events = EscalationEvent.objects.filter(escalation=case).order_by("sequence")
        told = [(event.act, event.tier, event.at) for event in events]
        assert told == [*expected, ("nobody", 3, ROUNDS[2])], (case.number, told)
        assert Letter.objects.about("escalation", [case.pk]).count() == 4, case.number


def take(pk: int, person: int, now: dt.datetime) -> int:
    """Exit 1 for the one who was first, 0 for those who were told so."""
    case = Escalation.objects.select_related("client").get(pk=pk)
    by = case.clinic.memberships.order_by("pk")[person % 4].user
    for _ in range(20):
        try:
            # With a time of one's own: without it, who has the case already may say so twice.
            acknowledge_escalation(escalation=case, by=by, now=now, follow_up_by=now + 24 * HOUR)
        except AlreadyAcknowledged:
            return 0
        except OperationalError:
            continue
        return 1
    return 2


def acknowledge_together() -> None:
    case, now = Escalation.objects.order_by("pk").first(), ROUNDS[-1] + 4 * HOUR
    assert case is not None
    people = [child(partial(take, case.pk, n, now)) for n in range(PEOPLE)]
    found = ends([*people, child(partial(sweep, now))])
    assert found["ended 1"] == 1, found
    case.refresh_from_db()
    assert case.state == "acknowledged"
    acts = list(case.events.filter(act="acknowledge"))
    assert len(acts) == 1
    assert not Letter.objects.about("escalation", [case.pk]).live().filter(created_at__lt=now).exists()
    for other in range(3):
        sweep(now + other * HOUR / 60)


if __name__ == "__main__":
    sys.exit(main())
