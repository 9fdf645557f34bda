"""Does every question that the engine or a page asks again and again go by an index?

A test's tables are small, and a small table is read whole whatever its indexes. So reading whole is made
dear (`enable_seqscan = off`): PostgreSQL then does it only where it has no other way. And as a whole table
can also be read along the index of its key, each question names the index that it must go by.
"""

import pytest
from django.db import connection

from accounts.people.models import Client
from accounts.post.actions import deliver_due, expire_letters, recover_letters
from accounts.post.models import Letter
from plans.followup.actions import sweep_looks
from plans.followup.models import Escalation, Watch
from plans.journal.models import PainReport, Session
from plans.programs.models import PlannedSession

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="asks PostgreSQL for its plans: DATABASE_URL"),
]
LARGE = (
    "people_client",
    "journal_session",
    "journal_painreport",
    "followup_watch",
    "followup_escalation",
    "post_letter",
    "programs_plannedsession",
)


@pytest.fixture
def dear(db):
    """Reading a table whole is the last resort, for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")


class Explaining:
    """Asks for the plan of every statement just before it runs."""

    def __init__(self):
        self.plans = []

    def __call__(self, execute, sql, params, many, context):
        if sql.lstrip().startswith(("SELECT", "UPDATE", "DELETE")):
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                self.plans.append("\n".join(row[0] for row in cursor.fetchall()))
        return execute(sql, params, many, context)


def plan_of(question):
    """The plans of all statements of a question, one below the other."""
    explaining = Explaining()
    with connection.execute_wrapper(explaining):
        question()
    return "\n".join(explaining.plans)


def read_whole(plan):
    return [table for table in LARGE if f"Seq Scan on {table} " in plan + " "]


ENGINE = {
    "reports that came in": ("client_needs_look", lambda now: sweep_looks(now=now)),
    "watches that are due": ("watch_next_look", lambda now: list(Watch.objects.due(now)[:10])),
    "letters that are due": ("letter_due", lambda now: deliver_due(now=now)),
    "letters that come too late": ("letter_due", lambda now: expire_letters(now=now)),
    "letters whose sender ended": ("letter_leases", lambda now: recover_letters(now=now)),
    "cases that are due": ("escalation_next_action", lambda now: list(Escalation.objects.due(now)[:10])),
    "sessions of today": ("planned_on", lambda now: list(PlannedSession.objects.filter(on=now.date())[:10])),
}
OF_A_CLIENT = {
    "logs": lambda client: list(Session.objects.of(client).order_by("-performed_at")[:9]),
    "a log by its UUID": lambda client: Session.objects.of(client).filter(uuid=client.uuid).first(),
    "reports": lambda client: list(PainReport.objects.of(client).since(client.invited_at.date())),
    "planned sessions": lambda client: list(
        PlannedSession.objects.filter(client=client, on__gte=client.invited_at.date())
    ),
    "letters about them": lambda client: list(Letter.objects.about("nudge", [client.pk])),
    "live cases": lambda client: list(Escalation.objects.live().filter(client=client)),
}


@pytest.mark.parametrize("what", ENGINE)
def test_the_engine_finds_what_is_due_by_an_index(dear, cast, now, what):
    index, question = ENGINE[what]
    plan = plan_of(lambda: question(now))
    assert read_whole(plan) == []
    assert index in plan


@pytest.mark.parametrize("what", OF_A_CLIENT)
def test_what_belongs_to_one_client_is_found_by_an_index(dear, cast, what):
    """By which of two fitting indexes is the planner's to say: with next to no rows they cost the same."""
    plan = plan_of(lambda: OF_A_CLIENT[what](cast.client))
    assert read_whole(plan) == []
    assert "Index Cond: (" in plan


def test_a_clinics_clients_are_found_by_an_index(dear, cast):
    plan = plan_of(lambda: list(Client.objects.filter(clinic=cast.harbour).order_by("name")[:20]))
    assert read_whole(plan) == []
